"""The pages of definitions: what an administrator sees and does, from a draft to a published version."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.definitions.making import LIGHT, LIGHT_SOURCE, light_project, publish
from tests.matrix.making import text_of
from tests.workflows.strange import BREAKS, broken, strange
from tracker.definitions.models import DefinitionDraft, Publication
from tracker.definitions.operations.following import carry_out
from tracker.events import Event, Kind
from tracker.events import record as record_event
from tracker.matrix.definitions import get_definition, newest_definition
from tracker.matrix.models import DefinitionVersion, Record
from tracker.projects.models import Project
from workflows.editing import written
from workflows.loading import load_standard

CELL = "/cells/offer/strip"


@pytest.fixture
def client(browser: Browser, cast: Cast) -> FlaskClient:
    return browser.of(cast.admin)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The publications that would be carried out in the background."""
    ids: list[int] = []
    where = "tracker.definitions.views.publishing.start_in_background"
    monkeypatch.setattr(where, lambda _app, id, _user: ids.append(id))
    return ids


@pytest.fixture
def draft(session: Session, cast: Cast, client: FlaskClient) -> str:
    """The address of a draft of the light matrix."""
    publish(session, LIGHT_SOURCE, cast.admin)
    answer = client.post("/admin/matrix/drafts", data={"key": "light"})
    assert answer.status_code == 303
    return str(answer.location)


def version_in(page: str) -> str:
    found = re.search(r'name="(?:[\w.-]+-)?version"[^>]*value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def send(client: FlaskClient, page: str, action: str, prefix: str = "", **values: Any) -> Any:
    """Send one of a page's forms, with the draft's version as the page has it."""
    version = version_in(client.get(page).get_data(as_text=True))
    return client.post(
        action, data={f"{prefix}{name}": value for name, value in {"version": version, **values}.items()}
    )


def hint(**values: str) -> dict[str, str]:
    return {"kind": "tip", "department": "sales", "zh": "今天就问。", "en": "Ask today.", **values}


def source_of(session: Session) -> Any:
    session.expire_all()
    return session.scalars(select(DefinitionDraft).order_by(DefinitionDraft.id.desc())).first()


def test_the_list_names_every_version_with_who_published_it_and_why(
    session: Session, cast: Cast, client: FlaskClient
) -> None:
    publish(session, LIGHT_SOURCE, cast.admin, reason="For the small shops.")
    light_project(session, cast)
    page = client.get("/admin/matrix").get_data(as_text=True)
    said = text_of(page)
    assert "Standard matrix" in said and "Light matrix" in said
    assert "For the small shops." in said and f"/people/{cast.admin.id}" in page
    assert said.count("Version 1") == 2


def test_a_version_shows_all_its_cells_and_each_its_hints_and_tasks(client: FlaskClient) -> None:
    page = client.get("/admin/matrix/versions/standard/1").get_data(as_text=True)
    for cell in load_standard().cells:
        assert f'/admin/matrix/versions/standard/1/cells/{cell.phase}/{cell.step}"' in page
    one = text_of(client.get("/admin/matrix/versions/standard/1/cells/map/structure").get_data(as_text=True))
    for part in (*load_standard().cell("map", "structure").hints, *load_standard().cell("map", "structure").tasks):
        assert part.text.en in one.replace("&#39;", "'")
    assert client.get("/admin/matrix/versions/standard/9").status_code == 404
    assert client.get("/admin/matrix/versions/standard/1/cells/map/roof").status_code == 404
    yaml = client.get("/admin/matrix/versions/standard/1.yaml")
    assert yaml.get_data(as_text=True).startswith("#") and "standard-1.yaml" in yaml.headers["Content-Disposition"]


def test_only_one_draft_of_a_definition_is_open(session: Session, client: FlaskClient, draft: str) -> None:
    assert client.post("/admin/matrix/drafts", data={"key": "light"}).status_code == 422
    assert client.post("/admin/matrix/drafts", data={"key": "nowhere"}).status_code == 404
    version = version_in(client.get(draft).get_data(as_text=True))
    assert client.post(f"{draft}/discard", data={"version": version}).status_code == 303
    assert client.get(draft).status_code == 404
    assert client.post("/admin/matrix/drafts", data={"key": "light"}).status_code == 303
    kinds = session.scalars(select(Event.kind).where(Event.subject == "definition_draft").order_by(Event.id)).all()
    assert kinds == [Kind.DEFINITION_DRAFTED, Kind.DEFINITION_DISCARDED, Kind.DEFINITION_DRAFTED]


def test_hints_tasks_and_the_limit_of_a_cell_are_edited(session: Session, client: FlaskClient, draft: str) -> None:
    page = draft + CELL
    edits = [
        (f"{page}/limit", "", {"days": "9"}),
        (f"{page}/hints/H.offer.strip.1", "H.offer.strip.1-", hint()),
        (f"{page}/hints/new", "hint-new-", hint(en="And tomorrow.")),
        (f"{page}/hints/H.offer.strip.2", "H.offer.strip.2-", {"remove": "1"}),
        (f"{page}/tasks/new", "task-new-", {"department": "sales", "evidence": "note", "due_days": "5",
                                            "anchor": "arrival", "zh": "写下", "en": "Write it down"}),
        (f"{page}/tasks/T.offer.strip.1", "T.offer.strip.1-", {"remove": "1"}),
    ]  # fmt: skip
    for action, prefix, values in edits:
        plain = {name: value for name, value in values.items() if name == "remove"}
        version = version_in(client.get(page).get_data(as_text=True))
        form = {f"{prefix}{name}": value for name, value in {**values, "version": version}.items()} | plain
        assert client.post(action, data=form).status_code == 303, action
    from workflows.loading import load

    cell = load(source_of(session).source).cell("offer", "strip")
    assert cell.time_limit_days == 9
    assert [h.id for h in cell.hints] == [f"H.offer.strip.{n}" for n in (1, 3)]
    assert (cell.hints[0].text.en, cell.hints[0].kind, cell.hints[-1].text.en) == ("Ask today.", "tip", "And tomorrow.")
    assert [t.id for t in cell.tasks] == [f"T.offer.strip.{n}" for n in (2, 3)]
    assert (cell.tasks[-1].anchor, cell.tasks[-1].due_days) == ("arrival", 5)
    assert source_of(session).changes == 6
    told = session.scalars(select(Event.data).where(Event.kind == Kind.DEFINITION_EDITED).order_by(Event.id)).all()
    assert [data["target"] for data in told][:3] == ["offer/strip", "H.offer.strip.1", "H.offer.strip.3"]


def test_an_id_that_was_given_and_taken_back_is_not_given_again(
    session: Session, client: FlaskClient, draft: str
) -> None:
    page = draft + CELL
    assert send(client, page, f"{page}/hints/new", "hint-new-", **hint()).status_code == 303
    version = version_in(client.get(page).get_data(as_text=True))
    gone = {"remove": "1", "H.offer.strip.3-version": version}
    assert client.post(f"{page}/hints/H.offer.strip.3", data=gone).status_code == 303
    assert send(client, page, f"{page}/hints/new", "hint-new-", **hint()).status_code == 303
    assert "H.offer.strip.4" in source_of(session).source and "H.offer.strip.3" not in source_of(session).source


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"zh": ""}, "Write it in both languages."),
        ({"en": "   "}, "Write it in both languages."),
        ({"department": "kitchen"}, "Choose one of the values in the list."),
        ({"en": "x" * 601}, "At most"),
    ],
)
def test_what_is_not_accepted_comes_back_with_what_was_typed(
    session: Session, client: FlaskClient, draft: str, values: dict[str, str], said: str
) -> None:
    page = draft + CELL
    answer = send(client, page, f"{page}/hints/new", "hint-new-", **hint(**{"en": "Keep this.", **values}))
    assert answer.status_code == 422
    body = answer.get_data(as_text=True)
    assert said in body and values.get("en", "Keep this.") in body and values.get("zh", "今天就问。") in body
    assert source_of(session).changes == 0


def test_an_edit_on_an_older_state_of_the_draft_is_answered_with_409_and_keeps_the_words(
    session: Session, client: FlaskClient, draft: str
) -> None:
    page = draft + CELL
    old = version_in(client.get(page).get_data(as_text=True))
    assert client.post(f"{page}/limit", data={"days": "9", "version": old}).status_code == 303
    answer = client.post(
        f"{page}/hints/new", data={"hint-new-version": old, **{f"hint-new-{k}": v for k, v in hint().items()}}
    )
    assert answer.status_code == 409
    assert "Ask today." in answer.get_data(as_text=True)
    assert source_of(session).changes == 1
    assert client.post(f"{page}/limit", data={"days": "8", "version": old}).status_code == 409
    assert client.post(f"{draft}/discard", data={"version": old}).status_code == 409


def test_names_and_sentences_of_every_kind_are_edited(session: Session, client: FlaskClient, draft: str) -> None:
    for kind, key in (("phase", "find"), ("step", "strip"), ("exit", "X.find.decider"), ("route", "annual_order"),
                      ("entry", "E.find.confirmed"), ("category", "tiles"), ("rule", "G01")):  # fmt: skip
        page = f"{draft}/texts/{kind}"
        answer = send(client, page, f"{page}/{key}", f"{key}-", zh=f"新{kind}", en=f"New {kind}")
        assert answer.status_code == 303, kind
        assert f"New {kind}" in client.get(page).get_data(as_text=True)
    page = f"{draft}/texts/phase"
    answer = send(client, page, f"{page}/find", "find-", zh="", en="Only English")
    assert answer.status_code == 422 and "Only English" in answer.get_data(as_text=True)
    assert client.get(f"{draft}/texts/mood").status_code == 404
    assert send(client, page, f"{page}/nowhere", "nowhere-", zh="无", en="None").status_code == 404
    difference = text_of(client.get(f"{draft}/difference").get_data(as_text=True))
    assert "Only words (7)" in difference and "What changes how" not in difference


def test_the_difference_tells_behaviour_from_words(session: Session, client: FlaskClient, draft: str) -> None:
    assert "Nothing differs yet" in client.get(f"{draft}/difference").get_data(as_text=True)
    page = draft + CELL
    send(client, page, f"{page}/limit", days="9")
    send(client, f"{draft}/texts/phase", f"{draft}/texts/phase/find", "find-", zh="先找人", en="People first")
    said = text_of(client.get(f"{draft}/difference").get_data(as_text=True))
    assert "What changes how the matrix acts (1)" in said and "Only words (1)" in said
    assert "Find who decides" in said and "People first" in said


def test_the_dry_run_counts_and_publishing_lets_the_chosen_projects_follow(
    session: Session, cast: Cast, client: FlaskClient, draft: str, started: list[int]
) -> None:
    here = light_project(session, cast)
    elsewhere = light_project(session, cast, name="Elsewhere", phase="agree")
    page = draft + CELL
    version = version_in(client.get(page).get_data(as_text=True))
    form = {"remove": "1", "T.offer.strip.1-version": version}
    assert client.post(f"{page}/tasks/T.offer.strip.1", data=form).status_code == 303
    dry = client.get(f"{draft}/dry-run").get_data(as_text=True)
    assert "open projects: 2" in text_of(dry) and "T.offer.strip.1" in dry
    touched = client.get(f"{draft}/dry-run/light/1").get_data(as_text=True)
    assert here.name in touched and elsewhere.name not in touched
    version = version_in(dry)
    without_reason = client.post(f"{draft}/publish", data={"version": version, "follow": "light/1"})
    assert without_reason.status_code == 422 and "Say why" in without_reason.get_data(as_text=True)
    answer = client.post(f"{draft}/publish", data={"version": version, "follow": "light/1", "reason": "Too much work."})
    assert answer.status_code == 303
    publication = session.scalars(select(Publication).where(Publication.version == 2)).one()
    assert started == [publication.id] and publication.state == "running"
    waiting = client.get(str(answer.location)).get_data(as_text=True)
    assert "0 of 2 projects" in waiting and "every 1s" in waiting
    carry_out(session, publication, by=cast.admin, commit=session.commit)
    done = client.get(str(answer.location), headers=HTMX).get_data(as_text=True)
    assert "every 1s" not in done and "<html" not in done
    session.expire_all()
    assert (here.definition_version, elsewhere.definition_version) == (2, 2)
    assert [t.id for t in get_definition(session, "light", 2).cell("offer", "strip").tasks] == ["T.offer.strip.2"]
    assert client.get(f"/projects/{here.id}").status_code == 200
    assert client.get(draft).status_code == 404


def test_a_page_of_a_project_that_followed_still_shows_old_hints_and_evidence(
    session: Session, cast: Cast, browser: Browser, started: list[int]
) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)

    def away(data: Any) -> None:
        for cell in data["matrix"]["cells"]:
            if cell["cell"] == "offer/strip":
                cell["hints"], cell["tasks"] = [], []

    from tests.definitions.making import changed

    publish(session, changed(LIGHT_SOURCE, away), cast.admin, follow=[("light", 1)])
    session.refresh(project)
    assert project.definition_version == 2
    client = browser.of(cast.sales1)
    for address in (
        f"/projects/{project.id}",
        f"/projects/{project.id}/cells/offer/strip",
        f"/projects/{project.id}/phase",
    ):
        assert client.get(address).status_code == 200, address
    first, last = session.scalars(select(Record.id).order_by(Record.id)).all()
    for record_id, hint_id in ((first, "H.find.survey.1"), (last, "H.offer.strip.1")):
        page = client.get(f"/records/{record_id}").get_data(as_text=True)
        assert LIGHT.hint(hint_id).text.en in text_of(page)
    told = {"closed": ["T.offer.strip.1"], "progress": "strip", "rules": ["G15"]}
    record = session.get_one(Record, last)
    record_event(session, Kind.RECORD_LOGGED, record, by=cast.sales1, project_id=project.id, **told)
    session.commit()
    answer = client.get(f"/projects/{project.id}?logged={last}").get_data(as_text=True)
    assert LIGHT.task("T.offer.strip.1").text.en in text_of(answer)


def test_a_mapping_is_tried_out_and_what_is_wrong_in_it_stands_beside_it(
    session: Session, cast: Cast, client: FlaskClient, draft: str, started: list[int]
) -> None:
    light_project(session, cast)
    tried = client.get(f"{draft}/dry-run", query_string={"mapping": "phases: {offer: find}", "follow": "light/1"})
    assert tried.status_code == 200 and "open projects: 1" in text_of(tried.get_data(as_text=True))
    for wrong in ("phases: [", "moods: {a: b}", "- 1", "phases: {offer: 3}"):
        answer = client.get(f"{draft}/dry-run", query_string={"mapping": wrong})
        assert answer.status_code == 422 and "field-errors" in answer.get_data(as_text=True), wrong
    version = version_in(client.get(f"{draft}/dry-run").get_data(as_text=True))
    form = {"version": version, "reason": "x", "follow": "light/1", "mapping": "phases: {offer: nowhere}"}
    answer = client.post(f"{draft}/publish", data=form)
    assert answer.status_code == 422 and "nowhere" in answer.get_data(as_text=True)
    assert session.scalars(select(DefinitionVersion.version)).all() == [1] and started == []


def test_a_draft_that_somebody_changed_is_not_published_unseen(
    session: Session, client: FlaskClient, draft: str, started: list[int]
) -> None:
    version = version_in(client.get(f"{draft}/dry-run").get_data(as_text=True))
    send(client, draft + CELL, f"{draft}{CELL}/limit", days="9")
    answer = client.post(f"{draft}/publish", data={"version": version, "reason": "Seen something else."})
    assert answer.status_code == 409 and "Seen something else." in answer.get_data(as_text=True)
    assert session.scalars(select(DefinitionVersion.version)).all() == [1]


def test_a_file_with_faults_is_refused_with_all_of_them_and_cannot_be_published(
    session: Session, client: FlaskClient
) -> None:
    file = (io.BytesIO(written(broken()).encode()), "yard.yaml")
    answer = client.post("/admin/matrix/drafts/file", data={"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = client.get(str(answer.location)).get_data(as_text=True)
    assert f"Faults: {len(BREAKS)}" in text_of(page)
    for fault in BREAKS:
        place, _, reason = fault.partition(": ")
        assert place in page and reason.replace("'", "&#39;") in page
    form = {"version": "1", "reason": "Anyway."}
    assert client.post(f"{answer.location}/publish", data=form).status_code == 422
    assert session.scalars(select(DefinitionVersion)).all() == []
    assert client.get(str(answer.location) + CELL).status_code == 404


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"- 1", b"a: [", b"meta: {}", b"%PDF-1.4", b"meta: {key: " + b"x" * 90 + b"}"]
)
def test_a_file_that_is_no_definition_is_refused_with_a_sentence(client: FlaskClient, data: bytes) -> None:
    file = (io.BytesIO(data), "x.yaml")
    answer = client.post("/admin/matrix/drafts/file", data={"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "field-errors" in answer.get_data(as_text=True)


def test_a_strange_but_sound_definition_is_published_and_a_project_lives_in_it(
    session: Session, cast: Cast, client: FlaskClient, browser: Browser, started: list[int]
) -> None:
    file = (io.BytesIO(written(strange()).encode()), "yard.yaml")
    answer = client.post("/admin/matrix/drafts/file", data={"file": file}, content_type="multipart/form-data")
    address = str(answer.location)
    assert client.get(address).status_code == client.get(f"{address}/cells/P1/A").status_code == 200
    assert client.post(f"{address}/publish", data={"version": "1", "reason": "Ours."}).status_code == 303
    assert newest_definition(session, "yard").version == 1
    assert client.post("/admin/matrix/choice", data={"key": "yard"}).status_code == 303
    sales = browser.of(cast.sales1)
    form = {"name": "Yard 1", "kind": "shop", "route": "only", "phase": "P1", "step": "A", "building": "1",
            "categories": ["stones"], "currency": "CNY"}  # fmt: skip
    assert sales.post("/projects/new", data=form).status_code == 303
    project = session.scalars(select(Project)).one()
    for page in ("", "/phase", "/log", "/people", "/edit", "/cells/P1/A", "/cells/P2/A", "/cells/P2/C"):
        assert sales.get(f"/projects/{project.id}{page}").status_code == 200, page
    for page in ("/", "/projects", "/board", "/leads", "/leads/new", "/photos", "/parties", "/visit", "/search?q=Yard"):
        assert sales.get(page).status_code == 200, page


def test_a_run_that_broke_off_is_taken_up_again(
    session: Session, cast: Cast, client: FlaskClient, started: list[int]
) -> None:
    publication = publish(session, LIGHT_SOURCE, cast.admin)
    address = f"/admin/matrix/publications/{publication.id}"
    assert client.post(address).status_code == 303 and started == []
    publication.state = "broken"
    session.commit()
    assert "It broke off" in client.get(address).get_data(as_text=True)
    assert client.post(address).status_code == 303 and started == [publication.id]
    assert client.get("/admin/matrix/publications/999").status_code == 404


def test_the_dry_run_asks_few_questions_however_many_projects(
    session: Session, cast: Cast, client: FlaskClient, draft: str
) -> None:
    for number in range(6):
        light_project(session, cast, name=f"P{number}")
    client.get(f"{draft}/dry-run")
    with counted_queries() as statements:
        assert client.get(f"{draft}/dry-run").status_code == 200
    assert len(statements) <= 12, statements


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_grid_speaks_the_readers_language(browser: Browser, cast: Cast, session: Session, lang: str) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    page = browser.of(cast.admin, lang).get("/admin/matrix/versions/light/1").get_data(as_text=True)
    for thing in (*LIGHT.phases, *LIGHT.steps):
        assert thing.name.get(lang) in text_of(page)


def test_numbers_are_edited_and_count_as_behaviour(session: Session, client: FlaskClient, draft: str) -> None:
    page = f"{draft}/settings"
    assert send(client, page, f"{page}/overdue_days", "overdue_days-", number="20").status_code == 303
    wrong = send(client, page, f"{page}/overdue_days", "overdue_days-", number="soon")
    assert wrong.status_code == 422 and "soon" in wrong.get_data(as_text=True)
    assert send(client, page, f"{page}/nothing", "nothing-", number="1").status_code == 404
    difference = text_of(client.get(f"{draft}/difference").get_data(as_text=True))
    assert "What changes how the matrix acts (1)" in difference and "overdue_days" in difference


def test_what_comes_with_the_product_can_be_drafted_at_once(session: Session, client: FlaskClient) -> None:
    assert "not published yet" in client.get("/admin/matrix").get_data(as_text=True)
    answer = client.post("/admin/matrix/drafts", data={"key": "light"})
    assert answer.status_code == 303
    form = {"version": "1", "reason": "For small orders."}
    assert client.post(f"{answer.location}/publish", data=form).status_code == 303
    assert newest_definition(session, "light").version == 1
    assert "not published yet" not in client.get("/admin/matrix").get_data(as_text=True)
    for key in ("../../config", "nowhere", ""):
        assert client.post("/admin/matrix/drafts", data={"key": key}).status_code == 404


def test_a_draft_of_a_version_that_is_not_the_newest_any_more_is_not_published(
    session: Session, cast: Cast, client: FlaskClient, draft: str, started: list[int]
) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    version = version_in(client.get(f"{draft}/dry-run").get_data(as_text=True))
    answer = client.post(f"{draft}/publish", data={"version": version, "reason": "Mine."})
    assert answer.status_code == 422 and "Version 2 was published after" in answer.get_data(as_text=True)

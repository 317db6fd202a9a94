"""简体中文 is complete: the catalogue and its tool, what forms refuse, what pages show."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.leads.making import make_lead, row, sheet
from tests.reading import english_in, read
from tools import translations
from tracker import clock
from tracker.filters import day, money
from tracker.forms import SENTENCES, UNFIT, Sentences
from tracker.gallery.models import Photo
from tracker.i18n import _, _n, lang, speaking
from tracker.imports.models import ImportRun
from tracker.imports.operations.carrying_out import run_import
from tracker.leads.models import Lead
from tracker.matrix.models import Approval, Record
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.records import RecordDraft, correct_record, log_record
from tracker.pages import error_answer
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from workflows.wishes import MovePhase


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """The catalogue as the application reads it."""
    translations.compile_catalogue()


# The tool


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue to spoil."""
    path = tmp_path / "messages.po"
    shutil.copy(translations.CHINESE, path)
    monkeypatch.setattr(translations, "CHINESE", path)
    return path


def spoil(path: Path, english: str, chinese: str) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.search(rf'msgid "{re.escape(english)}"\nmsgstr "[^"]+"', text)
    assert found, f"{english} is not in the catalogue"
    path.write_text(text.replace(found[0], f'msgid "{english}"\nmsgstr "{chinese}"'), encoding="utf-8")


def test_every_sentence_has_its_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.check() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Log a visit", "", "no Chinese for: 'Log a visit'"),
        ("Log a visit", "Log a visit", "not translated: 'Log a visit'"),
        ("Page %(n)s", "第 页", "placeholders differ in: 'Page %(n)s'"),
        ("Page %(n)s", "第 %(number)s 页", "placeholders differ in: 'Page %(n)s'"),
    ],
)
def test_the_check_names_the_sentence_that_is_spoilt(
    copy: Path, capsys: pytest.CaptureFixture[str], english: str, chinese: str, fault: str
) -> None:
    spoil(copy, english, chinese)
    assert translations.check() == 1
    assert fault in capsys.readouterr().out.splitlines()


def test_the_check_names_a_sentence_that_the_catalogue_does_not_know(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [entry for entry in copy.read_text(encoding="utf-8").split("\n\n") if 'msgid "Search"' not in entry]
    copy.write_text("\n\n".join(kept), encoding="utf-8")
    assert translations.check() == 1
    assert "no Chinese for: 'Search'" in capsys.readouterr().out


def test_extracting_again_changes_nothing_and_takes_new_chinese_in(copy: Path) -> None:
    before = copy.read_text(encoding="utf-8")
    translations.extract({"Log a visit": "不算，已有译文"})
    assert copy.read_text(encoding="utf-8") == before
    spoil(copy, "Log a visit", "")
    translations.extract({"Log a visit": "记一次拜访"})
    assert copy.read_text(encoding="utf-8") == before


def chinese_texts() -> Iterator[str]:
    for message in translations.stored():
        if message.id:
            yield from [message.string] if isinstance(message.string, str) else message.string


def test_chinese_has_chinese_punctuation() -> None:
    assert [
        text for text in chinese_texts() if re.search(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.($|\s)", text)
    ] == []


def test_chinese_and_latin_stand_apart() -> None:
    close = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9](?![万亿])[\u4e00-\u9fff]")
    assert [text for text in chinese_texts() if close.search(translations.PLACEHOLDER.sub("", text))] == []


def test_what_counts_has_one_form_in_chinese(app: Flask, session: Session) -> None:
    with speaking("zh"):
        said = [_n("%(num)d task", "%(num)d tasks", number) for number in (1, 3)]
    assert said == ["1 项任务", "3 项任务"]


def test_speaking_to_somebody_else_turns_days_money_and_names_as_well_as_sentences(
    app: Flask, session: Session
) -> None:
    def said() -> list[str]:
        return [_("Today"), day(date(2025, 3, 5)), money(12_800_000), lang()]

    chinese, english = ["今日", "2025年3月5日", "¥1,280万", "zh"], ["Today", "5 Mar 2025", "¥12.8M", "en"]
    with app.test_request_context("/?lang=zh"):
        with speaking("en"):
            assert said() == english
            with speaking("zh"):
                assert said() == chinese
            assert said() == english
        assert said() == chinese


# What forms refuse


def refusals(html: str) -> list[str]:
    """The sentences beside the fields."""
    return [said.text for said in read(html) if re.search(r"p/span$", "/".join(said.tags))]


def test_every_sentence_of_wtforms_is_ours_and_keeps_its_placeholders() -> None:
    for theirs, ours in SENTENCES.items():
        wanted = set(translations.PLACEHOLDER.findall(theirs)) - {"%(value)s"}
        said = set(translations.PLACEHOLDER.findall(str(ours)))
        assert said <= wanted, theirs
        assert str(ours) % {"min": 1, "max": 9, "value": "x"} != theirs
    assert Sentences().gettext("Something new of theirs.") == str(UNFIT)


LEAD = {
    "name": "x" * 201,
    "source": "nonsense",
    "step": "nonsense",
    "found_on": "tomorrow",
    "kind": "nonsense",
    "latitude": "north",
    "currency": "XXX",
    "area": "wide",
}
OPENING = {
    "name": "",
    "kind": "nonsense",
    "route": "",
    "phase": "nonsense",
    "step": "nonsense",
    "since": "soon",
    "building": "",
    "floors": "many",
    "categories": ["cheese", "wine"],
    "value": "much",
    "address": "x" * 301,
}


@pytest.mark.parametrize(
    ("address", "values", "at_least"),
    [
        ("/leads/new", LEAD, 8),
        ("/projects/new", OPENING, 9),
        ("/projects/new", {**OPENING, "floors": "301"}, 9),
        ("/projects/{project}/log", {"kind": "nonsense", "on": "x", "text": "", "floor": "up", "next_on": "x"}, 4),
        ("/parties/new", {"name": "x" * 201, "kind": "nonsense"}, 2),
        ("/profile", {"name": "", "locale": "fr", "timezone": "Mars/Base", "email": "x" * 201}, 4),
        ("/profile/password", {"old": "", "password": "short"}, 2),
        ("/admin/people/new", {"username": "with space", "name": "", "role_id": "x", "team_id": "999"}, 3),
    ],
)
def test_invalid_values_are_refused_in_chinese(
    session: Session, cast: Cast, browser: Browser, address: str, values: dict[str, object], at_least: int
) -> None:
    project = make_project(session, cast.admin)
    user = cast.admin if "admin" in address else cast.sales1
    if "{project}" in address:
        project = make_project(session, cast.sales1)
    answer = browser.of(user, "zh").post(address.format(project=project.id), data=values)
    assert answer.status_code == 422
    said = refusals(answer.get_data(as_text=True))
    assert len(said) >= at_least, said
    assert english_in(answer.get_data(as_text=True)) == []


def test_the_same_refusal_is_english_for_an_english_reader(cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.sales1, "en").post("/leads/new", data=LEAD).get_data(as_text=True)
    assert "Choose one of the values in the list." in page
    assert "At most 200 characters, please." in page
    assert "Not a valid choice" not in page


# What pages show


@pytest.fixture
def project(session: Session, cast: Cast) -> Project:
    """A project with something of everything: records, one of them corrected, a contact, a photo, a request."""
    day = timedelta(days=1)
    project = make_project(session, cast.sales1, members=(cast.technical,), since=clock.today() - 40 * day)
    developer = make_party(session)
    contact = make_contact(session, developer)
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id, role="decision_maker", attitude="neutral"))
    make_photo(session, cast.sales1, taken_on=clock.today(), project=project)
    plain = RecordDraft(phase="map", step="structure", kind="site_visit", on=clock.today(), text="去了工地")
    record = log_record(session, project, plain, by=cast.sales1).record
    correct_record(session, record, text="去了工地，见了经理", reason="漏写", version=record.version, by=cast.sales1)
    wish, until = MovePhase("specify"), clock.today() + 7 * day
    ask_approval(session, project, wish, reason="甲方催得急", complete_by=until, by=cast.sales1)
    make_lead(session, cast.sales1, name="滨江七号地")
    session.commit()
    return project


PAGES = [
    ("sales1", "/"),
    ("sales1", "/projects"),
    ("sales1", "/projects?stalled=1&q=nothing"),
    ("sales1", "/projects/new"),
    ("sales1", "/projects/{project}"),
    ("sales1", "/projects/{project}/edit"),
    ("sales1", "/projects/{project}/people"),
    ("sales1", "/projects/{project}/log"),
    ("sales1", "/projects/{project}/phase"),
    ("sales1", "/projects/{project}/cells/map/structure"),
    ("sales1", "/projects/{project}/cells/qualify/handover"),
    ("supervisor", "/projects/{project}/reassign"),
    ("supervisor", "/approvals"),
    ("supervisor", "/notifications"),
    ("supervisor", "/radar"),
    ("sales1", "/approvals?which=mine"),
    ("supervisor", "/approvals/{approval}"),
    ("supervisor", "/board"),
    ("supervisor", "/board?by=value"),
    ("sales1", "/records/{record}"),
    ("sales1", "/records/{record}/correct"),
    ("sales1", "/visit"),
    ("sales1", "/visit?q=nothing"),
    ("sales1", "/leads"),
    ("sales1", "/leads/new"),
    ("sales1", "/leads/{lead}"),
    ("sales1", "/leads/{lead}/edit"),
    ("sales1", "/leads/{lead}/convert"),
    ("supervisor", "/imports/leads"),
    ("supervisor", "/imports"),
    ("sales1", "/parties"),
    ("sales1", "/parties/new"),
    ("sales1", "/parties/{party}"),
    ("sales1", "/contacts"),
    ("sales1", "/contacts/{contact}"),
    ("sales1", "/contacts/{contact}/edit"),
    ("sales1", "/photos"),
    ("sales1", "/photos/{photo}"),
    ("sales1", "/search?q=滨江"),
    ("sales1", "/search?q=nothing"),
    ("sales1", "/people/{user}"),
    ("sales1", "/profile"),
    ("admin", "/admin"),
    ("admin", "/admin/audit"),
    ("admin", "/admin/people/new"),
    ("admin", "/admin/roles"),
    ("admin", "/admin/roles/new"),
    ("admin", "/admin/teams"),
    ("admin", "/admin/teams/new"),
    ("admin", "/people/{user}"),
    ("dealer1", "/"),
    ("dealer1", "/projects"),
    ("dealer1", "/leads"),
]


@pytest.fixture
def places(session: Session, project: Project) -> dict[str, object]:
    """What the addresses of PAGES name."""
    contact = session.scalars(select(Contact)).one()
    return {
        "project": project.id,
        "approval": session.scalar(select(Approval.id)),
        "record": session.scalar(select(Record.id)),
        "lead": session.scalar(select(Lead.id)),
        "photo": session.scalar(select(Photo.token)),
        "contact": contact.id,
        "party": contact.party_id,
        "user": project.owner_id,
    }


def test_no_page_shows_an_english_text_of_ours_to_a_chinese_reader(
    cast: Cast, browser: Browser, places: dict[str, object]
) -> None:
    faults = []
    for name, address in PAGES:
        answer = browser.of(cast.users[name], "zh").get(address.format(**places))
        assert answer.status_code == 200, (name, address)
        faults += [f"{address} {fault}" for fault in english_in(answer.get_data(as_text=True))]
    assert faults == []


def test_an_import_is_chinese_from_the_columns_to_its_end(
    app: Flask, session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pages in ("columns", "runs"):
        monkeypatch.setattr(f"tracker.imports.views.{pages}.start_in_background", lambda *_: None)
    client = browser.of(cast.supervisor, "zh")
    sent = {"file": (io.BytesIO(sheet([row("P-1"), row("P-2", value="a lot")])), "permits.csv")}
    client.post("/imports/leads", data=sent, content_type="multipart/form-data")
    run = session.scalars(select(ImportRun)).one()
    pages = [client.get(f"/imports/runs/{run.id}/mapping")]
    columns = {f"column-{key}": str(place) for key, place in run.mapping.items()}
    chosen = {"source": "planning_permit", "step": "ground", "currency": "USD", "team_id": str(cast.north.id)}
    pages.append(
        client.post(f"/imports/runs/{run.id}/mapping", data={**columns, **chosen, "source": "", "action": "run"})
    )
    client.post(f"/imports/runs/{run.id}/mapping", data={**columns, **chosen, "action": "run"})
    pages.append(client.get(f"/imports/runs/{run.id}"))
    run_import(session, app.extensions["storage"], run, by=cast.supervisor, commit=session.commit)
    pages += [client.get(f"/imports/runs/{run.id}"), client.get("/imports"), client.get("/imports/leads")]
    assert [page.status_code for page in pages] == [200, 422, 200, 200, 200, 200]
    assert [english_in(page.get_data(as_text=True)) for page in pages] == [[]] * 6


def test_pages_for_whoever_is_not_signed_in_are_chinese(browser: Browser) -> None:
    for address in ("/login?lang=zh", "/logout?lang=zh", "/password/unknown?lang=zh"):
        page = browser.nobody().get(address).get_data(as_text=True)
        assert "项目跟踪" in page
        assert english_in(page) == [], address


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_errors_are_said_in_chinese(session: Session, cast: Cast, browser: Browser, headers: dict[str, str]) -> None:
    project = make_project(session, cast.sales1)
    client = browser.of(cast.sales1, "zh")
    refused = {
        404: client.get("/projects/999999", headers=headers),
        403: client.get(f"/projects/{project.id}/reassign", headers=headers),
        405: client.post("/board", headers=headers),
    }
    for status, answer in refused.items():
        assert answer.status_code == status
        page = answer.get_data(as_text=True)
        assert any(said.text for said in read(page))
        assert english_in(page) == [], status


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507])
def test_every_error_has_a_title_and_a_sentence_in_chinese(app: Flask, session: Session, status: int) -> None:
    with app.test_request_context("/?lang=zh"):
        page = error_answer(status).get_data(as_text=True)
    assert english_in(page) == []
    assert [said.text for said in read(page) if said.tags[-1] == "h1"]

"""Newcomers: the guided first week, the practice project, the knowledge of the cells."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.calendar.making import make_plan
from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.leads.making import make_lead
from tests.matrix.making import as_seen, draft
from tracker import clock
from tracker.events import Event, Kind
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations.records import log_record
from tracker.newcomers.finding import find_known
from tracker.newcomers.models import NewcomerTick, PracticeProject
from tracker.newcomers.queries import load_first_week
from tracker.projects.models import Project, ProjectContact

BUDGET = 12  # statements of a page, signing in included


def test_the_first_week_says_what_to_read_whom_to_meet_and_what_to_do_first(session: Session, cast: Cast) -> None:
    cast.north.supervisor_id = cast.supervisor.id
    project = make_project(session, cast.sales1, phase="bid", step="masonry")
    decider = make_contact(session, make_party(session, "Hengyue Land"), "Wang Li")
    session.add(ProjectContact(project_id=project.id, contact_id=decider.id, role="decision_maker"))
    session.commit()
    week = load_first_week(session, cast.sales1, cast.sales1)
    assert week.read[0].thing == ("bid", "masonry") and len(week.read) == 4
    met = [one.thing.name for one in week.meet]
    assert met[0] == "Supervisor" and "Technical" in met and met[-1] == "Wang Li"
    assert not any(one.thing.id == cast.sales1.id for one in week.meet if one.what == "colleague")
    assert [one.key for one in week.do] == ["practice", "record", "promise", "plan", "photo", "lead", "feed"]
    assert week.done == 0


def test_first_records_tick_themselves(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    said = draft(next_step="Bring samples", next_on=clock.today() + timedelta(days=3))
    log_record(session, as_seen(session, cast.sales1, project), said, by=cast.sales1)
    make_plan(session, cast.sales1, project)
    make_photo(session, cast.sales1, project=project)
    make_lead(session, cast.sales1)
    done = {one.key for one in load_first_week(session, cast.sales1, cast.sales1).do if one.done}
    assert done == {"record", "promise", "plan", "photo", "lead"}


def test_what_was_read_and_who_was_met_is_ticked_once(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    page = client.get("/first-week").text
    key = re.search(r'value="(cell:[^"]+)"', page)
    assert key is not None
    for _twice in range(2):
        assert client.post("/first-week", data={"key": key[1]}).status_code == 303
    assert session.scalars(select(NewcomerTick.key)).all() == [key[1]]
    assert session.scalar(select(func.count()).select_from(Event).where(Event.kind == Kind.WEEK_TICKED)) == 1
    assert f'value="{key[1]}"' not in client.get("/first-week").text
    for wrong in ("record", "cell:moon/step", "user:99999"):
        assert client.post("/first-week", data={"key": wrong}).status_code == 422


def test_who_leads_him_sees_how_far_he_is_and_nobody_else(cast: Cast, browser: Browser) -> None:
    address = f"/people/{cast.sales1.id}/first-week"
    answers = {name: browser.of(cast.users[name]).get(address).status_code
               for name in ("sales1", "supervisor", "sales2", "supervisor2", "dealer1")}  # fmt: skip
    assert answers == {"sales1": 200, "supervisor": 200, "sales2": 404, "supervisor2": 404, "dealer1": 404}
    page = browser.of(cast.supervisor).get(address).text
    assert "Sales1" in page and 'name="key"' not in page, "he ticks for himself"


def test_today_shows_a_newcomer_the_way_for_two_weeks(session: Session, cast: Cast, browser: Browser) -> None:
    assert 'href="/first-week"' in browser.of(cast.sales1).get("/").text.split("<main")[1]
    cast.sales1.created_at = clock.now() - timedelta(days=15)
    session.commit()
    assert 'href="/first-week"' not in browser.of(cast.sales1).get("/").text.split("<main")[1]
    assert 'href="/first-week"' not in browser.of(cast.dealer1).get("/").text


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_practice_project_is_played_refused_and_kept_and_stands_in_no_list(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    before = session.scalar(select(func.count()).select_from(Project))
    assert client.post("/practice").status_code == 303
    page = client.get("/practice").text
    refused = client.post("/practice/acts", data={"kind": "phase", "key": "map", "version": version_of(page)})
    assert refused.status_code == 422 and "G03" in refused.text
    criteria = re.findall(r'name="key" value="(X\.qualify\.[^"]+)"', page)
    for criterion in criteria:
        sent = {"kind": "prove", "key": criterion, "version": version_of(client.get("/practice").text)}
        assert client.post("/practice/acts", data=sent).status_code == 303
    sent = {"kind": "phase", "key": "map", "version": version_of(client.get("/practice").text)}
    assert client.post("/practice/acts", data=sent).status_code == 303
    row = session.scalars(select(PracticeProject)).one()
    assert [act["kind"] for act in row.acts] == ["prove"] * len(criteria) + ["phase"]
    assert session.scalar(select(func.count()).select_from(Project)) == before
    assert client.post("/practice").status_code == 303, "begin anew"
    session.expire_all()
    rows = session.scalars(select(PracticeProject).order_by(PracticeProject.id)).all()
    assert [(bool(one.over_at), len(one.acts)) for one in rows] == [(True, len(criteria) + 1), (False, 0)]


def test_a_stale_page_and_nonsense_play_nothing(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    client.post("/practice")
    page = client.get("/practice").text
    good = {"kind": "wait", "days": "7", "version": version_of(page)}
    assert client.post("/practice/acts", data=good).status_code == 303
    assert client.post("/practice/acts", data=good).status_code == 409, "sent twice it counts once"
    for wrong in (
        {"kind": "fly"},
        {"kind": "log", "key": "dance"},
        {"kind": "phase", "words": "x" * 301, "key": "map"},
    ):
        sent = {**wrong, "version": version_of(client.get("/practice").text)}
        assert client.post("/practice/acts", data=sent).status_code == 422
    assert [act["kind"] for act in session.scalars(select(PracticeProject)).one().acts] == ["wait"]


def test_the_practice_project_is_won_and_that_ticks_the_first_week(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    client.post("/practice")
    for phase in [one.key for one in current_definition().phases[1:]]:
        while criteria := re.findall(r'name="key" value="(X\.[^"]+)"', page := client.get("/practice").text):
            sent = {"kind": "prove", "key": criteria[0], "version": version_of(page)}
            client.post("/practice/acts", data=sent)
        if "You have won" in page:
            break
        sent = {"kind": "phase", "key": phase, "words": "Because.", "granted": "1", "version": version_of(page)}
        assert client.post("/practice/acts", data=sent).status_code == 303
    assert "You have won" in client.get("/practice").text
    assert session.scalar(select(func.count()).select_from(Event).where(Event.kind == Kind.PRACTICE_WON)) == 1
    assert next(one for one in load_first_week(session, cast.sales1, cast.sales1).do if one.key == "practice").done


def test_the_knowledge_of_the_cells_is_found_in_either_language(cast: Cast, browser: Browser) -> None:
    definition = current_definition()
    english, chinese = find_known(definition, "Rival"), find_known(definition, "封样")
    assert english and chinese
    assert all("rival" in one.text.en.casefold() for one in english[:3])
    assert find_known(definition, "x") == () and find_known(definition, "no such word anywhere") == []
    ours = find_known(definition, "", department="technical")
    assert ours and {one.department for one in ours} == {"technical"}
    hint = next(one for one in chinese if one.kind in ("must", "tip", "warn"))
    client = browser.of(cast.sales1, "zh")
    assert hint.text.zh in client.get("/knowledge?q=封样").text
    assert hint.text.zh in client.get("/search?q=封样").text
    assert "/knowledge/" in client.get("/search/suggestions?q=封样", headers=HTMX).text
    cell = client.get(f"/knowledge/{hint.cell[0]}/{hint.cell[1]}")
    assert cell.status_code == 200 and hint.text.zh in cell.text
    assert client.get("/knowledge/moon/step").status_code == 404


def test_a_dealer_finds_nothing_of_it(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.dealer1, "zh")
    assert "/knowledge" not in client.get("/search?q=封样").text
    assert "/knowledge" not in client.get("/search/suggestions?q=封样", headers=HTMX).text


def test_the_pages_ask_little(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(6):
        make_project(session, cast.sales1, name=f"Site {number}")
    session.commit()
    client = browser.of(cast.sales1)
    client.post("/practice")
    for address in ("/first-week", "/knowledge", "/knowledge?q=sample", "/practice", "/search?q=sample"):
        client.get(address)
        with counted_queries() as asked:
            assert client.get(address).status_code == 200, address
        assert len(asked) <= BUDGET, (address, len(asked))

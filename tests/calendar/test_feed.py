"""The private feed: read by two independent libraries, changing in place, never telling more than its owner sees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.absences.making import make_away
from tests.calendar.making import again, make_plan
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.conftest import NOON
from tests.dealers.making import make_qualified
from tests.factories import make_project
from tracker import clock
from tracker.absences.operations import end_absence
from tracker.calendar.models import CalendarFeed
from tracker.calendar.operations.feeding import make_feed
from tracker.calendar.operations.planning import PlanChange, call_off, change_plan, move_plan
from tracker.dealers.models import Dealer
from tracker.events import Event, Kind
from tracker.projects.models import Project
from tracker.team.models import User
from tracker.todos.operations.doing import TodoDraft, add_todo, change_todo, finish

BUDGET = 12  # statements for the file


def address_of(session: Session, user: User) -> str:
    feed = make_feed(session, by=user)
    session.commit()
    return f"/calendar/feeds/{feed.token}.ics"


def by_icalendar(text: str) -> dict[str, dict[str, Any]]:
    """The events by their UIDs, as icalendar reads them."""
    found = {}
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        found[str(event["UID"])] = {
            "summary": str(event["SUMMARY"]), "starts": event["DTSTART"].dt, "ends": event["DTEND"].dt,
            "sequence": int(event["SEQUENCE"]), "status": str(event["STATUS"]), "place": str(event.get("LOCATION", "")),
            "said": str(event.get("DESCRIPTION", "")), "changed": event["LAST-MODIFIED"].dt,
        }  # fmt: skip
    return found


def by_vobject(text: str) -> dict[str, dict[str, Any]]:
    """The same, as vobject reads them."""
    found = {}
    for event in getattr(vobject.readOne(text), "vevent_list", []):
        optional = {name: getattr(event, name).value if hasattr(event, name) else ""
                    for name in ("location", "description")}  # fmt: skip
        found[event.uid.value] = {
            "summary": event.summary.value, "starts": event.dtstart.value, "ends": event.dtend.value,
            "sequence": int(event.sequence.value), "status": event.status.value, "place": optional["location"],
            "said": optional["description"], "changed": event.last_modified.value,
        }  # fmt: skip
    return found


def plain(events: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Moments as UTC, whatever object of a zone a library makes."""

    def utc(value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)

    return {uid: {name: utc(value) for name, value in event.items()} for uid, event in events.items()}


def read(client: FlaskClient, address: str) -> dict[str, dict[str, Any]]:
    """The events of a feed; both libraries have to read the same."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = plain(by_icalendar(answer.text))
    assert plain(by_vobject(answer.text)) == events
    return events


def one(events: dict[str, dict[str, Any]], what: str) -> dict[str, Any]:
    (uid,) = [uid for uid in events if uid.startswith(f"{what}-")]
    return events[uid]


def site(session: Session, owner: User, **values: Any) -> Project:
    project = make_project(session, owner, name='云栖江湾, Tower; "3"', **values)
    project.address = "滨江路 88 号\\东, " + "很长的地址" * 20
    project.latitude, project.longitude = 31.2, 121.4
    return project


def test_plans_due_tasks_and_absences_are_read_alike_by_two_libraries(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = site(session, cast.sales1)
    make_plan(session, cast.sales1, project, at="09:30", minutes=90, text='Bring: samples; "two", 样品\nand a ruler')
    project.next_due_on, project.open_tasks = date(2026, 3, 20), 2
    make_away(session, cast.sales1, first=3, last=4, place="Berlin", reason="Fair")
    address = address_of(session, cast.sales1)
    nobody = browser.nobody()
    with counted_queries() as asked:
        events = read(nobody, address)
    assert len(asked) <= BUDGET, asked
    plan = one(events, "plan")
    assert plan["summary"].endswith('云栖江湾, Tower; "3"') and plan["place"] == project.address
    assert plan["starts"] == datetime(2026, 3, 17, 1, 30, tzinfo=UTC), "half past nine in Shanghai"
    assert plan["ends"] - plan["starts"] == timedelta(minutes=90)
    assert 'Bring: samples; "two", 样品' in plan["said"]
    due, away = one(events, "due"), one(events, "away")
    assert (due["starts"], due["ends"]) == (date(2026, 3, 20), date(2026, 3, 21))
    assert (away["starts"], away["ends"]) == (date(2026, 3, 19), date(2026, 3, 21))
    assert (away["summary"], away["said"]) == ("Away · Berlin", "Fair")
    assert all(len(line.encode()) <= 75 for line in nobody.get(address).text.split("\r\n"))


def test_a_moved_event_changes_in_place_and_a_cancelled_one_says_so(
    session: Session, cast: Cast, browser: Browser
) -> None:
    planned = make_plan(session, cast.sales1, site(session, cast.sales1), at="09:30")
    address, nobody = address_of(session, cast.sales1), browser.nobody()
    before = read(nobody, address)
    with clock.frozen(NOON + timedelta(hours=1)):
        move_plan(session, planned, date(2026, 3, 19), by=cast.sales1, version=planned.version)
        session.commit()
        moved = read(nobody, address)
        assert set(moved) == set(before)
        assert one(moved, "plan")["starts"] == datetime(2026, 3, 19, 1, 30, tzinfo=UTC)
        assert one(moved, "plan")["sequence"] > one(before, "plan")["sequence"]
        assert one(moved, "plan")["changed"] > one(before, "plan")["changed"]
        now = again(session, cast.sales1, planned)
        change_plan(session, now, PlanChange(now.on, "", None, None), by=cast.sales1, version=now.version)
        session.commit()
        all_day = read(nobody, address)
        assert one(all_day, "plan")["starts"] == date(2026, 3, 19)
        assert one(all_day, "plan")["sequence"] > one(moved, "plan")["sequence"]
        call_off(session, again(session, cast.sales1, planned), by=cast.sales1, why="Closed")
        session.commit()
        off = read(nobody, address)
    assert set(off) == set(before)
    assert (one(before, "plan")["status"], one(off, "plan")["status"]) == ("CONFIRMED", "CANCELLED")
    assert one(off, "plan")["sequence"] > one(all_day, "plan")["sequence"] and "Closed" in one(off, "plan")["said"]


def test_the_time_of_a_plan_is_that_of_where_it_was_made(session: Session, cast: Cast, browser: Browser) -> None:
    cast.sales1.timezone = "Europe/Berlin"
    session.commit()
    clock.use_zone("Europe/Berlin")
    try:
        make_plan(session, cast.sales1, site(session, cast.sales1), days=20, at="09:30")
    finally:
        clock.use_zone("Asia/Shanghai")
    events = read(browser.nobody(), address_of(session, cast.sales1))
    assert one(events, "plan")["starts"] == datetime(2026, 4, 5, 7, 30, tzinfo=UTC), "in summer time there"


def test_nothing_changed_is_told_in_one_line(session: Session, cast: Cast, browser: Browser) -> None:
    make_plan(session, cast.sales1, site(session, cast.sales1))
    address, nobody = address_of(session, cast.sales1), browser.nobody()
    tag = nobody.get(address).headers["ETag"]
    with clock.frozen(NOON + timedelta(minutes=20)):
        answer = nobody.get(address, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.data) == (304, b"")
        make_plan(session, cast.sales1, session.scalars(select(Project)).one(), days=3)
        assert nobody.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_what_he_sees_no_more_is_gone_from_his_feed(session: Session, cast: Cast, browser: Browser) -> None:
    project = site(session, cast.sales1)
    make_plan(session, cast.sales1, project)
    address, nobody = address_of(session, cast.sales1), browser.nobody()
    assert sorted(uid.split("-")[0] for uid in read(nobody, address)) == ["due", "plan"]
    project.owner_id = cast.sales2.id
    session.commit()
    assert read(nobody, address) == {}


def test_only_ones_own_is_in_it(session: Session, cast: Cast, browser: Browser) -> None:
    make_plan(session, cast.sales1, site(session, cast.sales1))
    other = site(session, cast.sales2)
    other.next_due_on = date(2026, 3, 18)
    make_away(session, cast.sales2)
    assert read(browser.nobody(), address_of(session, cast.supervisor)) == {}


def test_whoever_is_switched_off_has_no_feed(session: Session, cast: Cast, browser: Browser) -> None:
    address, nobody = address_of(session, cast.sales1), browser.nobody()
    assert nobody.get(address).status_code == 200
    cast.sales1.active = False
    session.commit()
    answer = nobody.get(address)
    assert answer.status_code == 404 and "BEGIN:VCALENDAR" not in answer.text


def test_a_dealers_feed_holds_his_alone_and_ends_with_his_standing(
    session: Session, cast: Cast, browser: Browser
) -> None:
    his, other = site(session, cast.sales1, dealer=cast.xinyuan), site(session, cast.sales1, dealer=cast.hongda)
    his.next_due_on = other.next_due_on = date(2026, 3, 18)
    make_plan(session, cast.sales1, his, text="Ours alone")
    make_away(session, cast.sales1)
    session.commit()
    make_plan(session, cast.dealer1, his, text="His own")
    address, nobody = address_of(session, cast.dealer1), browser.nobody()
    events = read(nobody, address)
    assert sorted(uid.split("-")[0] for uid in events) == ["due", "plan"]
    assert one(events, "plan")["said"] == "His own"
    dealer: Dealer = make_qualified(session, cast.xinyuan, by=cast.director)
    dealer.state = "disqualified"
    session.commit()
    assert nobody.get(address).status_code == 404


def test_who_came_back_early_was_away_until_then(session: Session, cast: Cast, browser: Browser) -> None:
    gone, never = make_away(session, cast.sales1, first=-2, last=9), make_away(session, cast.sales1, first=20, last=22)
    address, nobody = address_of(session, cast.sales1), browser.nobody()
    before = read(nobody, address)
    for absence in (gone, never):
        end_absence(session, absence, cast.sales1, by=cast.sales1)
    session.commit()
    after = read(nobody, address)
    assert set(before) == set(after)
    was, was_not = (after[next(uid for uid in after if uid.startswith(f"away-{row.id}@"))] for row in (gone, never))
    assert (was["ends"], was["status"]) == (date(2026, 3, 17), "CONFIRMED")
    assert (was_not["status"], was_not["sequence"]) == ("CANCELLED", 1)


def test_a_new_address_ends_the_old_one_and_an_ended_one_leads_nowhere(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client, nobody = browser.of(cast.sales1), browser.nobody()
    assert "Make an address" in client.get("/calendar/feed").text
    addresses = []
    for _turn in range(2):
        assert client.post("/calendar/feed").status_code == 303
        addresses.append(f"/calendar/feeds/{session.scalars(select(CalendarFeed.token)).one()}.ics")
    assert len(addresses[0]) > 60 and addresses[0] != addresses[1]
    assert addresses[1] in client.get("/calendar/feed").text
    assert addresses[1] not in browser.of(cast.admin).get("/calendar/feed").text
    assert [nobody.get(one).status_code for one in addresses] == [404, 200]
    assert client.post("/calendar/feed/end").status_code == 303
    assert nobody.get(addresses[1]).status_code == 404
    kinds = session.scalars(select(Event.kind).where(Event.subject_id == cast.sales1.id).order_by(Event.id)).all()
    assert kinds[-3:] == [Kind.FEED_MADE, Kind.FEED_MADE, Kind.FEED_ENDED]


def test_guessing_and_asking_all_the_time_are_limited(session: Session, cast: Cast, browser: Browser) -> None:
    nobody = browser.nobody()
    answers = [nobody.get(f"/calendar/feeds/guess-{number}.ics").status_code for number in range(35)]
    assert answers[:30] == [404] * 30 and answers[30:] == [429] * 5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_speaks_its_owners_language(session: Session, cast: Cast, browser: Browser, lang: str) -> None:
    cast.sales1.locale = lang
    make_plan(session, cast.sales1, site(session, cast.sales1))
    events = read(browser.nobody(), address_of(session, cast.sales1))
    assert one(events, "plan")["summary"].startswith("工地走访 ·" if lang == "zh" else "Site visit ·")


def test_a_to_do_changes_in_place_and_leaves_the_calendar_when_it_is_done(
    session: Session, cast: Cast, browser: Browser
) -> None:
    todo = add_todo(session, TodoDraft("Send the price list", date(2026, 3, 18)), by=cast.sales1)
    address, nobody = address_of(session, cast.sales1), browser.nobody()
    before = one(read(nobody, address), "todo")
    change_todo(session, todo, TodoDraft("Send it", date(2026, 3, 20)), by=cast.sales1, version=todo.version)
    session.commit()
    moved = one(read(nobody, address), "todo")
    assert (before["starts"], moved["starts"], moved["summary"]) == (date(2026, 3, 18), date(2026, 3, 20), "Send it")
    finish(session, todo, by=cast.sales1)
    session.commit()
    done = one(read(nobody, address), "todo")
    assert done["status"] == "CANCELLED" and done["sequence"] > moved["sequence"] > before["sequence"]
    assert read(nobody, address_of(session, cast.supervisor)) == {}, "he sees it, but it is not his"

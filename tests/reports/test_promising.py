"""Next week's plan against last week's promise: from the calendar and from next steps, on projects and leads."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from tests.calendar.making import make_plan
from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.leads.making import make_lead
from tests.matrix.making import as_seen, draft
from tests.reports.making import LAST_WEEK, MONDAY, busy_week, made, on, report_of, section
from tests.todos.test_todos import make_todo
from tracker import clock
from tracker.calendar.operations.keeping import keep_plan
from tracker.calendar.operations.planning import PlanDraft, call_off, move_plan, plan_on_lead
from tracker.calendar.queries.plans import get_plan
from tracker.i18n import speaking
from tracker.matrix.operations.records import log_record
from tracker.projects.models import Project
from tracker.reports.composing import Gathered, Subject
from tracker.reports.periods import DAY, Period
from tracker.reports.queries.items import Item
from tracker.reports.queries.promising import next_days
from tracker.reports.reading import read
from tracker.todos.operations.doing import finish


def sayings(report, key: str) -> dict[str, str]:
    return {one["args"]["text"]: one["say"] for one in section(report, key)["lines"]}


def planned_week(session: Session, cast: Cast) -> Project:
    """What sales1 planned for last week: one visit done, one called off, one put off to next week, one left."""
    with clock.frozen(on(LAST_WEEK)):
        project, silent = (
            make_project(session, cast.sales1, name=name, members=(cast.sales2,)) for name in ("Harbour Hotel", "B")
        )
        done = make_plan(session, cast.sales1, project, days=1, at="09:30", text="See the buyer")
        off = make_plan(session, cast.sales1, silent, days=2, text="Deliver samples")
        later = make_plan(session, cast.sales1, silent, days=3, text="Look at the mock-up")
        make_plan(session, cast.sales1, silent, days=4, text="Count the rival's pallets")
        make_plan(session, cast.sales1, project, days=7, at="14:00", people=(cast.sales2.id,), text="Meet again")
    with clock.frozen(on(LAST_WEEK + timedelta(days=1))):
        logged = log_record(session, as_seen(session, cast.sales1, project), draft(text="Seen."), by=cast.sales1)
        assert keep_plan(session, done.record.id, logged.record, by=cast.sales1)
    with clock.frozen(on(LAST_WEEK + timedelta(days=3))):
        call_off(session, get_plan(session, cast.sales1, off.record.id), by=cast.sales1, why="No truck")
        moving = get_plan(session, cast.sales1, later.record.id)
        move_plan(session, moving, MONDAY + timedelta(days=1), by=cast.sales1, version=moving.version)
    session.commit()
    return project


def test_last_weeks_plan_is_told_with_what_became_of_each(session: Session, cast: Cast) -> None:
    planned_week(session, cast)
    made(session)
    report = report_of(session, f"person:{cast.sales1.id}")
    assert sayings(report, "promises") == {
        "See the buyer": "kept", "Deliver samples": "called_off", "Look at the mock-up": "postponed",
        "Count the rival's pallets": "not_kept",
    }  # fmt: skip
    kept = next(one for one in report.content["figures"] if one["key"] == "kept")
    assert (kept["n"], kept["of"]) == (1, 3), "what was called off is no promise any more"


def test_next_weeks_plan_says_what_was_put_off_and_leads_to_the_plan(
    session: Session, cast: Cast, browser: Browser
) -> None:
    planned_week(session, cast)
    made(session)
    report = report_of(session, f"person:{cast.sales1.id}")
    assert sayings(report, "plan") == {"Meet again": "planned", "Look at the mock-up": "planned_late"}
    assert all(line["to"][0] == "plan" for line in section(report, "plan")["lines"])
    with speaking("en"):
        (lines,) = [one.lines for one in read(report, None).sections if one.key == "plan"]
    assert [line.text for line in lines][0] == "16 Mar 14:00, Harbour Hotel: Meet again"
    assert "put off from 12 Mar" in lines[1].text
    assert browser.of(cast.sales1).get(lines[0].path).status_code == 200


def test_who_comes_along_has_it_in_his_report_too(session: Session, cast: Cast) -> None:
    planned_week(session, cast)
    made(session)
    assert sayings(report_of(session, f"person:{cast.sales2.id}"), "plan") == {"Meet again": "planned"}


def test_what_is_planned_on_a_lead_is_told_as_well(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, name="Canal House")
    with clock.frozen(on(LAST_WEEK)):
        wanted = PlanDraft(MONDAY + timedelta(days=2), "site_visit", "Photograph the notice board")
        plan_on_lead(session, lead, wanted, by=cast.sales1)
    session.commit()
    made(session)
    (line,) = section(report_of(session, f"person:{cast.sales1.id}"), "plan")["lines"]
    assert line["args"]["site"] == "Canal House" and line["site"] == ["lead", lead.id]


def test_a_promise_counts_as_followed_up_by_work_after_its_day_and_not_by_that_of_its_own(
    session: Session, cast: Cast
) -> None:
    busy_week(session, cast)
    alone = make_project(session, cast.sales1, name="Alone")
    with clock.frozen(on(LAST_WEEK)):
        said = draft(text="Talked.", next_step="Bring the list", next_on=LAST_WEEK + timedelta(days=3))
        log_record(session, as_seen(session, cast.sales1, alone), said, by=cast.sales1)
    with clock.frozen(on(LAST_WEEK + timedelta(days=3))):
        seen = as_seen(session, cast.supervisor, alone)
        log_record(session, seen, draft(text="Another's."), by=cast.supervisor)
    session.commit()
    made(session)
    report = report_of(session, f"person:{cast.sales1.id}")
    assert sayings(report, "promises") == {"Bring samples": "kept", "Bring the list": "not_kept"}


def test_to_dos_done_and_late_are_told_and_lead_to_them(session: Session, cast: Cast, browser: Browser) -> None:
    with clock.frozen(on(LAST_WEEK)):
        done = make_todo(session, cast.sales1, text="Send the price list", days=-5)
        make_todo(session, cast.sales1, text="Ask finance", days=-4)
        make_todo(session, cast.sales1, text="Not yet", days=30)
    with clock.frozen(on(LAST_WEEK + timedelta(days=1))):
        finish(session, done, by=cast.sales1)
    session.commit()
    made(session)
    report = report_of(session, f"person:{cast.sales1.id}")
    assert sayings(report, "todos") == {"Send the price list": "todo_done", "Ask finance": "todo_late"}
    client = browser.of(cast.supervisor)
    page = client.get(f"/reports/{report.id}").get_data(as_text=True)
    assert "Ask finance" in page and f'href="/todos/{done.id}"' in page
    assert client.get(f"/todos/{done.id}").status_code == 200
    other = browser.of(cast.compliance).get(f"/reports/{report.id}").get_data(as_text=True)
    assert "Ask finance" not in other, "who does not see a to-do reads nothing of it"


def test_the_plan_after_a_friday_is_that_of_monday() -> None:
    friday = MONDAY - timedelta(days=3)
    assert next_days(Period(DAY, friday)) == (friday + timedelta(days=1), MONDAY)
    assert next_days(Period("week", LAST_WEEK)) == (MONDAY, MONDAY + timedelta(days=6))


def test_what_is_about_somebody_is_found_without_reading_all_that_is_about_others() -> None:
    read_of: list[int] = []

    class Counted(Item):
        def __getattribute__(self, name: str):  # type: ignore[no-untyped-def]
            if name == "people":
                read_of.append(1)
            return super().__getattribute__(name)

    items = [
        Counted("work", "did", {}, ("record", number), date(2026, 3, 9), frozenset({number % 50, 99}))
        for number in range(500)
    ]
    gathered = Gathered({"work": items}, {})
    for person in range(50):
        own = gathered.of(Subject("person", person, "", frozenset({person})))["work"]
        assert [one.to[1] for one in own] == list(range(person, 500, 50))
    wider = gathered.plus("people", [])
    both = wider.of(Subject("team", 1, "", frozenset({3, 4, 99})))
    assert both["work"] == items and both["people"] == []
    assert len(read_of) == len(items), "each sentence is looked at once, however many ask"

"""The further parts of Today: planned, to do, closing, changed, to check; and what who leads people sees of them."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.absences.making import make_away
from tests.calendar.making import make_plan
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tests.leads.making import make_lead
from tests.matrix.making import as_seen, draft
from tests.registrations.making import handed_in, make_dealer
from tests.todos.test_todos import make_todo
from tracker import clock
from tracker.events import Event, Kind
from tracker.home.models import LastLook
from tracker.home.sections import load_sections
from tracker.home.watching import list_open_plans, load_beside, load_led
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.records import log_record
from tracker.notifications.models import WindowClock
from tracker.projects.models import Project, ProjectDesk
from tracker.team.models import User
from workflows.wishes import MovePhase

TODAY = date(2026, 3, 16)
BUDGET, LEADING = 12, 21  # statements of a salesperson's page, and of one who leads people, signing in included


def parts(session: Session, user: User) -> set[str]:
    return {
        section.template.removeprefix("home/_").removesuffix(".html") for section in load_sections(session, user, TODAY)
    }


def window(session: Session, project: Project, days: int) -> None:
    session.query(WindowClock).filter_by(project_id=project.id).delete()
    session.add(WindowClock(project_id=project.id, owner_id=project.owner_id, category="tiles", activity="bid",
                            last_step="envelope", closes_on=TODAY + timedelta(days=days)))  # fmt: skip


def test_a_plan_of_today_and_one_of_which_nobody_said_what_became_are_there_with_the_tap(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, name="Harbour Hotel", members=(cast.technical,))
    today = make_plan(session, cast.sales1, project, days=0, at="09:30")
    missed = make_plan(session, cast.sales1, project, days=1, text="Of Friday")
    missed.record.happened_on = TODAY - timedelta(days=3)
    make_plan(session, cast.sales1, project, days=2, text="Of Wednesday")
    session.commit()
    assert [one.record.text for one in list_open_plans(session, cast.sales1, TODAY)] == [
        "Of Friday",
        "Look at the mock-up",
    ]
    assert list_open_plans(session, cast.technical, TODAY) == [], "not his"
    page = browser.of(cast.sales1).get("/").text
    assert f"/projects/{project.id}/log?plan={today.record.id}" in page and "09:30" in page


def test_a_to_do_is_done_or_put_off_from_here(session: Session, cast: Cast, browser: Browser) -> None:
    todo = make_todo(session, cast.sales1, days=-1)
    make_todo(session, cast.sales1, days=1, text="Tomorrow's")
    client = browser.of(cast.sales1)
    page = client.get("/").text
    assert "Send the price list" in page and "Tomorrow&#39;s" not in page
    assert client.post(f"/todos/{todo.id}/snooze", data={"until": "2026-03-17", "next": "/"}).location == "/"
    assert "Send the price list" not in client.get("/").text


def test_windows_that_close_on_ones_own_sites_are_there(session: Session, cast: Cast) -> None:
    mine, other = make_project(session, cast.sales1, name="Mine"), make_project(session, cast.sales2)
    far = make_project(session, cast.sales1)
    for project, days in ((mine, 5), (other, 5), (far, 60)):
        window(session, project, days)
    session.commit()
    assert [one.name for one in load_beside(session, cast.sales1, TODAY).closing] == ["Mine"]
    assert load_beside(session, cast.keyaccount, TODAY).closing == []


def test_what_others_changed_is_there_until_one_says_that_one_has_seen_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, name="Harbour Hotel", members=(cast.technical,))
    for number in range(3):
        seen = as_seen(session, cast.technical, project)
        log_record(session, seen, draft(text=f"Details {number}"), by=cast.technical)
    log_record(session, as_seen(session, cast.sales1, project), draft(text="My own"), by=cast.sales1)
    session.commit()
    (change,) = load_beside(session, cast.sales1, TODAY).changes
    assert (change.kind, change.who, change.count) == (Kind.RECORD_LOGGED, "Technical", 3)
    client = browser.of(cast.sales1)
    page = client.get("/").text
    newest = load_beside(session, cast.sales1, TODAY).newest
    assert "Changed since you looked" in page and "and 2 more" in page
    assert client.post("/seen", data={"newest": newest}).status_code == 303
    assert "Changed since you looked" not in client.get("/").text
    log_record(session, as_seen(session, cast.technical, project), draft(text="One more"), by=cast.technical)
    session.commit()
    assert load_beside(session, cast.sales1, TODAY).changes[0].count == 1
    assert load_beside(session, cast.sales2, TODAY).changes == []


def test_nobody_has_seen_what_is_still_to_come(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    for sent in ("999999999", "nonsense", "-5"):
        client.post("/seen", data={"newest": sent})
    newest = session.scalars(select(Event.id).order_by(Event.id.desc())).first() or 0
    assert session.get_one(LastLook, cast.sales1.id).event_id <= newest


def test_registrations_wait_for_those_who_look_after_dealers(session: Session, cast: Cast, browser: Browser) -> None:
    dealer = make_dealer(session, cast.xinyuan, cast.director)
    registration = handed_in(session, dealer, cast.dealer1)
    assert "registrations" in parts(session, cast.supervisor)
    assert "registrations" not in parts(session, cast.sales1) | parts(session, cast.dealer1)
    assert f"/registrations/{registration.id}" in browser.of(cast.supervisor).get("/").text


def test_who_leads_people_sees_where_they_are_what_moved_and_what_to_ask(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, name="Harbour Hotel")
    make_plan(session, cast.sales1, project, days=0, at="09:30")
    missed = make_plan(session, cast.sales1, project, days=1, text="See the buyer")
    missed.record.happened_on = TODAY - timedelta(days=1)
    make_away(session, cast.sales2, place="Berlin")
    promised = draft(text="Talked.", next_step="Bring samples", next_on=TODAY - timedelta(days=2),
                     on=TODAY - timedelta(days=6))  # fmt: skip
    log_record(session, as_seen(session, cast.sales1, project), promised, by=cast.sales1)
    session.add(Event(kind=Kind.PHASE_MOVED, subject="project", subject_id=project.id, project_id=project.id,
                      by_id=cast.sales1.id, data={}))  # fmt: skip
    session.commit()
    assert {"where", "questions", "moved"} <= parts(session, cast.supervisor)
    led = load_led(session, cast.supervisor, TODAY)
    assert {(one.source, one.text) for one in led.questions} == {
        ("plan", "See the buyer"),
        ("promise", "Bring samples"),
    }
    assert [(one.name, one.kind) for one in led.moved] == [("Harbour Hotel", Kind.PHASE_MOVED)]
    page = browser.of(cast.supervisor).get("/").text
    assert "Berlin" in page and "09:30" in page and "Bring samples" in page
    asked = f"/annotate/record/{missed.record.id}?text=What"
    assert asked in page, "he asks on the record itself"
    assert "What came of it?</textarea>" in browser.of(cast.supervisor).get(f"{asked}+came+of+it%3F").text
    other = load_led(session, cast.supervisor2, TODAY)
    assert (other.questions, other.moved) == ([], [])
    for person in (cast.sales1, cast.technical, cast.dealer1):
        assert not {"where", "questions", "moved", "silent", "unassigned"} & parts(session, person)


def test_a_promise_after_which_something_was_logged_is_no_question(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    seen = as_seen(session, cast.sales1, project)
    log_record(session, seen, draft(next_step="Bring samples", next_on=TODAY - timedelta(days=2)), by=cast.sales1)
    log_record(session, as_seen(session, cast.sales1, project), draft(text="Brought them."), by=cast.sales1)
    session.commit()
    assert load_led(session, cast.supervisor, TODAY).questions == []


def test_silent_departments_and_leads_without_an_owner_are_there_to_assign(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, name="Harbour Hotel")
    southern = make_project(session, cast.sales3)
    for one in (project, southern):
        one.next_due_on = TODAY - timedelta(days=4)
        session.merge(ProjectDesk(project_id=one.id, department="technical"))
    lead = make_lead(session, cast.sales1, name="Canal House")
    lead.owner_id, lead.team_id = None, cast.north.id
    session.commit()
    led = load_led(session, cast.supervisor, TODAY)
    assert ("technical", "Harbour Hotel") in {(one.department, one.name) for one in led.silent}
    assert southern.id not in {one.project_id for one in led.silent}
    assert [name for _number, name, _day in led.unassigned] == ["Canal House"]
    page = browser.of(cast.supervisor).get("/").text
    assert f"/projects/{project.id}/people" in page and "/leads?unassigned=1" in page


def test_a_request_is_decided_from_here_with_a_sentence(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, name="Harbour Hotel")
    asked = ask_approval(session, project, MovePhase("specify"), by=cast.sales1, reason="He waits.",
                         complete_by=TODAY + timedelta(days=7))  # fmt: skip
    session.commit()
    client = browser.of(cast.supervisor)
    page = client.get("/").text
    assert "He waits." in page and f'action="/approvals/{asked.id}"' in page and "1 request waits" in page
    assert f"/approvals/{asked.id}" not in browser.of(cast.supervisor2).get("/").text
    answer = client.post(f"/approvals/{asked.id}", data={"decision": "decline", "answer": "Not yet.", "next": "/"})
    assert answer.location == "/" and f"/approvals/{asked.id}" not in client.get("/").text
    session.refresh(asked)
    assert (asked.state, asked.answer) == ("declined", "Not yet.")


def test_each_line_has_the_tap_that_does_it(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, name="Harbour Hotel")
    project.next_due_on = TODAY
    quiet = make_project(session, cast.sales1, name="Gone quiet")
    quiet.silent_after = TODAY - timedelta(days=2)
    quiet.last_record_on, quiet.next_due_on = TODAY - timedelta(days=20), TODAY - timedelta(days=7)
    lead = make_lead(session, cast.sales1, name="Canal House")
    free = make_lead(session, cast.sales1, name="Plot 7")
    free.owner_id, free.team_id = None, cast.north.id
    session.commit()
    page = browser.of(cast.sales1).get("/").text
    assert f'class="btn btn-sm" href="/projects/{project.id}/log"' in page
    assert f'class="btn btn-sm" href="/calendar/plans/new?project={quiet.id}"' in page
    assert f'class="btn btn-sm" href="/leads/{lead.id}#note-title"' in page
    assert "Nothing for 20 days, where the cell allows" in page and "Tasks are late since 9 Mar." in page
    assert f'href="/leads/{free.id}#assign-title"' in browser.of(cast.supervisor).get("/").text


def test_it_stays_within_its_budget_with_everything_on_it(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(12):
        project = make_project(session, cast.sales1, name=f"Site {number}", members=(cast.technical,))
        planned = make_plan(session, cast.sales1, project, days=0, text=f"Visit {number}")
        assert planned.open
        log_record(session, as_seen(session, cast.technical, project), draft(text=f"Drawn {number}"), by=cast.technical)
        make_todo(session, cast.supervisor, owner=cast.sales1, project_id=project.id, text=f"Thing {number}")
        window(session, project, 3)
        project.next_due_on = project.silent_after = TODAY - timedelta(days=1)
        make_lead(session, cast.sales1, name=f"Plot {number}")
        ask_approval(session, as_seen(session, cast.sales1, project), MovePhase("specify"), by=cast.sales1,
                     reason="He waits.", complete_by=TODAY + timedelta(days=7))  # fmt: skip
    make_away(session, cast.sales2)
    session.commit()
    for person, budget in ((cast.sales1, BUDGET), (cast.technical, BUDGET), (cast.supervisor, LEADING)):
        client = browser.of(person)
        client.get("/")
        with counted_queries() as asked:
            assert client.get("/").status_code == 200
        assert len(asked) <= budget, (person.name, len(asked))
    assert clock.today() == TODAY

"""A plan is put onto a day, moved, called off, and kept by what is logged; each leaves an event, and who comes along
is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.calendar.making import again, make_plan
from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.leads.making import make_lead
from tests.matrix.making import as_seen, building_of, draft, log_form
from tests.notifications.making import told
from tracker import clock
from tracker.calendar.models import Plan
from tracker.calendar.operations.planning import (
    PlanChange,
    PlanDraft,
    call_off,
    change_plan,
    move_plan,
    plan_on_lead,
    plan_on_project,
)
from tracker.calendar.queries import get_plan
from tracker.errors import Forbidden, Invalid, NotFound, Refused, Stale
from tracker.events import Event, Kind
from tracker.leads.queries import load_lead
from tracker.matrix.models import Record
from tracker.matrix.operations.approvals import ask_approval, grant_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.operations.records import log_record
from tracker.matrix.queries import get_approval

PLANNING = (Kind.PLAN_MADE, Kind.PLAN_MOVED, Kind.PLAN_CALLED_OFF, Kind.PLAN_KEPT)


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Event.kind).where(Event.kind.in_(PLANNING)).order_by(Event.id)))


def in_days(number: int) -> str:
    return (clock.today() + timedelta(days=number)).isoformat()


def sent(project_id: int, **values: object) -> dict[str, object]:
    plain = {"project_id": project_id, "kind": "site_visit", "on": in_days(2), "at": "09:30", "minutes": "90",
             "text": "Look at the mock-up"}  # fmt: skip
    return {**plain, **values}


def test_a_visit_is_planned_with_time_and_company_and_the_colleague_is_told(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, members=(cast.technical,))
    session.commit()
    mine = browser.of(cast.sales1)
    page = mine.get(f"/calendar/plans/new?project={project.id}&on={in_days(2)}").text
    assert f'value="{in_days(2)}"' in page and "Technical" in page
    assert mine.post("/calendar/plans", data=sent(project.id, people=[cast.technical.id])).status_code == 303
    record = session.scalars(select(Record)).one()
    planned = get_plan(session, cast.technical, record.id)
    assert (planned.at, planned.plan and planned.plan.minutes, planned.open) == ("09:30", 90, True)
    assert [one.id for one in planned.people] == [cast.technical.id]
    assert (record.is_plan, record.phase, record.step) == (True, "map", "structure")
    assert kinds(session) == [Kind.PLAN_MADE]
    assert len(told(session, cast.technical, "plan_news")) == 1
    assert told(session, cast.sales1, "plan_news") == []


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"on": "2026-03-15"}, "This day has passed"),
        ({"on": "2027-09-01"}, "at most a year ahead"),
        ({"at": "25:99"}, "Write the time"),
        ({"minutes": "9000"}, "Write a number"),
        ({"text": " "}, "what for?"),
    ],
)
def test_what_cannot_be_planned_is_refused_and_what_was_typed_stays(
    session: Session, cast: Cast, browser: Browser, values: dict[str, object], why: str
) -> None:
    project = make_project(session, cast.sales1)
    session.commit()
    answer = browser.of(cast.sales1).post("/calendar/plans", data=sent(project.id, **{"text": "Keep me", **values}))
    assert answer.status_code == 422 and why in answer.text
    assert "text" in values or 'value="Keep me"' in answer.text
    assert session.scalars(select(Record)).all() == []


def test_nobody_comes_along_to_a_site_that_he_does_not_see(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    with pytest.raises(Invalid) as refusal:
        make_plan(session, cast.sales1, project, people=(cast.sales3.id,))
    assert refusal.value.field == "people"


def test_who_does_not_see_the_site_or_may_not_log_plans_nothing(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    session.commit()
    assert browser.of(cast.sales2).post("/calendar/plans", data=sent(project.id)).status_code == 404
    assert browser.of(cast.compliance).post("/calendar/plans", data=sent(project.id)).status_code == 403
    planned = make_plan(session, cast.sales1, project)
    with pytest.raises(NotFound):
        get_plan(session, cast.sales2, planned.record.id)
    assert browser.of(cast.dealer1).get(f"/calendar/plans/{planned.record.id}").status_code == 404


def test_a_form_sent_twice_plans_once(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    session.commit()
    mine = browser.of(cast.sales1)
    first, second = (mine.post("/calendar/plans", data=sent(project.id, token="once")) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(session.scalars(select(Record)).all()) == 1


def test_a_plan_moves_to_another_day_and_the_company_is_told(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, members=(cast.technical,))
    planned = make_plan(session, cast.sales1, project, at="09:30", people=(cast.technical.id,))
    moved = browser.of(cast.sales1).post(
        f"/calendar/plans/{planned.record.id}/move",
        data={"on": in_days(4), "version": planned.version, "next": "/calendar?view=month"},
    )
    assert (moved.status_code, moved.location) == (303, "/calendar?view=month")
    now = again(session, cast.sales1, planned)
    assert (now.on.isoformat(), now.at) == (in_days(4), "09:30")
    assert now.version > planned.version - 1
    assert kinds(session) == [Kind.PLAN_MADE, Kind.PLAN_MOVED]
    assert len(told(session, cast.technical, "plan_news")) == 2


def test_a_plan_that_somebody_moved_meanwhile_stays_where_he_put_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, members=(cast.technical,))
    planned = make_plan(session, cast.sales1, project, people=(cast.technical.id,))
    seen = planned.version
    move_plan(session, planned, clock.today() + timedelta(days=3), by=cast.technical, version=seen)
    session.commit()
    with pytest.raises(Stale):
        move_plan(session, planned, clock.today() + timedelta(days=5), by=cast.sales1, version=seen)
    page = browser.of(cast.sales1)
    page.post(f"/calendar/plans/{planned.record.id}/move", data={"on": in_days(5), "version": seen})
    assert "changed this plan meanwhile" in page.get("/calendar").text
    assert again(session, cast.sales1, planned).on.isoformat() == in_days(3)
    answer = page.post(f"/calendar/plans/{planned.record.id}", data={"on": in_days(5), "version": seen})
    assert answer.status_code == 409


def test_time_and_company_change_without_the_day(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, members=(cast.technical,))
    planned = make_plan(session, cast.sales1, project)
    change = PlanChange(planned.on, "14:00", 30, (cast.technical.id,))
    change_plan(session, planned, change, by=cast.sales1, version=planned.version)
    session.commit()
    now = again(session, cast.sales1, planned)
    assert (now.at, [one.id for one in now.people], now.version) == ("14:00", [cast.technical.id], planned.version)
    (event,) = session.scalars(select(Event).where(Event.kind == Kind.PLAN_MOVED)).all()
    assert event.data["before"] == {"at": "", "people": []}


def test_a_plan_is_called_off_with_a_reason_and_stays_so(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    planned = make_plan(session, cast.sales1, project)
    client, address = browser.of(cast.sales1), f"/calendar/plans/{planned.record.id}"
    assert client.post(f"{address}/off", data={"why": " "}).status_code == 422
    assert client.post(f"{address}/off", data={"why": "The site is closed"}).status_code == 303
    now = again(session, cast.sales1, planned)
    assert now.off and "The site is closed" in client.get(address).text
    with pytest.raises(Refused):
        move_plan(session, now, clock.today() + timedelta(days=3), by=cast.sales1, version=now.version)
    assert kinds(session) == [Kind.PLAN_MADE, Kind.PLAN_CALLED_OFF]


def test_a_supervisor_changes_it_and_a_mere_reader_does_not(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, members=(cast.technical,))
    planned = make_plan(session, cast.sales1, project)
    with pytest.raises(Forbidden):
        call_off(session, get_plan(session, cast.technical, planned.record.id), by=cast.technical, why="No")
    call_off(session, get_plan(session, cast.supervisor, planned.record.id), by=cast.supervisor, why="Fair week")
    assert len(told(session, cast.sales1, "plan_news")) == 1, "who made the plan hears of it"


def test_a_plan_becomes_a_record_with_one_tap_and_counts_as_kept(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    planned = make_plan(session, cast.sales1, project, days=0)
    client, address = browser.of(cast.sales1), f"/projects/{project.id}/log"
    form = client.get(f"{address}?plan={planned.record.id}").text
    assert f'name="keeps" type="hidden" value="{planned.record.id}"' in form and "Look at the mock-up" in form
    data = log_form(building_of(session, project), keeps=planned.record.id, text="Saw the mock-up.")
    assert client.post(address, data=data).status_code == 303
    now = again(session, cast.sales1, planned)
    done = session.scalars(select(Record).where(Record.is_plan.is_(False))).one()
    assert now.kept and now.plan and now.plan.kept_by_id == done.id
    assert kinds(session) == [Kind.PLAN_MADE, Kind.PLAN_KEPT]
    log_record(session, as_seen(session, cast.sales1, project), draft(text="Again.", keeps=planned.record.id),
               by=cast.sales1)  # fmt: skip
    assert again(session, cast.sales1, planned).plan.kept_by_id == done.id, "kept once"  # type: ignore[union-attr]


def test_a_plan_of_another_site_is_not_kept_by_a_record_here(session: Session, cast: Cast) -> None:
    project, other = make_project(session, cast.sales1), make_project(session, cast.sales1)
    planned = make_plan(session, cast.sales1, other, days=0)
    log_record(session, as_seen(session, cast.sales1, project), draft(keeps=planned.record.id), by=cast.sales1)
    assert again(session, cast.sales1, planned).open


def test_a_lead_is_planned_and_kept_too_and_a_plan_is_no_evidence(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = make_lead(session, cast.sales1)
    wanted = PlanDraft(clock.today(), "call", "Ask who decides", at="10:00")
    planned = plan_on_lead(session, load_lead(session, cast.sales1, lead.id), wanted, by=cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    form = client.get(f"/leads/{lead.id}?plan={planned.id}").text
    assert "Ask who decides" in form and f'value="{planned.id}"' in form
    logged = client.post(
        f"/leads/{lead.id}/records",
        data={"kind": "call", "on": in_days(0), "text": "Mr Wang decides.", "keeps": planned.id},
    )
    assert logged.status_code == 303
    assert session.get_one(Plan, planned.id).kept_by_id is not None


def test_a_plan_from_the_log_form_has_a_page_too(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    tomorrow = clock.today() + timedelta(days=1)
    logged = log_record(session, project, draft(on=tomorrow, is_plan=True, text="Come back"), by=cast.sales1)
    session.commit()
    address = f"/calendar/plans/{logged.record.id}"
    client = browser.of(cast.sales1)
    assert "Come back" in client.get(address).text
    assert client.post(address, data={"on": in_days(3), "at": "08:15", "version": "1"}).status_code == 303
    planned = get_plan(session, cast.sales1, logged.record.id)
    assert (planned.on.isoformat(), planned.at) == (in_days(3), "08:15")


def test_a_rule_that_stands_in_the_way_is_named(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, state="closed")
    session.commit()
    answer = browser.of(cast.sales1).post("/calendar/plans", data=sent(project.id))
    assert answer.status_code == 422 and "G40" in answer.text
    with pytest.raises(Refused):
        plan_on_project(session, as_seen(session, cast.sales1, project),
                        PlanDraft(clock.today(), "site_visit", "No"), by=cast.sales1)  # fmt: skip


def test_a_plan_is_kept_too_when_a_rule_first_had_to_be_asked(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, since=clock.today() - timedelta(days=200))
    planned = make_plan(session, cast.sales1, project)
    long_ago = clock.today() - timedelta(days=70)
    late = draft(on=long_ago, text="Seen in January.", keeps=planned.record.id)
    with pytest.raises(Blocked) as refusal:
        log_record(session, as_seen(session, cast.sales1, project), late, by=cast.sales1)
    session.rollback()
    asked = ask_approval(
        session, as_seen(session, cast.sales1, project), refusal.value.wish, by=cast.sales1,
        reason="I was ill.", extra={"draft": late.to_json()},
    )  # fmt: skip
    session.commit()
    grant_approval(session, get_approval(session, cast.supervisor, asked.id), by=cast.supervisor, answer="Fine")
    session.commit()
    assert again(session, cast.sales1, planned).kept

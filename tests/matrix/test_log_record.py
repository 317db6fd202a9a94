"""Logging a visit in a cell: operations on a real database, no HTTP."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.matrix.making import draft
from tests.rows import count, events_of
from tracker import clock
from tracker.access import visible
from tracker.errors import AlreadyDone, Forbidden, Invalid, Stale
from tracker.events import Kind
from tracker.matrix.models import Approval, Evidence, Move, Record
from tracker.matrix.operations.approvals import ask_approval, decline_approval, grant_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.operations.moves import move_phase
from tracker.matrix.operations.records import correct_record, log_record
from tracker.projects.models import Building, Project, ProjectContact, ProjectDesk
from tracker.projects.queries import get_project
from workflows.wishes import MovePhase, MoveStep

FRIDAY = date(2026, 3, 20)


def test_a_record_lands_in_its_cell_and_leaves_an_event(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    logged = log_record(session, project, draft(), by=cast.sales1)
    assert (logged.record.phase, logged.record.step) == ("map", "structure")
    assert logged.record.department == "sales"
    assert project.last_record_on == clock.today()
    assert events_of(session, project) == [Kind.RECORD_LOGGED]


def test_a_record_in_a_cell_not_yet_reached_is_refused_by_g14_unless_it_is_a_plan(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    with pytest.raises(Blocked) as refusal:
        log_record(session, project, draft(step="fitout"), by=cast.sales1)
    assert refusal.value.rules == ("G14",)
    planned = log_record(session, project, draft(step="fitout", is_plan=True), by=cast.sales1)
    assert planned.record.is_plan


def test_a_visit_of_next_week_is_refused_as_done_by_g17(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    with pytest.raises(Blocked) as refusal:
        log_record(session, project, draft(on=clock.today() + timedelta(days=7)), by=cast.sales1)
    assert "G17" in refusal.value.rules


def test_a_visit_entered_three_weeks_late_is_marked_as_late_entry(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, since=clock.today() - timedelta(days=90))
    logged = log_record(session, project, draft(on=clock.today() - timedelta(days=20)), by=cast.sales1)
    assert logged.record.late_entry


def test_the_second_press_of_the_same_form_logs_nothing(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    first = log_record(session, project, draft(token="once-only"), by=cast.sales1)
    with pytest.raises(AlreadyDone) as again:
        log_record(session, project, draft(token="once-only"), by=cast.sales1)
    assert again.value.details == first.record.id


def test_a_photo_task_is_closed_by_a_photo_and_only_weakly_by_a_note(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="ground", since=clock.today())
    proof = "X.qualify.progress_proved"
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    logged = log_record(
        session,
        project,
        draft(phase="qualify", step="ground", closes=(proof,), photos=(photo.token,)),
        by=cast.sales1,
    )
    assert logged.closed == (proof,) and logged.weak == ()
    assert session.scalars(select(Evidence.kind)).all() == ["photo"]
    assert photo.record_id == logged.record.id
    weakly = log_record(session, project, draft(phase="qualify", step="ground", closes=(proof,)), by=cast.sales1)
    assert weakly.weak == (proof,)


def test_a_photo_of_today_proves_the_next_step(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, since=clock.today() - timedelta(days=30))
    photo = make_photo(session, cast.sales1, taken_on=clock.today() - timedelta(days=2))
    logged = log_record(session, project, draft(progress="masonry", photos=(photo.token,)), by=cast.sales1)
    assert (photo.phase, photo.step) == ("map", "masonry")  # a picture lies at the step that it shows
    assert logged.progress is not None and logged.progress.allowed
    assert project.step == "masonry"
    assert project.step_since == clock.today() - timedelta(days=2)
    assert session.scalar(select(Move.proof).where(Move.axis == "step")) == "exif"


def test_progress_without_a_fresh_proof_is_refused_by_g12_and_nothing_is_logged(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    photo = make_photo(session, cast.sales1, taken_on=clock.today() - timedelta(days=20))
    with pytest.raises(Blocked) as refusal, session.begin_nested():
        log_record(session, project, draft(progress="masonry", photos=(photo.token,)), by=cast.sales1)
    assert "G12" in refusal.value.rules
    session.refresh(project)
    assert project.step == "structure"
    assert session.scalars(select(Record)).all() == []


def test_a_stated_proof_needs_the_supervisor_and_marks_the_step_unverified(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    building = session.scalars(select(Building).where(Building.project_id == project.id)).one()
    wish = MoveStep(building.id, "masonry", clock.today(), "stated", True)
    request = ask_approval(session, project, wish, by=cast.sales1, reason="The phone strips dates.")
    session.commit()
    with pytest.raises(Forbidden):
        grant_approval(session, request, by=cast.supervisor2, answer="Fine")
    grant_approval(session, request, by=cast.supervisor, answer="I was there too.")
    assert request.state == "used"
    assert building.step == "masonry" and building.unverified
    assert project.step == "masonry"


def test_a_granted_request_lapses_when_the_project_moved_meanwhile(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="envelope")
    building = session.scalars(select(Building).where(Building.project_id == project.id)).one()
    wish = MoveStep(building.id, "mep", clock.today(), "stated", True)
    request = ask_approval(session, project, wish, by=cast.sales1, reason="No signal there.")
    project.phase = "map"
    session.flush()
    grant_approval(session, request, by=cast.supervisor, answer="Yes")
    assert request.state == "lapsed"
    assert building.step == "envelope"


def test_a_declined_request_changes_nothing_and_says_why(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    request = ask_approval(
        session, project, MovePhase("specify"), by=cast.sales1, reason="The designer waits.", complete_by=FRIDAY
    )
    decline_approval(session, request, by=cast.supervisor, answer="Meet the decision maker first.")
    assert (request.state, request.answer, project.phase) == ("declined", "Meet the decision maker first.", "map")


def test_nobody_decides_his_own_request(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    request = ask_approval(
        session, project, MovePhase("specify"), by=cast.supervisor, reason="Criteria follow.", complete_by=FRIDAY
    )
    with pytest.raises(Exception, match="own request"):
        grant_approval(session, request, by=cast.supervisor, answer="Yes")


def test_a_supervisor_who_gives_a_reason_stands_behind_his_own_move(session: Session, cast: Cast) -> None:
    project = get_project(session, cast.supervisor, make_project(session, cast.sales1).id)
    with pytest.raises(Invalid) as refusal:
        move_phase(session, project, "specify", by=cast.supervisor, reason="Criteria follow by Friday.")
    assert refusal.value.field == "complete_by"
    move_phase(session, project, "specify", by=cast.supervisor, reason="Criteria follow.", complete_by=FRIDAY)
    assert project.phase == "specify"
    approval = session.scalars(select(Approval)).one()
    assert (approval.state, approval.decided_by_id, approval.complete_by) == ("used", cast.supervisor.id, FRIDAY)


def test_a_blocked_cell_stays_blocked_even_for_the_supervisor(session: Session, cast: Cast) -> None:
    made = make_project(session, cast.sales1, phase="qualify", step="land")
    project = get_project(session, cast.supervisor, made.id)
    with pytest.raises(Blocked) as refusal:
        move_phase(session, project, "bid", by=cast.supervisor, reason="They asked for a price.")
    assert "G01" in refusal.value.rules
    assert project.phase == "qualify"


def test_whom_one_met_joins_the_project_with_the_day(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    contact = make_contact(session, make_party(session))
    log_record(session, project, draft(met=(contact.id,)), by=cast.sales1)
    row = session.scalars(select(ProjectContact)).one()
    assert (row.contact_id, row.last_met_on) == (contact.id, clock.today())


def test_a_wrong_record_is_corrected_and_keeps_the_old_text(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    record = log_record(session, project, draft(text="Floor 6"), by=cast.sales1).record
    with pytest.raises(Forbidden):
        correct_record(session, record, by=cast.sales2, version=record.version, text="Floor 7", reason="typo")
    with pytest.raises(Stale):
        correct_record(session, record, by=cast.sales1, version=record.version + 1, text="Floor 7", reason="typo")
    with pytest.raises(Invalid):
        correct_record(session, record, by=cast.sales1, version=record.version, text="Floor 7", reason=" ")
    correct_record(session, record, by=cast.sales1, version=record.version, text="Floor 7", reason="typo")
    session.refresh(record, ["corrections"])
    assert record.text == "Floor 7"
    assert [c.before["text"] for c in record.corrections] == ["Floor 6"]


def test_the_desk_of_a_department_that_owes_work_sees_the_project(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="specify", step="drawings", since=clock.today())
    log_record(session, project, draft(phase="specify", step="drawings"), by=cast.sales1)
    desks = set(session.scalars(select(ProjectDesk.department).where(ProjectDesk.project_id == project.id)))
    assert "technical" in desks and "sales" not in desks
    assert session.scalar(select(Project.id).where(visible(Project, cast.technical))) == project.id


def test_an_empty_sentence_is_refused_beside_its_field(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    with pytest.raises(Invalid) as refusal:
        log_record(session, project, draft(text="  "), by=cast.sales1)
    assert refusal.value.field == "text"


def test_a_colleague_s_pictures_cannot_be_claimed(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    photo = make_photo(session, cast.sales2, taken_on=date(2026, 3, 15))
    log_record(session, project, draft(photos=(photo.token,)), by=cast.sales1)
    assert photo.record_id is None


def test_the_same_sentence_pressed_again_after_going_back_is_one_record(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    first = log_record(session, project, draft(token="one"), by=cast.sales1).record
    with pytest.raises(AlreadyDone) as again:
        log_record(session, project, draft(token="two"), by=cast.sales1)
    assert again.value.details == first.id and count(session, Record) == 1
    log_record(session, project, draft(token="three", text="Met the buyer twice."), by=cast.sales1)
    log_record(session, project, draft(token="four", kind="call"), by=cast.sales1)
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        log_record(session, project, draft(token="five"), by=cast.sales1)
    assert count(session, Record) == 4

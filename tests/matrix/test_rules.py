"""Each rule of this stage as the application enforces it: by operations on a real database, not the engine alone."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_photo, make_project
from tests.matrix.making import as_seen, building_of, day, draft, meet_exits
from tests.rows import count
from tracker import clock
from tracker.matrix.models import Approval, Evidence, Move, Record
from tracker.matrix.operations.approvals import ask_approval, grant_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.matrix.operations.records import correct_record, log_record
from tracker.matrix.operations.refreshing import refresh
from tracker.matrix.queries import load_matrix
from tracker.projects.models import Building, Project
from tracker.projects.operations import open_project
from tracker.projects.operations.opening import ProjectDraft
from workflows.wishes import MovePhase

TODAY = date(2026, 3, 16)
FRIDAY = date(2026, 3, 20)
TRACKER = Path(__file__).resolve().parents[2] / "tracker"


def rules_of(refusal: pytest.ExceptionInfo[Blocked]) -> set[str]:
    return set(refusal.value.rules)


def photo_of(on: date) -> Proof:
    return Proof(on, "exif", True)


def unchanged(session: Session, project: Project, phase: str, step: str) -> bool:
    """Whether the project stands where it stood, with no move, record or request written."""
    session.rollback()
    session.refresh(project)
    return (project.phase, project.step) == (phase, step) and not any(
        count(session, model) for model in (Move, Record, Approval)
    )


def test_g01_a_project_enters_no_blocked_cell_whoever_asks(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="land")
    meet_exits(session, project, "qualify")
    for person, reason in ((cast.sales1, "They asked"), (cast.supervisor, "They asked"), (cast.gm, "They asked")):
        with pytest.raises(Blocked) as refusal:
            move_phase(session, as_seen(session, person, project), "bid", by=person, reason=reason)
        assert "G01" in rules_of(refusal)
        suggestion = refusal.value.decision.suggestion
        assert suggestion is not None and suggestion.wish == MovePhase("map", reason)
    with pytest.raises(Blocked):
        ask_approval(session, project, MovePhase("bid"), by=cast.sales1, reason="They asked")
    assert unchanged(session, project, "qualify", "land")


def test_g02_a_late_cell_is_entered_with_a_supervisor_alone(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="map", step="structure", categories=())
    meet_exits(session, project, "map")
    seen = as_seen(session, cast.sales1, project)
    with pytest.raises(Blocked) as refusal:
        move_phase(session, seen, "specify", by=cast.sales1, reason="Drawings are not stamped yet")
    assert rules_of(refusal) == {"G02"}
    request = ask_approval(session, seen, MovePhase("specify"), by=cast.sales1, reason="Drawings are not stamped")
    session.commit()
    grant_approval(session, as_seen_request(session, cast, request), by=cast.supervisor, answer="Go on")
    assert (project.phase, request.state, request.rules) == ("specify", "used", ["G02"])
    assert session.scalars(select(Move.approval_id).where(Move.axis == "phase")).all() == [request.id]


def as_seen_request(session: Session, cast: Cast, request: Approval) -> Approval:
    """The request as the supervisor's page loads it."""
    from tracker.matrix.queries import get_approval

    return get_approval(session, cast.supervisor, request.id)


def test_g03_nobody_moves_on_while_proof_is_missing(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="drawings")
    meet_exits(session, project, "qualify", without=("progress_proved",))
    seen = as_seen(session, cast.sales1, project)
    with pytest.raises(Blocked) as refusal:
        move_phase(session, seen, "map", by=cast.sales1)
    assert rules_of(refusal) == {"G03"}
    assert refusal.value.decision.blocking[0].missing == ("X.qualify.progress_proved",)
    photo = make_photo(session, cast.sales1, taken_on=TODAY)
    proof = draft(phase="qualify", step="drawings", closes=("X.qualify.progress_proved",), photos=(photo.token,))
    log_record(session, seen, proof, by=cast.sales1)
    move_phase(session, seen, "map", by=cast.sales1)
    assert project.phase == "map"


def test_g03_is_waived_once_in_a_phase_and_up_to_a_day(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="drawings")
    seen = as_seen(session, cast.supervisor, project)
    move_phase(session, seen, "map", by=cast.supervisor, reason="Papers follow", complete_by=FRIDAY)
    assert session.scalars(select(Approval.complete_by)).all() == [FRIDAY]
    move_phase(session, seen, "qualify", by=cast.supervisor, reason="New drawings")
    with pytest.raises(Blocked) as refusal:
        move_phase(session, seen, "map", by=cast.supervisor, reason="Papers follow again", complete_by=FRIDAY)
    assert rules_of(refusal) == {"G03"} and not refusal.value.decision.overridable


def test_g03_is_never_waived_for_a_contract_that_is_not_signed(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="contract", step="masonry")
    meet_exits(session, project, "contract", without=("signed",))
    with pytest.raises(Blocked) as refusal:
        move_phase(
            session,
            as_seen(session, cast.gm, project),
            "deliver",
            by=cast.gm,
            reason="The site is waiting",
            complete_by=FRIDAY,
        )
    assert rules_of(refusal) == {"G03"}
    assert unchanged(session, project, "contract", "masonry")


def test_g04_a_phase_that_the_route_requires_is_not_skipped(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="map", step="structure", route="contractor_buy", categories=())
    meet_exits(session, project, "map")
    for person in (cast.sales1, cast.supervisor):
        with pytest.raises(Blocked) as refusal:
            move_phase(session, as_seen(session, person, project), "bid", by=person, reason="They want a price now")
        assert "G04" in rules_of(refusal)
    assert unchanged(session, project, "map", "structure")


def test_g05_an_optional_phase_is_skipped_with_a_sentence(session: Session, cast: Cast) -> None:
    project = make_project(
        session, cast.sales1, phase="shortlist", step="masonry", route="central_procurement", categories=()
    )
    meet_exits(session, project, "shortlist")
    seen = as_seen(session, cast.sales1, project)
    with pytest.raises(Blocked) as refusal:
        move_phase(session, seen, "contract", by=cast.sales1)
    assert rules_of(refusal) == {"G05"} and refusal.value.decision.needs == "reason"
    decision = move_phase(session, seen, "contract", by=cast.sales1, reason="Frame price HY-2024-JC-017")
    assert decision.rules == ("G05",)
    move = session.scalars(select(Move)).one()
    assert (move.reason, move.rules) == ("Frame price HY-2024-JC-017", ["G05"])


def test_g08_one_step_back_wants_a_reason_of_the_list_and_its_photo(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="deliver", step="fitout")
    building = building_of(session, project)
    for proof, reason in ((photo_of(TODAY), None), (photo_of(TODAY), "mood"), (Proof(), "rebuild")):
        with pytest.raises(Blocked) as refusal:
            move_step(session, project, building, "mep", by=cast.sales1, on=TODAY, proof=proof, reason_key=reason)
        assert rules_of(refusal) == {"G08"}
    move_step(session, project, building, "mep", by=cast.sales1, on=TODAY, proof=photo_of(TODAY), reason_key="rebuild")
    assert (building.step, project.step) == ("mep", "mep")


def test_g11_a_jump_is_accepted_with_a_remark(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="map", step="ground")
    building = building_of(session, project)
    decision = move_step(session, project, building, "envelope", by=cast.sales1, on=TODAY, proof=photo_of(TODAY))
    assert decision.allowed and "G11" in decision.rules
    assert project.step == "envelope"
    assert "G11" in session.scalars(select(Move.rules)).one()


@pytest.mark.parametrize(
    ("proof", "overridable"),
    [
        (Proof(None, None, False), False),
        (Proof(TODAY, "stated", False), False),
        (Proof(None, None, True), False),
        (Proof(TODAY - timedelta(days=8), "exif", True), False),
        (Proof(TODAY + timedelta(days=1), "exif", True), False),
        (Proof(TODAY - timedelta(days=20), "stated", True), False),
        (Proof(TODAY, "stated", True), True),
    ],
)
def test_g12_progress_without_a_fresh_proof_is_not_taken(
    session: Session, cast: Cast, proof: Proof, overridable: bool
) -> None:
    project = make_project(session, cast.sales1)
    with pytest.raises(Blocked) as refusal:
        move_step(session, project, building_of(session, project), "masonry", by=cast.sales1, on=TODAY, proof=proof)
    assert rules_of(refusal) == {"G12"}
    assert refusal.value.decision.overridable is overridable
    assert unchanged(session, project, "map", "structure")


@pytest.mark.parametrize(("source", "marks"), [("exif", ()), ("browser", ("browser_dated",)), ("notice", ())])
def test_g12_a_week_old_photo_or_notice_proves_the_next_step(
    session: Session, cast: Cast, source: str, marks: tuple[str, ...]
) -> None:
    project = make_project(
        session, cast.sales1, phase="map", step="ground", categories=(), since=TODAY - timedelta(days=60)
    )
    seen_on = TODAY - timedelta(days=7)
    proof = Proof(seen_on, source, True)
    decision = move_step(
        session, project, building_of(session, project), "structure", by=cast.sales1, on=seen_on, proof=proof
    )
    assert decision.marks == marks
    assert (project.step, project.step_since) == ("structure", seen_on)
    assert session.scalars(select(Move.proof)).all() == [source]
    assert not building_of(session, project).unverified


def test_g14_work_is_logged_in_cells_the_project_has_reached(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="specify", step="structure")
    for cell in (("shortlist", "structure"), ("specify", "masonry"), ("deliver", "tender")):
        with pytest.raises(Blocked) as refusal:
            log_record(session, project, draft(phase=cell[0], step=cell[1]), by=cast.sales1)
        assert rules_of(refusal) == {"G14"} and not refusal.value.decision.overridable
        log_record(session, project, draft(phase=cell[0], step=cell[1], is_plan=True), by=cast.sales1)
    log_record(session, project, draft(phase="map", step="ground"), by=cast.sales1)
    assert [record.is_plan for record in session.scalars(select(Record).order_by(Record.id))] == [True] * 3 + [False]


@pytest.mark.parametrize(("days", "late"), [(0, False), (14, False), (15, True), (60, True)])
def test_g15_what_is_entered_more_than_two_weeks_late_is_marked(
    session: Session, cast: Cast, days: int, late: bool
) -> None:
    project = make_project(session, cast.sales1, since=TODAY - timedelta(days=200))
    logged = log_record(session, project, draft(on=TODAY - timedelta(days=days)), by=cast.sales1)
    assert logged.record.late_entry is late
    assert (logged.decision.rules == ("G15",)) is late


def test_g17_next_week_s_visit_is_a_plan(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    next_week = TODAY + timedelta(days=7)
    with pytest.raises(Blocked) as refusal:
        log_record(session, project, draft(on=next_week), by=cast.sales1)
    assert rules_of(refusal) == {"G17"}
    suggestion = refusal.value.decision.suggestion
    assert suggestion is not None and "plan" in suggestion.text.en
    assert log_record(session, project, draft(on=next_week, is_plan=True), by=cast.sales1).record.is_plan
    assert project.last_record_on is None


def test_g18_no_address_deletes_a_record_a_photo_or_a_contact(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    assert not [rule.rule for rule in rules if "DELETE" in (rule.methods or ())]
    words = ("delete", "purge", "destroy", "erase")
    named = [rule for rule in rules if any(word in f"{rule.rule} {rule.endpoint}" for word in words)]
    # The rule's own override: an administrator purges, with a reason, what must not be kept; row and event stay.
    assert {rule.endpoint.split(".")[0] for rule in named} == {"purging"}


def test_g18_no_line_of_the_program_deletes_what_happened() -> None:
    """What may be deleted: who and what joined something (an event keeps it), derived rows, and old import rows."""
    kept = {"Record", "Photo", "Contact", "Party", "Evidence", "Correction", "Move", "Approval", "Event", "Project",
            "Lead", "RecordHint", "RecordContact", "Document"}  # fmt: skip
    found = []
    for path in TRACKER.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            if isinstance(node.func, ast.Name) and node.func.id == "delete" and names & kept:
                found.append(f"{path.name}:{node.lineno}")
            if (
                ast.unparse(node.func).endswith("session.delete")
                and path.name
                not in (
                    "parts.py",
                    "people.py",
                    "names.py",
                    "sharing.py",  # whom a lead is shared with; an event keeps it
                    "covering.py",  # what somebody covers, and rules: settings, each dropped with its event
                    "ruling.py",
                    "selling.py",  # a dealer who sells in a project no more; an event keeps it
                    "uploading.py",  # pieces of files that nobody finished
                    "pairing.py",  # that two pictures are a pair; both stay, an event keeps it
                    "asking.py",  # a question about a picture that its own step has answered
                    "ways.py",  # a wrong number of a contact, a post that never was, a link: each with its event
                    "posts.py",
                    "links.py",
                    "forgetting.py",  # the numbers of somebody who was forgotten
                    "belongings.py",  # another name, role, certificate of a firm: each with its event
                    "agreements.py",  # a category or price line of an agreement of which nothing was drawn: so too
                    "profiles.py",  # a target of a dealer's contract
                    "standing.py",  # a dealer's place in a project, when he is out
                    "feeding.py",  # the address of a calendar feed that somebody ended
                    "passing.py",  # a leaver's place in a team, and what his successor has already
                )
                and "merging" not in path.parts
            ):  # what a merge had made for the kept one, when it is taken back
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_g18_a_wrong_record_is_corrected_with_a_trail_instead(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    record = log_record(session, project, draft(text="Floor 6"), by=cast.sales1).record
    correct_record(session, record, by=cast.sales1, version=record.version, text="Floor 7", reason="Miscounted")
    session.refresh(record, ["corrections"])
    assert [(c.before["text"], c.reason, c.by_id) for c in record.corrections] == [
        ("Floor 6", "Miscounted", cast.sales1.id)
    ]


def test_g43_a_silent_project_is_found_on_the_day_after_its_limit(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="bid", step="masonry", since=day("2026-03-01"))
    log_record(session, project, draft(phase="bid", step="masonry", on=day("2026-03-08")), by=cast.sales1)
    assert project.silent_after == day("2026-03-15")
    for text, days in (("2026-03-15", 7), ("2026-03-16", 8)):
        with clock.frozen(clock.at_noon(day(text))):
            view = load_matrix(session, cast.sales1, project).board
            assert view.cells[view.current].silent_days == days
            assert (project.silent_after < clock.today()) is (days == 8)
    log_record(session, project, draft(phase="bid", step="masonry", is_plan=True), by=cast.sales1)
    assert project.silent_after == day("2026-03-15")
    log_record(session, project, draft(phase="bid", step="masonry"), by=cast.sales1)
    assert project.silent_after == day("2026-03-23")


@pytest.mark.parametrize(
    ("state", "followed"), [("active", True), ("won", True), ("suspended", False), ("lost", False), ("closed", False)]
)
def test_g43_silence_counts_while_a_project_is_followed(
    session: Session, cast: Cast, state: str, followed: bool
) -> None:
    project = make_project(session, cast.sales1, phase="bid", step="masonry", state=state)
    refresh(session, project)
    assert (project.silent_after is not None) is followed


def test_g46_a_building_that_runs_ahead_strands_the_project_until_it_moves(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="specify", step="mep")
    building = building_of(session, project)
    decision = move_step(session, project, building, "fitout", by=cast.sales1, on=TODAY, proof=photo_of(TODAY))
    assert decision.allowed and "G46" in decision.rules
    assert (project.step, project.stranded_on) == ("fitout", TODAY)
    meet_exits(session, project, "specify")
    move_phase(session, as_seen(session, cast.gm, project), "map", by=cast.gm, reason="Follow the next block")
    assert project.stranded_on is None


def test_g47_a_building_that_carries_the_project_into_a_late_cell_is_remarked_on(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="specify", step="drawings")
    decision = move_step(
        session, project, building_of(session, project), "tender", by=cast.sales1, on=TODAY, proof=photo_of(TODAY)
    )
    assert decision.allowed and decision.rules == ("G47",)
    assert project.step == "tender" and project.stranded_on is None


def test_a_photo_from_before_the_present_step_counts_as_of_the_day_it_began(session: Session, cast: Cast) -> None:
    began = TODAY - timedelta(days=2)
    project = make_project(session, cast.sales1, phase="map", step="ground", categories=(), since=began)
    building = building_of(session, project)
    older = TODAY - timedelta(days=5)
    move_step(session, project, building, "structure", by=cast.sales1, on=older, proof=photo_of(older))
    assert (building.step_since, session.scalars(select(Move.on)).one()) == (began, began)


def test_progress_is_never_refused_for_the_cell_it_leads_to(session: Session, cast: Cast) -> None:
    for phase in ("qualify", "specify", "settle"):
        project = make_project(session, cast.sales1, phase=phase, step="land")
        building = building_of(session, project)
        for step in ("concept", "structure", "completion"):
            move_step(session, project, building, step, by=cast.sales1, on=TODAY, proof=photo_of(TODAY))
        assert project.step == "completion"


def test_the_building_furthest_on_gives_the_project_its_step(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="map", step="ground", categories=())
    second = Building(project_id=project.id, name="2#", step="drawings", step_since=TODAY)
    session.add(second)
    session.commit()
    move_step(session, project, second, "tender", by=cast.sales1, on=TODAY, proof=photo_of(TODAY))
    assert (second.step, project.step) == ("tender", "ground")
    move_step(session, project, second, "structure", by=cast.sales1, on=TODAY, proof=photo_of(TODAY))
    assert project.step == "structure"


def test_opening_obeys_the_same_rules_as_moving(session: Session, cast: Cast) -> None:
    plain = {"name": "Site", "kind": "residential_fitted", "route": "design_led", "categories": ("tiles",)}
    with pytest.raises(Blocked) as refusal:
        open_project(session, ProjectDraft(phase="bid", step="land", **plain), by=cast.sales1)  # type: ignore[arg-type]
    assert "G01" in rules_of(refusal)
    assert count(session, Project) == 0 and count(session, Evidence) == 0

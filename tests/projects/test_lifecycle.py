"""What becomes of a project and its lines: suspended, revived, lost, won, closed; by the operations on a database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_photo, make_project
from tests.matrix.making import as_seen, draft, meet_exits
from tests.rows import told_of
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.matrix.models import Approval, LifecycleChange
from tracker.matrix.operations.approvals import ask_approval, grant_approval
from tracker.matrix.operations.circumstances import lift_circumstance, state_circumstance
from tracker.matrix.operations.judging import Blocked, facts_of
from tracker.matrix.operations.moves import move_phase
from tracker.matrix.operations.records import log_record
from tracker.matrix.queries import get_approval
from tracker.projects.models import CategoryLine, Project
from tracker.projects.operations import (
    Loss,
    change_route,
    close_project,
    drop_category,
    lose_category,
    mark_lost,
    revive,
    revive_category,
    suspend,
    win_category,
)
from workflows.wishes import MovePhase

PRICE = Loss("price_high", winner="Ruian", gap_percent=Decimal(11), reason="Too dear")
TASTE = Loss("no_decision_maker", winner="", reason="Never got in")
CHECKED = frozenset({"contacts", "windows", "credit"})


def made(session: Session, cast: Cast, **values: object) -> Project:
    return as_seen(session, cast.sales1, make_project(session, cast.sales1, **values))  # type: ignore[arg-type]


def rules_of(refusal: pytest.ExceptionInfo[Blocked]) -> set[str]:
    return {fired.rule_id for fired in refusal.value.decision.blocking}


def line_of(session: Session, project: Project, category: str) -> CategoryLine:
    query = select(CategoryLine).where(CategoryLine.project_id == project.id, CategoryLine.category == category)
    return session.scalars(query).one()


def rest(session: Session, cast: Cast, project: Project, days: int = 30) -> None:
    review = clock.today() + timedelta(days=days)
    suspend(session, project, by=cast.sales1, reason_key="funding_stop", review_on=review, reason="No money")


def test_a_project_rests_until_a_review_within_ninety_days(session: Session, cast: Cast) -> None:
    project = made(session, cast)
    with pytest.raises(Blocked) as refusal:
        rest(session, cast, project, days=91)
    assert rules_of(refusal) == {"G35"} and project.state == "active"
    rest(session, cast, project, days=90)
    _definition, facts = facts_of(session, project)
    assert (facts.state, facts.suspended_since) == ("suspended", clock.today())
    assert facts.review_on == clock.today() + timedelta(days=90)
    assert project.silent_after is None, "while it rests silence is no fault"
    assert [told["before"] for told in told_of(session, project, Kind.STATE_CHANGED)] == [{"state": "active"}]


def test_a_resting_project_gets_a_new_review_date(session: Session, cast: Cast) -> None:
    project = made(session, cast)
    rest(session, cast, project)
    rest(session, cast, project, days=60)
    _definition, facts = facts_of(session, project)
    assert facts.review_on == clock.today() + timedelta(days=60)
    assert len(session.scalars(select(LifecycleChange)).all()) == 2


def test_it_is_revived_with_a_fresh_photo_and_three_checks(session: Session, cast: Cast) -> None:
    project = made(session, cast)
    rest(session, cast, project)
    for lacking in ({"photo_on": None}, {"checked": frozenset({"contacts"})}, {"reason": None}):
        given = {"photo_on": clock.today(), "checked": CHECKED, "reason": "Cranes turn", **lacking}
        with pytest.raises(Blocked) as refusal:
            revive(session, project, by=cast.sales1, **given)  # type: ignore[arg-type]
        assert rules_of(refusal) == {"G37"}
    revive(session, project, by=cast.sales1, photo_on=clock.today(), checked=CHECKED, reason="Cranes turn")
    assert project.state == "active" and project.silent_after is not None


def test_a_won_project_that_rested_is_won_again(session: Session, cast: Cast) -> None:
    project = made(session, cast, phase="deliver", step="mep", state="won")
    rest(session, cast, project)
    revive(session, project, by=cast.sales1, photo_on=clock.today(), checked=CHECKED, reason="They pay again")
    assert project.state == "won"


def test_a_loss_names_reason_winner_and_what_the_reason_requires(session: Session, cast: Cast) -> None:
    project = made(session, cast)
    for loss in (
        Loss(),
        Loss("price_high", gap_percent=Decimal(11)),
        Loss("price_high", winner="Ruian"),
        Loss("spec_swapped", winner="Ruian"),
        Loss("terms", winner="Ruian"),
    ):
        with pytest.raises(Blocked) as refusal:
            mark_lost(session, project, loss, by=cast.sales1)
        assert rules_of(refusal) == {"G33"}
    mark_lost(session, project, PRICE, by=cast.sales1)
    assert project.state == "lost" and line_of(session, project, "tiles").result == "lost"
    change = session.scalars(select(LifecycleChange).where(LifecycleChange.category.is_(None))).one()
    assert (change.reason_key, change.told) == ("price_high", {"winner": "Ruian", "gap_percent": "11"})
    with pytest.raises(AlreadyDone):
        mark_lost(session, project, PRICE, by=cast.sales1)


def test_from_the_bid_on_and_for_key_projects_the_supervisor_confirms_a_loss(session: Session, cast: Cast) -> None:
    for values in ({"phase": "bid", "step": "masonry"}, {}):
        project = made(session, cast, **values)
        project.key_project = not values
        session.commit()
        with pytest.raises(Blocked) as refusal:
            mark_lost(session, project, PRICE, by=cast.sales1)
        assert rules_of(refusal) == {"G34"}
        wish = refusal.value.wish
        kept = {"loss": {**PRICE.kept(), "reason_key": PRICE.reason_key, "reason": PRICE.reason}}
        request = ask_approval(session, project, wish, by=cast.sales1, reason="They chose the rival.", extra=kept)
        session.commit()
        loaded = get_approval(session, cast.supervisor, request.id)
        grant_approval(session, loaded, by=cast.supervisor, answer="Write the review.")
        assert (request.state, project.state) == ("used", "lost")
        change = session.scalars(select(LifecycleChange).where(LifecycleChange.approval_id == request.id)).first()
        assert change is not None and change.told["winner"] == "Ruian" and change.by_id == cast.sales1.id


def test_a_project_is_lost_only_when_every_line_is_decided_and_none_is_won(session: Session, cast: Cast) -> None:
    project = made(session, cast, categories=("tiles", "lighting"))
    tiles, lighting = (line_of(session, project, key) for key in ("tiles", "lighting"))
    lose_category(session, project, lighting, PRICE, by=cast.sales1)
    assert (lighting.result, project.state) == ("lost", "active")
    drop_category(session, project, tiles, by=cast.sales1, reason="Not our field")
    assert (tiles.result, project.state) == ("dropped", "active"), "dropping is our choice, the project is still ours"
    other = made(session, cast, name="Other", categories=("tiles", "lighting"))
    win_category(session, other, line_of(session, other, "tiles"), by=cast.sales1, reason="Contract 7")
    lose_category(session, other, line_of(session, other, "lighting"), PRICE, by=cast.sales1)
    assert other.state == "active"
    third = made(session, cast, name="Third", categories=("tiles", "lighting"))
    for key in ("tiles", "lighting"):
        lose_category(session, third, line_of(session, third, key), PRICE, by=cast.sales1)
    assert third.state == "lost"


def test_a_lost_line_comes_back_with_a_new_fact_within_a_year(session: Session, cast: Cast) -> None:
    project = made(session, cast, categories=("tiles", "lighting"))
    line = line_of(session, project, "lighting")
    lose_category(session, project, line, PRICE, by=cast.sales1)
    session.commit()
    with pytest.raises(Refused):
        win_category(session, project, line, by=cast.sales1, reason="Signed")
    with pytest.raises(Blocked) as refusal:
        revive_category(session, project, line, by=cast.sales1, new_fact=" ")
    assert rules_of(refusal) == {"G38"} and not refusal.value.decision.overridable
    seen = as_seen(session, cast.supervisor, project)
    revive_category(session, seen, line, by=cast.supervisor, new_fact="The rival failed the re-test.")
    assert line.result == "open"
    with clock.frozen(clock.now() + timedelta(days=366)):
        lose_category(session, seen, line, PRICE, by=cast.sales1)
    with clock.frozen(clock.now() + timedelta(days=366 + 366)), pytest.raises(Blocked) as too_late:
        revive_category(session, seen, line, by=cast.supervisor, new_fact="A later block")
    assert rules_of(too_late) == {"G39"}


def test_a_lost_project_and_the_lines_lost_with_it_come_back_together(session: Session, cast: Cast) -> None:
    project = made(session, cast, categories=("tiles", "lighting"))
    mark_lost(session, project, PRICE, by=cast.sales1)
    session.commit()
    with pytest.raises(Blocked) as refusal:
        revive(session, project, by=cast.sales1, new_fact="Tendered again")
    assert rules_of(refusal) == {"G38"}
    revive(session, as_seen(session, cast.supervisor, project), by=cast.supervisor, new_fact="Tendered again")
    assert project.state == "active"
    assert {line_of(session, project, key).result for key in ("tiles", "lighting")} == {"open"}


def test_no_line_of_a_lost_project_comes_back_alone(session: Session, cast: Cast) -> None:
    project = made(session, cast, categories=("tiles", "lighting"))
    mark_lost(session, project, PRICE, by=cast.sales1)
    session.commit()
    seen, line = as_seen(session, cast.supervisor, project), line_of(session, project, "lighting")
    with pytest.raises(Refused, match="whole project is lost"):
        revive_category(session, seen, line, by=cast.supervisor, new_fact="Tendered again")
    assert (project.state, line.result) == ("lost", "lost")


def test_a_signed_contract_wins_what_it_covers_and_the_project(session: Session, cast: Cast) -> None:
    project = made(session, cast, phase="contract", step="masonry", categories=("tiles", "lighting"))
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    signed = draft(phase="contract", step="masonry", kind="contract_signing", closes=("X.contract.signed",),
                   photos=(photo.token,))  # fmt: skip
    log_record(session, project, signed, by=cast.sales1)
    assert project.state == "won"
    assert [line_of(session, project, key).result for key in ("tiles", "lighting")] == ["won", "open"]


def test_a_signature_without_its_paper_wins_nothing(session: Session, cast: Cast) -> None:
    project = made(session, cast, phase="contract", step="masonry")
    told = draft(phase="contract", step="masonry", kind="contract_signing", closes=("X.contract.signed",))
    assert log_record(session, project, told, by=cast.sales1).weak == ("X.contract.signed",)
    assert (project.state, line_of(session, project, "tiles").result) == ("active", "open")


def test_a_won_project_closes_when_nothing_is_open_any_more(session: Session, cast: Cast) -> None:
    project = made(session, cast, phase="settle", step="handover", state="won")
    complaint = state_circumstance(session, project, "complaint", clock.today(), by=cast.sales1, note="Shade")
    with pytest.raises(Blocked) as refusal:
        close_project(session, project, by=cast.sales1)
    assert rules_of(refusal) == {"G41"} and "X.settle.paid" in refusal.value.decision.blocking[0].missing
    meet_exits(session, project, "settle")
    with pytest.raises(Blocked):
        close_project(session, project, by=cast.sales1)
    lift_circumstance(session, project, complaint, by=cast.sales1, note="Exchanged")
    close_project(session, project, by=cast.sales1)
    assert project.state == "closed"
    with pytest.raises(Blocked) as finished:
        log_record(session, project, draft(phase="settle", step="handover"), by=cast.sales1)
    assert rules_of(finished) == {"G40"}
    with pytest.raises(Blocked) as over:
        revive(session, project, by=cast.sales1, new_fact="Later block")
    assert rules_of(over) == {"G39"}


def test_a_finished_project_moves_no_phase_and_what_waited_for_it_lapses(session: Session, cast: Cast) -> None:
    project = made(session, cast, phase="qualify", step="drawings")
    promised = clock.today() + timedelta(days=3)
    request = ask_approval(session, project, MovePhase("map"), by=cast.sales1, reason="Soon", complete_by=promised)
    mark_lost(session, project, TASTE, by=cast.sales1)
    assert request.state == "lapsed"
    meet_exits(session, project, "qualify")
    with pytest.raises(Blocked) as refusal:
        move_phase(session, project, "map", by=cast.sales1)
    assert rules_of(refusal) == {"G40"}


def test_another_route_after_the_first_phase_wants_a_supervisor(session: Session, cast: Cast) -> None:
    first = made(session, cast, phase="qualify", step="drawings")
    change_route(session, first, "public_tender", by=cast.sales1, reason="It is public money.")
    assert first.route == "public_tender"
    later = made(session, cast, name="Later", phase="map", step="drawings")
    with pytest.raises(Blocked) as refusal:
        change_route(session, later, "dealer_led", by=cast.sales1, reason="The owner wants it.")
    assert rules_of(refusal) == {"G48"} and later.route == "design_led"
    request = ask_approval(session, later, refusal.value.wish, by=cast.sales1, reason="The owner wants it.")
    session.commit()
    grant_approval(session, get_approval(session, cast.supervisor, request.id), by=cast.supervisor, answer="Good")
    assert (later.route, request.state) == ("dealer_led", "used")
    told = told_of(session, later, Kind.ROUTE_CHANGED)
    assert told[0]["before"] == {"route": "design_led"} and told[0]["rules"] == ["G48"]


def test_whoever_only_sees_a_project_decides_nothing(session: Session, cast: Cast) -> None:
    project = made(session, cast)
    for act in (
        lambda by: suspend(session, project, by=by, reason_key="funding_stop", review_on=clock.today()),
        lambda by: mark_lost(session, project, PRICE, by=by),
        lambda by: close_project(session, project, by=by),
    ):
        for outsider in (cast.technical, cast.compliance, cast.dealer1):
            with pytest.raises(Forbidden):
                act(outsider)
    assert session.scalars(select(LifecycleChange)).all() == []
    assert session.scalars(select(Approval)).all() == []


def test_a_result_asks_for_its_sentence(session: Session, cast: Cast) -> None:
    project = made(session, cast)
    line = line_of(session, project, "tiles")
    for decide in (win_category, drop_category):
        with pytest.raises(Invalid) as refusal:
            decide(session, project, line, by=cast.sales1, reason="  ")
        assert refusal.value.field == "reason"

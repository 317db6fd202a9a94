"""Which operation carries out which wish, and which module a wish waits for that nothing carries out yet."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_contact, make_party
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.parties.models import Contact
from tracker.projects import operations as projects
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectParty
from tracker.rewards.operations.entering import RewardDraft, enter_reward
from tracker.rewards.operations.judging import judge_reward
from tracker.team.models import User
from workflows.engine import Decision
from workflows.wishes import (
    AcceptPayment,
    ChangeRoute,
    ClaimSite,
    Close,
    ConfirmConflict,
    GiveBenefit,
    LogRecord,
    MarkLost,
    MovePhase,
    MoveStep,
    PassTime,
    PlaceOrder,
    Revive,
    SendQuote,
    Suspend,
    Wish,
)

MODULE_OF: dict[type[object], str] = {
    SendQuote: "commerce", PlaceOrder: "commerce", AcceptPayment: "commerce",
    ClaimSite: "registrations", ConfirmConflict: "registrations", PassTime: "registrations",
}  # fmt: skip


def building_of(session: Session, project: Project) -> Building:
    """The one building of a story's project."""
    return session.scalars(select(Building).where(Building.project_id == project.id)).one()


def line_of(session: Session, project: Project, category: str) -> CategoryLine:
    """A category line of a project."""
    query = select(CategoryLine).where(CategoryLine.project_id == project.id, CategoryLine.category == category)
    return session.scalars(query).one()


def loss_of(wish: MarkLost) -> projects.Loss:
    """What was told of a loss, as the form gives it."""
    told = tuple((key, "as told") for key in sorted(wish.told))
    return projects.Loss(wish.reason_key, wish.other_reasons, wish.winner, wish.gap_percent, wish.winning_price, told)


def draft_of(wish: LogRecord, **more: Any) -> RecordDraft:
    """The record, as the form gives it."""
    return RecordDraft(
        wish.phase, wish.step, wish.kind, wish.on, "What was done.", is_plan=wish.is_plan,
        lot_purpose=wish.lot_purpose or None, lot_amount=wish.amount, **more,
    )  # fmt: skip


def kept_with(wish: Wish) -> dict[str, Any] | None:
    """What a request keeps beside its wish, for carrying it out later."""
    match wish:
        case LogRecord():
            return {"draft": draft_of(wish).to_json()}
        case MarkLost():
            return {"loss": {**loss_of(wish).kept(), "reason_key": wish.reason_key}}
    return None


ROLES = {"owner": "operator", "agent": "tender_agent", "designer": "interior_designer", "other": "supervisor_firm"}


def taking_part(session: Session, project: Project, part: str) -> Contact:
    """Somebody in the project's circle whose firm has this part in it."""
    party = make_party(session, f"Firm {secrets.token_hex(4)}", kind=ROLES[part])
    contact = make_contact(session, party)
    session.add(ProjectParty(project_id=project.id, party_id=party.id, role=ROLES[part]))
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id))
    session.flush()
    return contact


def enter_benefit(session: Session, project: Project, wish: GiveBenefit, *, by: User, today: date) -> Decision:
    """Enter what somebody in this part of the project is to be given; what the rules said of it."""
    contact = taking_part(session, project, wish.to)
    draft = RewardDraft(contact, wish.kind, "As told", today, "For the story", wish.value, project)
    enter_reward(session, draft, by=by)
    return judge_reward(session, contact, project, kind=wish.kind, value=wish.value, on=today, by=by).decision


def perform(
    session: Session, project: Project, wish: Wish, *, by: User, today: date, floor: int | None = None
) -> Decision:
    """Carry a wish out by its operation; raises Blocked where a rule stands in the way."""
    match wish:
        case MovePhase(category=str(category)):
            line = line_of(session, project, category)
            moved = projects.move_category(session, project, line, wish.to, by=by, reason=wish.reason)
            assert moved is not None
            return moved
        case MovePhase():
            return move_phase(session, project, wish.to, by=by, reason=wish.reason)
        case MoveStep():
            return move_step(
                session, project, building_of(session, project), wish.to, by=by, on=wish.proof_on or today,
                proof=Proof(wish.proof_on, wish.proof_source, wish.has_photo), reason_key=wish.reason_key,
                reason=wish.reason, floor=floor,
            )  # fmt: skip
        case LogRecord():
            return log_record(session, project, draft_of(wish), by=by).decision
        case ChangeRoute():
            return projects.change_route(session, project, wish.to, by=by, reason=wish.reason or "")
        case GiveBenefit():
            return enter_benefit(session, project, wish, by=by, today=today)
    return _change_state(session, project, wish, by)


def _change_state(session: Session, project: Project, wish: Wish, by: User) -> Decision:
    match wish:
        case Suspend():
            return projects.suspend(session, project, by=by, reason_key=wish.reason_key, review_on=wish.review_on)
        case Revive(category=str(category)):
            line = line_of(session, project, category)
            return projects.revive_category(session, project, line, by=by, new_fact=wish.new_fact or "")
        case Revive():
            return projects.revive(
                session, project, by=by, photo_on=wish.photo_on, checked=wish.checked, rescored=wish.rescored,
                reason=wish.reason, new_fact=wish.new_fact,
            )  # fmt: skip
        case MarkLost(category=str(category)):
            line = line_of(session, project, category)
            return projects.lose_category(session, project, line, loss_of(wish), by=by)
        case MarkLost():
            return projects.mark_lost(session, project, loss_of(wish), by=by)
        case Close():
            return projects.close_project(session, project, by=by)
    raise LookupError(f"no operation carries out {wish}")

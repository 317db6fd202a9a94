"""What a rule leaves to a supervisor: asked with a reason, decided with a sentence, carried out once.

A granted request is carried out in the same breath, on the asker's behalf, and only where exactly that wish would
still be accepted with nothing but the rules lifted that were asked about; where the facts have changed meanwhile the
request lapses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Approval
from tracker.matrix.operations.judging import Blocked, facts_of, judge, wish_from_json, wish_to_json
from tracker.matrix.operations.moves import Proof, check_promise, move_phase, move_step
from tracker.projects.models import Building, Project
from tracker.team.models import User
from workflows.wishes import MovePhase, MoveStep, Wish, fingerprint

CarryOut = Callable[[Session, Approval, User], None]


def ask_approval(
    session: Session,
    project: Project,
    wish: Wish,
    *,
    by: User,
    reason: str,
    complete_by: date | None = None,
    extra: dict[str, Any] | None = None,
) -> Approval:
    """Ask a supervisor for what a rule leaves to him. `extra` is kept for carrying the wish out later."""
    if not reason.strip():
        raise Invalid("reason", _l("Say why: the supervisor decides by this sentence."))
    definition, facts = facts_of(session, project)
    decision = judge(definition, facts, wish)
    if decision.allowed or not decision.overridable:
        raise Blocked(decision, wish) if not decision.allowed else Refused(_l("This needs no approval: just do it."))
    check_promise(decision, complete_by)
    mark = fingerprint(definition, facts, wish)
    if session.scalar(
        select(Approval.id).where(
            Approval.fingerprint == mark, Approval.project_id == project.id, Approval.state == "open"
        )
    ):
        raise Refused(_l("This has been asked already and waits for the supervisor."))
    approval = Approval(
        project_id=project.id,
        rules=[fired.rule_id for fired in decision.blocking],
        wish={**wish_to_json(wish), **(extra or {}), "phase": project.phase},
        fingerprint=mark,
        reason=reason.strip(),
        complete_by=complete_by,
        asked_by_id=by.id,
    )
    session.add(approval)
    session.flush()
    events.record(
        session,
        Kind.APPROVAL_ASKED,
        approval,
        by=by,
        project_id=project.id,
        rules=approval.rules,
        reason=reason.strip(),
    )
    return approval


def grant_approval(session: Session, approval: Approval, *, by: User, answer: str) -> None:
    """Grant a request and carry it out. Nobody grants his own; a wish that no longer fits lapses."""
    _decidable(approval, by, answer)
    _close(approval, by, answer, "granted")
    session.flush()
    done = _still_fits(session, approval) and _carried_out(session, approval)
    approval.state, approval.used_at = ("used", clock.now()) if done else ("lapsed", None)
    session.flush()
    kind = Kind.APPROVAL_GRANTED
    events.record(session, kind, approval, by=by, project_id=approval.project_id, answer=answer, state=approval.state)


def _still_fits(session: Session, approval: Approval) -> bool:
    """Whether the wish starts from where it was asked, and only the rules asked about stand in its way."""
    definition, facts = facts_of(session, approval.project)
    wish = wish_from_json(approval.wish)
    if fingerprint(definition, facts, wish) != approval.fingerprint:
        return False
    decision = judge(definition, facts, wish)
    return decision.allowed or {fired.rule_id for fired in decision.blocking} <= set(approval.rules)


def _carried_out(session: Session, approval: Approval) -> bool:
    """Do what was asked, on the asker's behalf: all of it, or nothing and False where he may not any more."""
    try:
        with session.begin_nested():
            _CARRY_OUT[approval.wish["wish"]](session, approval, approval.asked_by)
    except (Refused, Forbidden):
        return False
    return True


def decline_approval(session: Session, approval: Approval, *, by: User, answer: str) -> None:
    """Decline a request with the reason."""
    _decidable(approval, by, answer)
    _close(approval, by, answer, "declined")
    session.flush()
    events.record(session, Kind.APPROVAL_DECLINED, approval, by=by, project_id=approval.project_id, answer=answer)


def withdraw_approval(session: Session, approval: Approval, *, by: User) -> None:
    """The asker takes his request back."""
    if approval.asked_by_id != by.id:
        raise Forbidden(_l("Only the one who asked takes a request back."))
    if approval.state != "open":
        raise Refused(_l("This request was decided already."))
    approval.state, approval.decided_at = "withdrawn", clock.now()
    session.flush()
    events.record(session, Kind.APPROVAL_DECLINED, approval, by=by, project_id=approval.project_id, withdrawn=True)


def _decidable(approval: Approval, by: User, answer: str) -> None:
    require(by, Action.APPROVAL_DECIDE, approval.project)
    if approval.asked_by_id == by.id:
        raise Refused(_l("Nobody decides his own request: your supervisor does."))
    if approval.state != "open":
        raise Refused(_l("This request was decided already."))
    if not answer.strip():
        raise Invalid("answer", _l("Say a sentence to the one who asked."))


def _close(approval: Approval, by: User, answer: str, state: str) -> None:
    approval.state, approval.answer = state, answer.strip()
    approval.decided_by_id, approval.decided_at = by.id, clock.now()


def _carry_phase(session: Session, approval: Approval, asker: User) -> None:
    wish = wish_from_json(approval.wish)
    assert isinstance(wish, MovePhase)
    move_phase(session, approval.project, wish.to, by=asker, reason=wish.reason or approval.reason, approval=approval)


def _carry_step(session: Session, approval: Approval, asker: User) -> None:
    wish = wish_from_json(approval.wish)
    assert isinstance(wish, MoveStep)
    building = session.get_one(Building, wish.building_id)
    move_step(
        session,
        approval.project,
        building,
        wish.to,
        by=asker,
        on=wish.proof_on or clock.today(),
        proof=Proof(wish.proof_on, wish.proof_source, wish.has_photo),
        reason_key=wish.reason_key,
        reason=wish.reason,
        floor=approval.wish.get("floor"),
        approval=approval,
    )


def _carry_record(session: Session, approval: Approval, asker: User) -> None:
    """Log the record that waited; where its observed progress has lost its proof meanwhile, without that."""
    from tracker.matrix.operations.records import RecordDraft, log_record

    draft = RecordDraft.from_json(approval.wish["draft"])
    try:
        with session.begin_nested():
            log_record(session, approval.project, draft, by=asker, approval=approval)
    except Blocked as block:
        if not isinstance(block.wish, MoveStep):
            raise
        log_record(session, approval.project, replace(draft, progress=None), by=asker, approval=approval)


_CARRY_OUT: dict[str, CarryOut] = {"MovePhase": _carry_phase, "MoveStep": _carry_step, "LogRecord": _carry_record}

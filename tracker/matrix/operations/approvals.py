"""What a rule leaves to others (supervisor, finance, compliance …): asked with a reason, decided with a sentence.

A request needs the signature of each part that its rules name, by different people; one who declines ends it. With the
last signature it is carried out in the same breath, on the asker's behalf and once, and only where exactly that wish
would still be accepted with nothing but the rules lifted that were asked about; where the facts have changed meanwhile
the request lapses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import parts
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Approval, Signature
from tracker.matrix.operations.judging import (
    Blocked,
    check_promise,
    facts_of,
    judge,
    still_fits,
    wish_from_json,
    wish_to_json,
)
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.circle import list_lines
from tracker.projects.models import Building, CategoryLine, Project
from tracker.team.models import User
from workflows.wishes import ChangeRoute, MarkLost, MovePhase, MoveStep, Revive, Wish, fingerprint

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
    """Ask those whom the rules name for their consent. `extra` is kept for carrying the wish out later."""
    if not reason.strip():
        raise Invalid("reason", _l("Say why: the request is decided by this sentence."))
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
        raise Refused(_l("This has been asked already and waits for a decision."))
    approval = Approval(
        project_id=project.id,
        rules=[fired.rule_id for fired in decision.blocking],
        wish={**wish_to_json(wish), **(extra or {}), "in_phase": project.phase},
        fingerprint=mark,
        reason=reason.strip(),
        complete_by=complete_by,
        asked_by_id=by.id,
    )
    session.add(approval)
    session.flush()
    session.add_all(Signature(approval_id=approval.id, part=part) for part in decision.signers)
    refresh(session, project)
    events.record(
        session,
        Kind.APPROVAL_ASKED,
        approval,
        by=by,
        project_id=project.id,
        rules=approval.rules,
        reason=reason.strip(),
        parts=list(decision.signers),
    )
    return approval


def grant_approval(session: Session, approval: Approval, *, by: User, answer: str) -> None:
    """Sign a request in the first part that is open to the user; with the last signature it is carried out.

    Nobody signs his own request, nor twice; a wish that no longer fits lapses.
    """
    signature = _decidable(session, approval, by, answer)
    signature.by_id, signature.at, signature.answer = by.id, clock.now(), answer.strip()
    session.flush()
    waiting, fits = _unsigned(session, approval), still_fits(approval, *facts_of(session, approval.project))
    if waiting and fits:
        told = {"answer": answer, "part": signature.part}
        events.record(session, Kind.APPROVAL_SIGNED, approval, by=by, project_id=approval.project_id, **told)
        refresh(session, approval.project)
        return
    _close(approval, by, answer, "granted")
    session.flush()
    done = fits and _carried_out(session, approval)
    approval.state, approval.used_at = ("used", clock.now()) if done else ("lapsed", None)
    refresh(session, approval.project)
    kind = Kind.APPROVAL_GRANTED
    events.record(session, kind, approval, by=by, project_id=approval.project_id, answer=answer, state=approval.state)


def _unsigned(session: Session, approval: Approval) -> list[str]:
    """The parts that have not signed yet."""
    open_ones = select(Signature.part).where(Signature.approval_id == approval.id, Signature.by_id.is_(None))
    return list(session.scalars(open_ones.order_by(Signature.id)))


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
    signature = _decidable(session, approval, by, answer)
    _close(approval, by, answer, "declined")
    signature.answer = answer.strip()
    refresh(session, approval.project)
    events.record(session, Kind.APPROVAL_DECLINED, approval, by=by, project_id=approval.project_id, answer=answer)


def withdraw_approval(session: Session, approval: Approval, *, by: User) -> None:
    """The asker takes his request back."""
    if approval.asked_by_id != by.id:
        raise Forbidden(_l("Only the one who asked takes a request back."))
    if approval.state != "open":
        raise Refused(_l("This request was decided already."))
    approval.state, approval.decided_at = "withdrawn", clock.now()
    refresh(session, session.get_one(Project, approval.project_id))
    events.record(session, Kind.APPROVAL_DECLINED, approval, by=by, project_id=approval.project_id, withdrawn=True)


def _decidable(session: Session, approval: Approval, by: User, answer: str) -> Signature:
    """The signature that is the user's to give; raises Refused or Forbidden where there is none."""
    if approval.state != "open":
        raise Refused(_l("This request was decided already."))
    if approval.asked_by_id == by.id:
        raise Refused(_l("Nobody decides his own request: your supervisor does."))
    query = select(Signature).where(Signature.approval_id == approval.id).order_by(Signature.id)
    signatures = {signature.part: signature for signature in session.scalars(query)}
    held = [part for part in parts(by, approval.project) if part in signatures]
    if not held:
        raise Forbidden(_l("Only those whose consent the rule asks for decide this."))
    if by.id in {signature.by_id for signature in signatures.values()}:
        raise Refused(_l("You have signed already; the others' consent is still awaited."))
    open_parts = [part for part in held if signatures[part].by_id is None]
    if not open_parts:
        raise Refused(_l("This part has signed already; the others' consent is still awaited."))
    if not answer.strip():
        raise Invalid("answer", _l("Say a sentence to the one who asked."))
    return signatures[open_parts[0]]


def _close(approval: Approval, by: User, answer: str, state: str) -> None:
    approval.state, approval.answer = state, answer.strip()
    approval.decided_by_id, approval.decided_at = by.id, clock.now()


def _carry_phase(session: Session, approval: Approval, asker: User) -> None:
    wish = wish_from_json(approval.wish)
    assert isinstance(wish, MovePhase)
    reason = wish.reason or approval.reason
    line = _line(session, approval.project, wish.category)
    if line is not None:
        from tracker.projects.operations import move_category

        move_category(session, approval.project, line, wish.to, by=asker, reason=reason, approval=approval)
        return
    move_phase(session, approval.project, wish.to, by=asker, reason=reason, approval=approval)


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


def _carry_lifecycle(session: Session, approval: Approval, asker: User) -> None:
    """Lose or revive the project, or one of its lines."""
    from tracker.projects import operations

    wish, project = wish_from_json(approval.wish), approval.project
    line = _line(session, project, getattr(wish, "category", None))
    match wish:
        case MarkLost():
            loss = operations.Loss.from_kept(approval.wish["loss"])
            if line is None:
                operations.mark_lost(session, project, loss, by=asker, approval=approval)
            else:
                operations.lose_category(session, project, line, loss, by=asker, approval=approval)
        case Revive() if line is not None:
            operations.revive_category(
                session, project, line, by=asker, new_fact=wish.new_fact or "", approval=approval
            )
        case Revive():
            operations.revive(session, project, by=asker, new_fact=wish.new_fact, approval=approval)


def _line(session: Session, project: Project, category: str | None) -> CategoryLine | None:
    if category is None:
        return None
    return next(line for line in list_lines(session, project) if line.category == category)


def _carry_route(session: Session, approval: Approval, asker: User) -> None:
    from tracker.projects.operations import change_route

    wish = wish_from_json(approval.wish)
    assert isinstance(wish, ChangeRoute)
    change_route(session, approval.project, wish.to, by=asker, reason=approval.reason, approval=approval)


_CARRY_OUT: dict[str, CarryOut] = {
    "MovePhase": _carry_phase,
    "MoveStep": _carry_step,
    "LogRecord": _carry_record,
    "MarkLost": _carry_lifecycle,
    "Revive": _carry_lifecycle,
    "ChangeRoute": _carry_route,
}

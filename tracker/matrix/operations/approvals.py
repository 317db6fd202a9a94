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
from tracker.access.signing import parts
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
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
from workflows.definition import Definition
from workflows.engine import Decision
from workflows.facts import ProjectFacts
from workflows.wishes import ChangeRoute, MarkLost, MovePhase, MoveStep, Revive, Wish, fingerprint

CarryOut = Callable[[Session, Approval, User], None]
ASKED_ALREADY = _l("This has been asked already and waits for a decision.")


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
    definition, facts = facts_of(session, project)
    decision = check_askable(definition, facts, wish, reason)
    check_promise(decision, complete_by)
    mark = fingerprint(definition, facts, wish)
    if session.scalar(
        select(Approval.id).where(
            Approval.fingerprint == mark, Approval.project_id == project.id, Approval.state == "open"
        )
    ):
        raise Refused(ASKED_ALREADY)
    approval = Approval(
        project_id=project.id,
        wish={**wish_to_json(wish), **(extra or {}), "in_phase": project.phase},
        fingerprint=mark,
        complete_by=complete_by,
    )
    enter_request(session, approval, decision, by=by, reason=reason)
    refresh(session, project)
    return approval


def check_askable(definition: Definition, facts: ProjectFacts, wish: Wish, reason: str) -> Decision:
    """The decision on a wish that somebody may ask to be allowed; raises where there is nothing to ask."""
    if not reason.strip():
        raise Invalid("reason", _l("Say why: the request is decided by this sentence."))
    decision = judge(definition, facts, wish)
    if decision.allowed:
        raise Refused(_l("This needs no approval: just do it."))
    if not decision.overridable:
        raise Blocked(decision, wish)
    return decision


def enter_request(session: Session, approval: Approval, decision: Decision, *, by: User, reason: str) -> None:
    """Enter a request with a signature for each part that the decision names."""
    approval.rules = [fired.rule_id for fired in decision.blocking]
    approval.reason, approval.asked_by_id = reason.strip(), by.id
    session.add(approval)
    session.flush()
    session.add_all(Signature(approval_id=approval.id, part=part) for part in decision.signers)
    session.flush()
    events.record(
        session,
        Kind.APPROVAL_ASKED,
        approval,
        by=by,
        project_id=approval.project_id,
        rules=approval.rules,
        reason=approval.reason,
        parts=list(decision.signers),
    )


def request_facts(session: Session, approval: Approval) -> tuple[Definition, ProjectFacts]:
    """What the request is judged by: its project's facts, or those of the project to be opened."""
    if approval.project is not None:
        return facts_of(session, approval.project)
    if "reward" in approval.wish:
        from tracker.rewards.operations.judging import facts_of_none

        return facts_of_none(session)
    from tracker.projects import operations

    return operations.facts_to_open(session, operations.ProjectDraft.from_json(approval.wish["draft"]))


def grant_approval(session: Session, approval: Approval, *, by: User, answer: str) -> None:
    """Sign a request in the first part that is open to the user; with the last signature it is carried out.

    Nobody signs his own request, nor twice; a wish that no longer fits lapses.
    """
    signature = _decidable(session, approval, by, answer)
    signature.by_id, signature.at, signature.answer = by.id, clock.now(), answer.strip()
    session.flush()
    waiting, fits = _unsigned(session, approval), still_fits(approval, *request_facts(session, approval))
    if waiting and fits:
        told = {"answer": answer, "part": signature.part}
        events.record(session, Kind.APPROVAL_SIGNED, approval, by=by, project_id=approval.project_id, **told)
        _refresh(session, approval)
        return
    _close(approval, by, answer, "granted")
    session.flush()
    done = fits and _carried_out(session, approval)
    approval.state, approval.used_at = ("used", clock.now()) if done else ("lapsed", None)
    _refresh(session, approval)
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
    except (Refused, Forbidden, AlreadyDone):
        return False
    return True


def decline_approval(session: Session, approval: Approval, *, by: User, answer: str) -> None:
    """Decline a request with the reason."""
    signature = _decidable(session, approval, by, answer)
    _close(approval, by, answer, "declined")
    signature.answer = answer.strip()
    _refresh(session, approval)
    events.record(session, Kind.APPROVAL_DECLINED, approval, by=by, project_id=approval.project_id, answer=answer)


def withdraw_approval(session: Session, approval: Approval, *, by: User) -> None:
    """The asker takes his request back."""
    if approval.asked_by_id != by.id:
        raise Forbidden(_l("Only the one who asked takes a request back."))
    if approval.state != "open":
        raise Refused(_l("This request was decided already."))
    approval.state, approval.decided_at = "withdrawn", clock.now()
    if approval.project_id is not None:
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
    held = [part for part in parts(by, approval.place) if part in signatures]
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


def _carry_opening(session: Session, approval: Approval, asker: User) -> None:
    """Open the project as it was drawn up; from the lead where there is one."""
    from tracker.projects import operations

    approval.project_id = operations.open_as_asked(session, approval, asker).id


def _project(approval: Approval) -> Project:
    assert approval.project is not None
    return approval.project


def _refresh(session: Session, approval: Approval) -> None:
    if approval.project is not None:
        refresh(session, approval.project)


def _carry_phase(session: Session, approval: Approval, asker: User) -> None:
    wish = wish_from_json(approval.wish)
    assert isinstance(wish, MovePhase)
    reason = wish.reason or approval.reason
    line = _line(session, _project(approval), wish.category)
    if line is not None:
        from tracker.projects.operations import move_category

        move_category(session, _project(approval), line, wish.to, by=asker, reason=reason, approval=approval)
        return
    move_phase(session, _project(approval), wish.to, by=asker, reason=reason, approval=approval)


def _carry_step(session: Session, approval: Approval, asker: User) -> None:
    wish = wish_from_json(approval.wish)
    assert isinstance(wish, MoveStep)
    building = session.get_one(Building, wish.building_id)
    move_step(
        session,
        _project(approval),
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
            log_record(session, _project(approval), draft, by=asker, approval=approval)
    except Blocked as block:
        if not isinstance(block.wish, MoveStep):
            raise
        log_record(session, _project(approval), replace(draft, progress=None), by=asker, approval=approval)


def _carry_lifecycle(session: Session, approval: Approval, asker: User) -> None:
    """Lose or revive the project, or one of its lines."""
    from tracker.projects import operations

    wish, project = wish_from_json(approval.wish), _project(approval)
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
    change_route(session, _project(approval), wish.to, by=asker, reason=approval.reason, approval=approval)


def _carry_reward(session: Session, approval: Approval, asker: User) -> None:
    """Let it be given, unless the rules have come to forbid it."""
    from tracker.rewards.operations.entering import carry_out

    carry_out(session, approval, asker)


_CARRY_OUT: dict[str, CarryOut] = {
    "GiveBenefit": _carry_reward,
    "OpenProject": _carry_opening,
    "MovePhase": _carry_phase,
    "MoveStep": _carry_step,
    "LogRecord": _carry_record,
    "MarkLost": _carry_lifecycle,
    "Revive": _carry_lifecycle,
    "ChangeRoute": _carry_route,
}

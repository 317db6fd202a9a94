"""Asking the engine: facts from the database, its decision, and what it means for the one who wished."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access.signing import parts
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Approval, Signature
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import Decision, decide
from workflows.facts import GrantedOverride, ProjectFacts
from workflows.wishes import (
    AcceptPayment,
    ChangeRoute,
    Close,
    GiveBenefit,
    HandOver,
    LogRecord,
    MarkLost,
    MovePhase,
    MoveStep,
    OpenProject,
    PlaceOrder,
    Revive,
    SendQuote,
    Wish,
    fingerprint,
)

_WISHES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (AcceptPayment, ChangeRoute, Close, GiveBenefit, HandOver, LogRecord, MarkLost, MovePhase, MoveStep,
                 OpenProject, PlaceOrder, Revive, SendQuote)
}  # fmt: skip
_DAYS = ("on", "proof_on", "photo_on", "promise_on")
_AMOUNTS = ("amount", "gap_percent", "winning_price", "discount_percent", "authority_percent", "value")
_SETS = ("checked", "told")
_LISTS = ("closes", "other_reasons")


class Blocked(Refused):
    """The engine said no (or: not without a reason or a supervisor). `decision` says everything."""

    def __init__(self, decision: Decision, wish: Wish) -> None:
        super().__init__(
            _l("The rules of the matrix stand in the way."),
            rules=[fired.rule_id for fired in decision.blocking],
            details=decision,
        )
        self.decision = decision
        self.wish = wish


def facts_of(session: Session, project: Project) -> tuple[Definition, ProjectFacts]:
    """The project's definition and facts."""
    definition = definition_of(session, project)
    return definition, load_facts(session, definition, project)


def judge(definition: Definition, facts: ProjectFacts, wish: Wish, granted: bool = False) -> Decision:
    """The engine's decision today. `granted`: a supervisor stands behind exactly this wish."""
    decision = decide(definition, facts, wish, clock.today())
    if not granted or decision.allowed or not decision.overridable:
        return decision
    mark = fingerprint(definition, facts, wish)
    grants = tuple(GrantedOverride(fired.rule_id, mark, facts.phase, clock.today()) for fired in decision.blocking)
    return decide(definition, replace(facts, overrides=facts.overrides + grants), wish, clock.today())


def enforce(decision: Decision, wish: Wish) -> None:
    """Raise Blocked unless the decision allows the wish."""
    if not decision.allowed:
        raise Blocked(decision, wish)


def settle(
    session: Session,
    project: Project,
    wish: Wish,
    *,
    by: User,
    definition: Definition,
    facts: ProjectFacts,
    reason: str | None = None,
    approval: Approval | None = None,
    complete_by: date | None = None,
) -> tuple[Decision, Approval | None]:
    """The decision that lets a wish through, with the approval behind it; raises Blocked where there is none.

    `approval`: the granted request. Whoever could sign all that the rules ask for and gives a reason stands behind his
    own wish; the approval he would have given is written down with it.
    """
    decision = judge(definition, facts, wish, granted=approval is not None)
    if not decision.allowed and decision.overridable and reason and len(decision.signers) == 1:
        (part,) = decision.signers
        if part in parts(by, project):
            check_promise(decision, complete_by)
            approval = _signed_by_himself(session, project, wish, definition, facts, decision, by, reason, complete_by)
            decision = judge(definition, facts, wish, granted=True)
    enforce(decision, wish)
    return decision, approval


def _signed_by_himself(
    session: Session,
    project: Project,
    wish: Wish,
    definition: Definition,
    facts: ProjectFacts,
    decision: Decision,
    by: User,
    reason: str,
    complete_by: date | None,
) -> Approval:
    approval = Approval(
        project_id=project.id,
        rules=[fired.rule_id for fired in decision.blocking],
        wish={**wish_to_json(wish), "in_phase": project.phase},
        fingerprint=fingerprint(definition, facts, wish),
        reason=reason,
        complete_by=complete_by,
        asked_by_id=by.id,
        decided_by_id=by.id,
        decided_at=clock.now(),
        used_at=clock.now(),
        state="used",
    )
    session.add(approval)
    session.flush()
    session.add_all(
        Signature(approval_id=approval.id, part=part, by_id=by.id, at=clock.now(), answer=reason)
        for part in decision.signers
    )
    session.flush()
    return approval


def still_fits(approval: Approval, definition: Definition, facts: ProjectFacts) -> bool:
    """Whether the wish starts from where it was asked, and only the rules asked about stand in its way."""
    wish = wish_from_json(approval.wish)
    if fingerprint(definition, facts, wish) != approval.fingerprint:
        return False
    decision = judge(definition, facts, wish)
    return decision.allowed or {fired.rule_id for fired in decision.blocking} <= set(approval.rules)


def lapse_overtaken(session: Session, project: Project) -> None:
    """Let the open requests lapse that no longer fit since the project moved or changed its state."""
    waiting = session.scalars(select(Approval).where(Approval.project_id == project.id, Approval.state == "open")).all()
    if not waiting:
        return
    definition, facts = facts_of(session, project)
    for approval in waiting:
        if not still_fits(approval, definition, facts):
            approval.state, approval.decided_at = "lapsed", clock.now()
            session.flush()
            events.record(session, Kind.APPROVAL_LAPSED, approval, by=None, project_id=project.id)


def check_promise(decision: Decision, complete_by: date | None) -> None:
    """Where proof is missing (G03) or money overdue (G24), it is let pass only up to a day; raises Invalid without one
    to come."""
    blocking = {fired.rule_id for fired in decision.blocking}
    if complete_by is None and "G03" in blocking:
        raise Invalid("complete_by", _l("Say by when what is missing will be there."))
    if complete_by is None and "G24" in blocking:
        raise Invalid("complete_by", _l("Say by when the customer promised to pay."))
    if complete_by is not None and complete_by < clock.today():
        raise Invalid("complete_by", _l("This day has passed."))


def wish_to_json(wish: Wish) -> dict[str, Any]:
    """A wish as plain values, to be kept with an approval."""
    return {"wish": type(wish).__name__, **{key: plain(value) for key, value in asdict(wish).items()}}


def plain(value: Any) -> Any:
    """A value of a wish or a draft as JSON can hold it."""
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case frozenset():
            return sorted(value)
    return value


def wish_from_json(values: dict[str, Any]) -> Wish:
    """The wish that `wish_to_json` kept."""
    kind = _WISHES[values["wish"]]
    names = set(kind.__dataclass_fields__)
    given = {key: value for key, value in values.items() if key in names and value is not None}
    made: dict[str, Any] = {}
    for keys, make in ((_DAYS, date.fromisoformat), (_AMOUNTS, Decimal), (_SETS, frozenset), (_LISTS, tuple)):
        made |= {key: make(given[key]) for key in keys if key in given}
    wish: Wish = kind(**given | made)
    return wish

"""What becomes of a project: won, lost, suspended, revived, closed; every change with its reason and its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Approval, LifecycleChange
from tracker.matrix.operations.judging import facts_of, lapse_overtaken, settle
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.circle import list_lines
from tracker.projects.models import CategoryLine, Project
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import Close, Decision, MarkLost, Revive, Suspend, Wish, transition
from workflows.facts import ProjectFacts


@dataclass(frozen=True, slots=True)
class Loss:
    """What was told of a loss. Keys of the pick-list lost_reasons; `winner` '' means that nobody won.

    `gap_percent` above the winner, `winning_price` in the project's currency; `told` holds what else the reason
    requires, by its key.
    """

    reason_key: str | None = None
    other_reasons: tuple[str, ...] = ()
    winner: str | None = None
    gap_percent: Decimal | None = None
    winning_price: Decimal | None = None
    told: tuple[tuple[str, str], ...] = ()
    reason: str | None = None

    def wish(self, category: str | None) -> MarkLost:
        """The loss as the engine judges it."""
        told = frozenset(key for key, value in self.told if value.strip())
        return MarkLost(category, self.reason_key or None, self.other_reasons, self.winner, self.gap_percent,
                        self.winning_price, told, self.reason or None)  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """The loss as plain values."""
        values = {
            "winner": self.winner,
            "gap_percent": str(self.gap_percent) if self.gap_percent is not None else None,
            "winning_price": str(self.winning_price) if self.winning_price is not None else None,
            "other_reasons": list(self.other_reasons),
            **{key: value for key, value in self.told if value.strip()},
        }
        return {key: value for key, value in values.items() if value not in (None, [])}

    @classmethod
    def from_kept(cls, values: dict[str, Any]) -> Loss:
        """The loss that a request kept beside its wish."""
        gap, price = values.get("gap_percent"), values.get("winning_price")
        known = ("winner", "gap_percent", "winning_price", "other_reasons", "reason_key", "reason")
        return cls(
            reason_key=values.get("reason_key"),
            other_reasons=tuple(values.get("other_reasons", ())),
            winner=values.get("winner"),
            gap_percent=Decimal(gap) if gap else None,
            winning_price=Decimal(price) if price else None,
            told=tuple((key, str(value)) for key, value in values.items() if key not in known),
            reason=values.get("reason"),
        )


def mark_lost(
    session: Session, project: Project, loss: Loss, *, by: User, approval: Approval | None = None
) -> Decision:
    """Give the whole project up; its open lines are lost with it. Raises Blocked where a rule stands in the way."""
    require(by, Action.PROJECT_STATE, project)
    change = _Change(session, project, by, approval, loss.reason)
    decision = change.judge(loss.wish(None), "lost")
    for line in list_lines(session, project):
        if line.result == "open":
            note_result(session, project, line, "lost", by=by, reason=loss.reason, told=loss.kept(),
                        reason_key=loss.reason_key, approval=change.approval)  # fmt: skip
    change.carry_out("lost", decision, reason_key=loss.reason_key, told=loss.kept())
    return decision


def suspend(
    session: Session,
    project: Project,
    *,
    by: User,
    reason_key: str | None,
    review_on: date | None,
    reason: str | None = None,
) -> Decision:
    """Put the project to rest until a review date; again for a suspended one, to give it a new date."""
    require(by, Action.PROJECT_STATE, project)
    change = _Change(session, project, by, None, reason)
    decision = change.judge(Suspend(reason_key or None, review_on), "suspended", again=True)
    change.carry_out("suspended", decision, reason_key=reason_key, review_on=review_on)
    return decision


def revive(
    session: Session,
    project: Project,
    *,
    by: User,
    photo_on: date | None = None,
    checked: frozenset[str] = frozenset(),
    rescored: bool = False,
    reason: str | None = None,
    new_fact: str | None = None,
    approval: Approval | None = None,
) -> Decision:
    """Take up a suspended or a lost project again. What was won before it rested is won again, else it is active."""
    require(by, Action.PROJECT_STATE, project)
    change = _Change(session, project, by, approval, reason or new_fact)
    to = "won" if project.state == "suspended" and change.source_before() == "won" else "active"
    wish = Revive(photo_on, checked, rescored, reason or None, None, new_fact or None)
    decision = change.judge(wish, to)
    if project.state == "lost":
        lost_with_it = {c.category for c in change.changes() if c.category and c.on == change.facts.lost_on}
        for line in list_lines(session, project):
            if line.result == "lost" and line.category in lost_with_it:
                note_result(session, project, line, "open", by=by, reason=new_fact, approval=change.approval)
    change.carry_out(to, decision, told={"new_fact": new_fact} if new_fact else {})
    return decision


def close_project(session: Session, project: Project, *, by: User, reason: str | None = None) -> Decision:
    """Close a won project of which everything is delivered, paid and answered."""
    require(by, Action.PROJECT_STATE, project)
    change = _Change(session, project, by, None, reason)
    decision = change.judge(Close(reason or None), "closed")
    change.carry_out("closed", decision)
    return decision


def note_result(
    session: Session,
    project: Project,
    line: CategoryLine,
    result: str,
    *,
    by: User | None,
    reason: str | None = None,
    reason_key: str | None = None,
    told: dict[str, Any] | None = None,
    rules: list[str] | None = None,
    approval: Approval | None = None,
) -> None:
    """Write down what became of a line, and leave its event. The caller has asked the rules."""
    before, line.result = line.result, result
    session.add(
        LifecycleChange(
            project_id=project.id,
            category=line.category,
            source=before,
            target=result,
            on=clock.today(),
            by_id=by.id if by else None,
            reason_key=reason_key or None,
            reason=(reason or "").strip() or None,
            told=told or {},
            rules=rules or [],
            approval_id=approval.id if approval else None,
        )
    )
    session.flush()
    events.record(
        session,
        Kind.CATEGORY_DECIDED,
        line,
        by=by,
        project_id=project.id,
        category=line.category,
        before={"result": before},
        result=result,
        reason=(reason or "").strip() or None,
        reason_key=reason_key or None,
    )


def note_state(
    session: Session,
    project: Project,
    state: str,
    *,
    by: User | None,
    reason: str | None = None,
    reason_key: str | None = None,
    review_on: date | None = None,
    told: dict[str, Any] | None = None,
    rules: list[str] | None = None,
    approval: Approval | None = None,
) -> None:
    """Write down a new state of the project, bring what is derived up to date and leave the event."""
    before, project.state = project.state, state
    if state in ("lost", "suspended", "closed"):
        project.stranded_on = None  # decided
    session.add(
        LifecycleChange(
            project_id=project.id,
            source=before,
            target=state,
            on=clock.today(),
            by_id=by.id if by else None,
            reason_key=reason_key or None,
            reason=(reason or "").strip() or None,
            review_on=review_on,
            told=told or {},
            rules=rules or [],
            approval_id=approval.id if approval else None,
        )
    )
    refresh(session, project)
    lapse_overtaken(session, project)
    events.record(
        session,
        Kind.STATE_CHANGED,
        project,
        by=by,
        project_id=project.id,
        before={"state": before},
        state=state,
        reason=(reason or "").strip() or None,
        reason_key=reason_key or None,
        review_on=review_on.isoformat() if review_on else None,
        rules=rules or [],
    )


class _Change:
    """A change of a project's state on its way: judged by the engine, then written down."""

    def __init__(
        self, session: Session, project: Project, by: User, approval: Approval | None, reason: str | None
    ) -> None:
        self.session, self.project, self.by = session, project, by
        self.approval, self.reason = approval, reason
        self.definition: Definition
        self.facts: ProjectFacts
        self.definition, self.facts = facts_of(session, project)

    def judge(self, wish: Wish, to: str, *, again: bool = False) -> Decision:
        """The decision that lets it through; AlreadyDone where it is so already, Refused where it cannot become so.

        What the rules say comes before what the lifecycle does not foresee, since it says why.
        """
        state = self.project.state
        if state == to and not again:
            raise AlreadyDone(details=f"/projects/{self.project.id}")
        decision, self.approval = settle(
            self.session, self.project, wish, by=self.by, definition=self.definition, facts=self.facts,
            reason=self.reason, approval=self.approval,
        )  # fmt: skip
        if state != to and transition(self.definition, state, to) is None and not self._back_to_won(to):
            raise Refused(_l("A project in this state cannot become that; look at its history."))
        return decision

    def _back_to_won(self, to: str) -> bool:
        """A won project that rested is won again, although the lifecycle names only the way to active."""
        return (self.project.state, to) == ("suspended", "won")

    def changes(self) -> list[LifecycleChange]:
        """What happened to the project and its lines before, the newest first."""
        query = select(LifecycleChange).where(LifecycleChange.project_id == self.project.id)
        return list(self.session.scalars(query.order_by(LifecycleChange.id.desc())))

    def source_before(self) -> str | None:
        """The state in which the project was before it came to rest."""
        return next((c.source for c in self.changes() if c.category is None and c.source != "suspended"), None)

    def carry_out(self, state: str, decision: Decision, **more: Any) -> None:
        """Write the change down."""
        note_state(self.session, self.project, state, by=self.by, reason=self.reason, rules=list(decision.rules),
                   approval=self.approval, **more)  # fmt: skip

"""Material categories of a project: each line with its own phase and result."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.models import Approval
from tracker.matrix.operations.judging import facts_of, settle
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.circle import list_lines
from tracker.projects.models import CategoryLine, Project
from tracker.projects.operations.changing import change
from tracker.projects.operations.lifecycle import Loss, note_result, note_state
from tracker.team.models import User
from workflows.engine import Decision, MovePhase, Revive, lost_by_its_lines

FINISHED = ("lost", "closed")


def add_category(
    session: Session,
    project: Project,
    *,
    by: User,
    category: str,
    value: Decimal | None = None,
    quantity: Decimal | None = None,
    unit: str | None = None,
) -> CategoryLine:
    """Add a material category to what we want to sell here."""
    require(by, Action.PROJECT_EDIT, project)
    if category not in {window.category for window in definition_of(session, project).windows}:
        raise Invalid("category", _l("Choose a material category."))
    for name, amount in (("value", value), ("quantity", quantity)):
        if (amount or 0) < 0:
            raise Invalid(name, _l("A value cannot be negative."))
    lines = list_lines(session, project)
    if category in {line.category for line in lines}:
        raise Invalid("category", _l("This category is in the project already."))
    line = CategoryLine(
        project_id=project.id, category=category, main=not lines, value=value, quantity=quantity, unit=unit or None
    )
    session.add(line)
    refresh(session, project)
    events.record(session, Kind.CATEGORY_ADDED, line, by=by, project_id=project.id, category=category)
    return line


def edit_category(session: Session, project: Project, line: CategoryLine, *, by: User, **values: Any) -> None:
    """Change a category line: value, quantity, unit, whether it is the main one."""
    require(by, Action.PROJECT_EDIT, project)
    for name in ("value", "quantity"):
        if (values.get(name) or 0) < 0:
            raise Invalid(name, _l("A value cannot be negative."))
    if values.pop("main", False) and not line.main:
        for other in list_lines(session, project):
            other.main = other.id == line.id
        values["made_main"] = True
    before = change(line, values, ("value", "quantity", "unit"))
    refresh(session, project)
    if before or values.get("made_main"):
        events.record(
            session, Kind.CATEGORY_EDITED, line, by=by, project_id=project.id, category=line.category, before=before
        )


def move_category(
    session: Session,
    project: Project,
    line: CategoryLine,
    to: str,
    *,
    by: User,
    reason: str | None = None,
    complete_by: date | None = None,
    approval: Approval | None = None,
) -> Decision | None:
    """Let one line run ahead of the project's phase or behind it, where the engine allows that for it alone.

    Raises Blocked otherwise. At the project's own phase the line follows the project again. `complete_by`: see
    `move_phase`. None where it is there already.
    """
    require(by, Action.PHASE_MOVE, project)
    definition, facts = facts_of(session, project)
    before = line.phase or facts.phase
    if to == before:
        return None
    wish = MovePhase(to, reason or None, line.category)
    decision, approval = settle(
        session,
        project,
        wish,
        by=by,
        definition=definition,
        facts=facts,
        reason=reason,
        approval=approval,
        complete_by=complete_by,
    )
    line.phase = None if to == facts.phase else to
    refresh(session, project)
    events.record(
        session,
        Kind.CATEGORY_EDITED,
        line,
        by=by,
        project_id=project.id,
        category=line.category,
        before={"phase": before},
        target=to,
        reason=reason,
        rules=list(decision.rules),
    )
    return decision


def win_category(session: Session, project: Project, line: CategoryLine, *, by: User, reason: str) -> None:
    """Say that a line is won, with a sentence: which contract or supplement covers it."""
    _decidable(project, line, "won", by, reason)
    note_result(session, project, line, "won", by=by, reason=reason)
    refresh(session, project)


def drop_category(session: Session, project: Project, line: CategoryLine, *, by: User, reason: str) -> None:
    """Say that we do not pursue a line here, with a sentence why; nobody lost it."""
    _decidable(project, line, "dropped", by, reason)
    note_result(session, project, line, "dropped", by=by, reason=reason)
    refresh(session, project)


def lose_category(
    session: Session,
    project: Project,
    line: CategoryLine,
    loss: Loss,
    *,
    by: User,
    approval: Approval | None = None,
) -> Decision:
    """Give up one line; with the last one of which none is won the project is lost. Raises Blocked (G33, G34)."""
    require(by, Action.PROJECT_STATE, project)
    if line.result == "lost":
        raise AlreadyDone(details=f"/projects/{project.id}")
    definition, facts = facts_of(session, project)
    decision, approval = settle(
        session,
        project,
        loss.wish(line.category),
        by=by,
        definition=definition,
        facts=facts,
        reason=loss.reason,
        approval=approval,
    )
    told: dict[str, Any] = {"reason": loss.reason, "reason_key": loss.reason_key, "told": loss.kept()}
    note_result(session, project, line, "lost", by=by, rules=list(decision.rules), approval=approval, **told)
    session.flush()
    refresh(session, project)
    _definition, now = facts_of(session, project)
    if project.state not in FINISHED and lost_by_its_lines(now.categories):
        note_state(session, project, "lost", by=by, approval=approval, **told)
    return decision


def revive_category(
    session: Session,
    project: Project,
    line: CategoryLine,
    *,
    by: User,
    new_fact: str,
    approval: Approval | None = None,
) -> Decision:
    """Open a lost line again because of a new fact; raises Blocked (G38, G39). A dropped one opens with a sentence."""
    require(by, Action.PROJECT_STATE, project)
    if line.result == "open":
        raise AlreadyDone(details=f"/projects/{project.id}")
    definition, facts = facts_of(session, project)
    if project.state == "lost":
        raise Refused(_l("The whole project is lost; revive it, and what was lost with it is open again."))
    if not new_fact.strip() and line.result != "lost":
        raise Invalid("reason", _l("Say in a sentence why."))
    wish = Revive(category=line.category, new_fact=new_fact.strip() or None)
    decision, approval = settle(
        session, project, wish, by=by, definition=definition, facts=facts, reason=new_fact, approval=approval
    )
    told = {"new_fact": new_fact.strip()}
    rules = list(decision.rules)
    note_result(session, project, line, "open", by=by, reason=new_fact, told=told, rules=rules, approval=approval)
    refresh(session, project)
    return decision


def _decidable(project: Project, line: CategoryLine, result: str, by: User, reason: str) -> None:
    require(by, Action.PROJECT_STATE, project)
    if line.result == result:
        raise AlreadyDone(details=f"/projects/{project.id}")
    if line.result == "lost":
        raise Refused(_l("This line is lost; revive it first, with the new fact."))
    if project.state in FINISHED:
        raise Refused(_l("The project is finished; its lines stand as they are."))
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))

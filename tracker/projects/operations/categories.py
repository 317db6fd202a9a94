"""Material categories of a project: each line with its own phase and result."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, can, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.operations.judging import enforce, facts_of, judge
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import CategoryLine, Project
from tracker.projects.operations.changing import change
from tracker.team.models import User
from workflows.facts import CategoryFacts
from workflows.wishes import MovePhase

RESULTS = ("open", "won", "lost", "dropped")


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
    lines = session.scalars(select(CategoryLine).where(CategoryLine.project_id == project.id)).all()
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
        lines = session.scalars(select(CategoryLine).where(CategoryLine.project_id == project.id))
        for other in lines:
            other.main = other.id == line.id
        values["made_main"] = True
    before = change(line, values, ("value", "quantity", "unit"))
    refresh(session, project)
    if before or values.get("made_main"):
        events.record(
            session, Kind.CATEGORY_EDITED, line, by=by, project_id=project.id, category=line.category, before=before
        )


def move_category(
    session: Session, project: Project, line: CategoryLine, to: str, *, by: User, reason: str | None = None
) -> None:
    """Let one line run ahead of the project's phase or behind it, where the engine allows that for it alone.

    Raises Blocked otherwise; a supervisor of the project who gives a reason stands behind it. At the project's own
    phase the line follows the project again.
    """
    require(by, Action.PHASE_MOVE, project)
    definition, facts = facts_of(session, project)
    before = line.phase or facts.phase
    if to == before:
        return
    alone = CategoryFacts(line.category, None, "open", True)
    wish = MovePhase(to, reason or None)
    granted = bool(reason) and can(by, Action.APPROVAL_DECIDE, project)
    own = replace(facts, phase=before, categories=(alone,), visited=())
    decision = judge(definition, own, wish, granted=granted)
    enforce(decision, wish)
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


def decide_category(
    session: Session, project: Project, line: CategoryLine, result: str, *, by: User, reason: str
) -> None:
    """Say what became of a line: won, lost, dropped, or open again; with a sentence why."""
    require(by, Action.PROJECT_EDIT, project)
    if result not in RESULTS:
        raise Invalid("result", _l("Choose what became of it."))
    if result == line.result:
        return
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    before, line.result = line.result, result
    refresh(session, project)
    events.record(
        session,
        Kind.CATEGORY_EDITED,
        line,
        by=by,
        project_id=project.id,
        category=line.category,
        before={"result": before},
        result=result,
        reason=reason.strip(),
    )

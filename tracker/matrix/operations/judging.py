"""Asking the engine: facts from the database, its decision, and what it means for the one who wished."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock
from tracker.errors import Refused
from tracker.i18n import _l
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts
from tracker.projects.models import Project
from workflows.definition import Definition
from workflows.engine import Decision, decide
from workflows.facts import GrantedOverride, ProjectFacts
from workflows.wishes import LogRecord, MovePhase, MoveStep, OpenProject, Wish, fingerprint

_WISHES: dict[str, Any] = {kind.__name__: kind for kind in (MovePhase, MoveStep, LogRecord, OpenProject)}


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


def wish_to_json(wish: Wish) -> dict[str, Any]:
    """A wish as plain values, to be kept with an approval."""
    values = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(wish).items()}
    return {"wish": type(wish).__name__, **values}


def wish_from_json(values: dict[str, Any]) -> Wish:
    """The wish that `wish_to_json` kept."""
    kind = _WISHES[values["wish"]]
    names = set(kind.__dataclass_fields__)
    plain = {key: value for key, value in values.items() if key in names}
    for key in ("on", "proof_on"):
        if plain.get(key):
            plain[key] = date.fromisoformat(plain[key])
    wish: Wish = kind(**plain)
    return wish

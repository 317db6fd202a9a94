"""The registry of guards: which function speaks for which rule, and about which wishes it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from workflows.definition import CellKey, Definition, Status
from workflows.facts import ProjectFacts
from workflows.status import Progress, combined_status, progress_of
from workflows.text import Text
from workflows.wishes import MovePhase, MoveStep, OpenProject, Wish


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired.

    `action`: refuse, supervisor, reason, warn, auto. `sentence` is the rule's own, `detail` names what is concrete
    here (criteria, dates, days). `missing`: ids of exit criteria. `override`: who could lift it: 'self' by a reason,
    'administrator', None, or those whose consent it takes, joined by '+' ('supervisor', 'finance+supervisor').
    `satisfied`: the reason it asks for has been given. `marks`: what the change must be marked with.
    """

    rule_id: str
    action: str
    sentence: Text
    detail: Text
    missing: tuple[str, ...] = ()
    override: str | None = None
    satisfied: bool = False
    marks: tuple[str, ...] = ()

    @property
    def signers(self) -> tuple[str, ...]:
        """All whose consent together lifts it; empty where no approval can be asked for."""
        return () if self.override in (None, "self", "administrator") else tuple(self.override.split("+"))

    @property
    def can_override(self) -> bool:
        """True when an approval can be asked for, or a reason given."""
        return self.override == "self" or bool(self.signers)

    @property
    def blocks(self) -> bool:
        """True when the wish cannot be carried out until this is lifted."""
        return self.action in ("refuse", "supervisor", "reason") and not self.satisfied


class Situation:
    """A wish in its circumstances; `target` is the cell in which the project would stand afterwards."""

    __slots__ = ("building_step", "definition", "facts", "here", "progress", "target", "today", "wish")

    def __init__(self, definition: Definition, facts: ProjectFacts, wish: Wish, today: date) -> None:
        self.definition = definition
        self.facts = facts
        self.wish = wish
        self.today = today
        leading = facts.leading_building(definition)
        self.here: CellKey = (facts.phase, leading.step)
        self.progress = progress_of(definition, leading, today)
        self.building_step = leading.step
        self.target: CellKey = self.here
        if isinstance(wish, MovePhase):
            definition.phase(wish.to)
            self.target = (wish.to, leading.step)
        elif isinstance(wish, OpenProject):
            definition.cell(wish.phase, wish.step)
            self.target = (wish.phase, wish.step)
            if wish.step != leading.step:
                self.progress = Progress(definition.step_index[wish.step], 0.0)
        elif isinstance(wish, MoveStep):
            self._target_of_step(wish)

    def _target_of_step(self, wish: MoveStep) -> None:
        index = self.definition.step_index
        self.definition.step(wish.to)
        building = next((b for b in self.facts.buildings if b.id == wish.building_id), None)
        if building is None:
            raise ValueError(f"the project has no building {wish.building_id!r}")
        self.building_step = building.step
        others = [b.step for b in self.facts.buildings if b.id != wish.building_id]
        step = max([*others, wish.to], key=lambda key: index[key])
        self.target = (self.facts.phase, step)
        if step != self.here[1]:
            self.progress = Progress(index[step], 0.0)

    @property
    def steps_moved(self) -> int:
        """How many steps the building of a MoveStep goes on (negative: back)."""
        index = self.definition.step_index
        return index[self.wish.to] - index[self.building_step] if isinstance(self.wish, MoveStep) else 0

    @property
    def phases_moved(self) -> int:
        """How many phases a MovePhase goes on (negative: back)."""
        index = self.definition.phase_index
        return index[self.wish.to] - index[self.facts.phase] if isinstance(self.wish, MovePhase) else 0

    def target_status(self) -> Status:
        """The effective status of the target cell, as it would be found on arrival."""
        route = self.wish.route if isinstance(self.wish, OpenProject) else self.facts.route
        cell = self.definition.cell(*self.target)
        return combined_status(self.definition, cell, route, self.facts.open_categories, self.progress)

    def fire(
        self,
        rule_id: str,
        zh: str,
        en: str,
        *,
        action: str | None = None,
        missing: tuple[str, ...] = (),
        override: str | None = None,
        satisfied: bool = False,
        marks: tuple[str, ...] = (),
    ) -> Fired:
        """A fired rule with the definition's own sentence; `action` only where it differs from the rule's."""
        rule = self.definition.rule(rule_id)
        return Fired(
            rule_id=rule_id,
            action=action or rule.action,
            sentence=rule.sentence,
            detail=Text(zh, en),
            missing=missing,
            override=override,
            satisfied=satisfied,
            marks=marks,
        )


Guard = Callable[[Situation], Fired | None]
_GUARDS: dict[str, Guard] = {}
_BY_WISH: dict[type[object], list[tuple[str, Guard]]] = {}


def guard(rule_id: str, *wishes: type[object]) -> Callable[[Guard], Guard]:
    """Register a function as the guard of a rule, asked about wishes of these types."""

    def register(function: Guard) -> Guard:
        if rule_id in _GUARDS:
            raise ValueError(f"{rule_id} is registered twice")
        _GUARDS[rule_id] = function
        for wish in wishes:
            _BY_WISH.setdefault(wish, []).append((rule_id, function))
            _BY_WISH[wish].sort(key=lambda pair: pair[0])
        return function

    return register


def implemented() -> tuple[str, ...]:
    """The ids of the rules that have a guard, in order. A rule not named here is not enforced."""
    return tuple(sorted(_GUARDS))


def ask(situation: Situation) -> tuple[Fired, ...]:
    """Every rule that fires in a situation, in the order of their ids."""
    found = []
    for rule_id, function in _BY_WISH.get(type(situation.wish), ()):
        # A definition may do without a rule; then nobody is bound by it.
        if situation.definition.has_rule(rule_id) and (fired := function(situation)) is not None:
            found.append(fired)
    return tuple(found)

"""The states of a project and the results of its category lines: what may become what.

Source: lifecycle.transitions, lifecycle.partial_loss and conventions.per_category of the definition.
"""

from __future__ import annotations

from workflows.definition import Definition
from workflows.facts import CategoryFacts, ProjectFacts
from workflows.policy import Transition

SPLIT_PHASES = 2
"""A line so many phases away from the project had better be a linked sub-project."""


def transition(definition: Definition, source: str, target: str) -> Transition | None:
    """The change from one state of a project to another, as the definition knows it; None when it does not."""
    changes = definition.lifecycle.transitions
    return next((t for t in changes if (t.source, t.target) == (source, target)), None)


def reachable(definition: Definition, source: str) -> tuple[str, ...]:
    """The states that may follow a state, in the order of the definition."""
    return tuple(dict.fromkeys(t.target for t in definition.lifecycle.transitions if t.source == source))


def lost_by_its_lines(lines: tuple[CategoryFacts, ...]) -> bool:
    """True when every line is decided and none is won: only then the project is lost."""
    return bool(lines) and all(line.result not in ("open", "won") for line in lines)


def partly_lost(lines: tuple[CategoryFacts, ...]) -> bool:
    """True when some line is lost while another is won or still open."""
    results = {line.result for line in lines}
    return "lost" in results and bool(results & {"open", "won"})


def lines_to_split(definition: Definition, facts: ProjectFacts) -> tuple[CategoryFacts, ...]:
    """The open lines so far from the project's phase that they had better become a linked sub-project."""
    index, here = definition.phase_index, definition.phase_index[facts.phase]
    far = {phase for phase, number in index.items() if abs(number - here) >= SPLIT_PHASES}
    return tuple(line for line in facts.open_categories if line.phase in far)

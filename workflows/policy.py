"""The parts of a definition that judge: score card, lifecycle, guard rules and their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.text import Kind, Text


@dataclass(frozen=True, slots=True)
class ScoreCriterion:
    """A criterion of the score card: weight in points, anchors say what 0, 1, 3 and 5 mean."""

    key: str
    weight: int
    name: Text
    anchors: Mapping[int, Text]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`low` <= field <= `high` (percent or a score); `high_open` excludes the upper end."""

    field: str
    low: float
    high: float
    high_open: bool = False

    def holds(self, values: Mapping[str, float]) -> bool:
        """True when the value named lies in the range."""
        value = values[self.field]
        return self.low <= value and (value < self.high if self.high_open else value <= self.high)


@dataclass(frozen=True, slots=True)
class Threshold:
    """An outcome of the score card; one of `alternatives` must hold in all its comparisons."""

    key: str
    text: Text
    when: str
    alternatives: tuple[tuple[Comparison, ...], ...]


@dataclass(frozen=True, slots=True)
class Knockout:
    """A fact that decides a lead whatever its score."""

    key: str
    text: Text
    result: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Validity and feasibility of a lead, each of 100 points, and what follows from them."""

    formula: Text
    validity_name: Text
    validity: tuple[ScoreCriterion, ...]
    feasibility_name: Text
    feasibility: tuple[ScoreCriterion, ...]
    thresholds: tuple[Threshold, ...]
    knockouts: tuple[Knockout, ...]
    rescoring: Text


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a project's state, when it happens and who may do it."""

    source: str
    target: str
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of leads and projects."""

    lead_states: tuple[Kind, ...]
    project_states: tuple[Kind, ...]
    transitions: tuple[Transition, ...]
    partial_loss: Text


@dataclass(frozen=True, slots=True)
class GuardRule:
    """A rule as published: id, group, action (refuse, supervisor, reason, warn, auto), sentence, override."""

    id: str
    group: str
    action: str
    when: str
    sentence: Text
    override: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a hint or a section comes from."""

    id: str
    what: str
    ref: str

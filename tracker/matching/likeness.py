"""How alike two things are, how sure that is, and why: plain data, the words are made by who shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How sure it is that two rows are one thing."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (strength above 0) or against (below 0) the two being one.

    Kinds for: plot, place, name, alias, address, firm, phone, kind, email. Kinds against: other_plot, far, number
    (二期 and 三期, tower 2 and tower 3), other_name, other_address, other_phone, other_kind, other_firm, other_region.
    `values` are the two spellings compared, the first thing's first.
    """

    kind: str
    strength: float
    metres: int | None = None
    values: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """The answer of a comparison; reasons come strongest first, those against last."""

    score: float
    level: Level
    reasons: tuple[Reason, ...] = ()

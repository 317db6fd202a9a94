"""The visit to make about a window that closes: what to get there, in which cell it is logged, and whom to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts
from workflows.text import Text
from workflows.work import missing_exits

SELLING = ("sales", "key_accounts")
"""Whose hints a salesperson reads first."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What to do today about a window.

    `kind`: 'exit' (a criterion of the line's phase still to be met; `ref` its id), 'hint' (the must of the present
    cell; `ref` its id), 'window' (nothing is written down for this cell: do the activity itself). `buyers`: keys of
    the participant kinds who buy the category, the first of them in the project's parties first.
    """

    kind: str
    ref: str
    text: Text
    cell: CellKey
    buyers: tuple[str, ...]


def visit_for(
    definition: Definition, facts: ProjectFacts, category: str, today: date, parties: Mapping[str, object] | None = None
) -> Visit:
    """The visit about a category line; `parties` are the firms of the project by their role, as far as known."""
    line = next((one for one in facts.categories if one.key == category), None)
    phase = (line.phase if line else None) or facts.phase
    cell = facts.cell(definition)
    window, known = definition.window(category), parties or {}
    buyers = tuple(sorted(window.buyer, key=lambda role: role not in known))
    missing = missing_exits(definition, facts, phase, today)
    if missing:
        return Visit("exit", missing[0].id, missing[0].text, cell, buyers)
    musts = [hint for hint in definition.cell(*cell).hints if hint.kind == "must"]
    musts.sort(key=lambda hint: hint.department not in SELLING)
    if musts:
        return Visit("hint", musts[0].id, musts[0].text, cell, buyers)
    return Visit("window", category, window.name, cell, buyers)

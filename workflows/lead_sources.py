"""What each source of leads demands: the evidence that it is there, and by when whoever told of it is answered.

Source: the pick-list `lead_sources`, whose items may hold `required_evidence` (a kind of evidence), `tip_zh`, `tip_en`,
and either `answer_days` (calendar days, 0: the same day) or `answer_working_days`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.calendar import add_days, add_working_days
from workflows.definition import Definition
from workflows.holidays import load_china
from workflows.text import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Brought:
    """What there is on a lead: pictures, whether its place is known, documents, people, and a sentence."""

    photos: bool = False
    place: bool = False
    documents: bool = False
    people: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What one source demands; `evidence` '': nothing."""

    evidence: str = ""
    tip: Text = NO_TEXT
    answer_days: int | None = None
    answer_working_days: int | None = None

    def met_by(self, brought: Brought) -> bool:
        """Whether the evidence is there. A photo counts with its place; a picture may show the document."""
        match self.evidence:
            case "photo":
                return brought.photos and brought.place
            case "document":
                return brought.documents or brought.photos
            case "contact":
                return brought.people
            case "note":
                return brought.note
            case _:
                return True

    def answer_by(self, found: date) -> date | None:
        """The last day on which whoever told of it is answered in time; None: nobody waits."""
        if self.answer_working_days is not None:
            return add_working_days(found, self.answer_working_days, load_china())
        return None if self.answer_days is None else add_days(found, self.answer_days)


def demand_of(definition: Definition, source: str) -> Demand:
    """What a source demands; nothing of a source that the definition does not name."""
    return demands_of(definition).get(source, Demand())


def demands_of(definition: Definition) -> Mapping[str, Demand]:
    """What each source demands, by its key, in the order of the pick-list."""
    return {choice.key: _demand(choice.extra) for choice in definition.picklist("lead_sources").items}


def _demand(extra: Mapping[str, Any]) -> Demand:
    return Demand(
        extra.get("required_evidence") or "",
        Text(*(str(extra.get(name) or "") for name in ("tip_zh", "tip_en"))),
        extra.get("answer_days"),
        extra.get("answer_working_days"),
    )

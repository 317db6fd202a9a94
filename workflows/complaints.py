"""By when a complaint is to be answered and closed, by its severity.

Source: picklists.complaint_categories.severity of the definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.calendar import add_days
from workflows.definition import Definition
from workflows.errors import UnknownKey

HOURS_OF_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Limits:
    """The last days on which the answer, and the end of the matter, are in time; `hours` to the answer."""

    answer_by: date
    close_by: date
    hours: int


def complaint_limits(definition: Definition, severity: str, on: date) -> Limits:
    """The limits of a complaint of this severity (s1 … s3) that came in on a day."""
    for known in definition.picklist("complaint_categories").extra.get("severity", ()):
        if known["key"] == severity:
            hours = int(known["respond_hours"])
            return Limits(add_days(on, hours // HOURS_OF_A_DAY), add_days(on, int(known["close_days"])), hours)
    raise UnknownKey("severity", severity)

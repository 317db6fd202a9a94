"""The sections that a report may have, what a kind of report has where nobody arranged it, and their names."""

from __future__ import annotations

from typing import Any

from tracker.i18n import _l

NAMES: dict[str, Any] = {
    "silence": _l("Missing activity"),
    "people": _l("Each person"),
    "moves": _l("What moved in the matrix"),
    "visits": _l("Visits and whom was met"),
    "work": _l("Other work"),
    "evidence": _l("Evidence"),
    "photos": _l("Photos"),
    "leads": _l("New leads"),
    "registrations": _l("Registrations"),
    "outcomes": _l("Won and lost"),
    "done": _l("Tasks done"),
    "late": _l("Tasks late"),
    "todos": _l("To-dos done and late"),
    "quiet": _l("Gone quiet"),
    "windows": _l("Windows that close"),
    "promises": _l("What was promised"),
    "plan": _l("What is planned"),
    "forecast": _l("Forecast beside evidence"),
}
HAPPENED = ("moves", "visits", "work", "evidence", "photos", "leads", "registrations", "outcomes", "done", "promises")
"""What happened in a period: it can be looked up afterwards; all else is how things stood when the report was made."""
OF = ("person", "team", "region", "project")
_DAY = ("silence", "moves", "visits", "work", "evidence", "photos", "leads", "outcomes", "done", "late", "todos",
        "plan")  # fmt: skip
_WEEK = ("silence", "outcomes", "moves", "visits", "evidence", "photos", "leads", "registrations", "done", "late",
         "todos", "quiet", "promises", "plan", "windows", "work", "forecast")  # fmt: skip
_PROJECT = ("silence", "outcomes", "moves", "visits", "evidence", "photos", "registrations", "done", "late", "promises",
            "plan", "windows", "forecast", "work")  # fmt: skip


def default_sections(kind: str) -> tuple[str, ...]:
    """The sections of a kind of report (`person/week` …) where nobody arranged it."""
    of, _slash, period = kind.partition("/")
    if of == "project":
        return _PROJECT
    own = _DAY if period == "day" else _WEEK
    return own if of == "person" else ("silence", "people", *(one for one in own if one != "silence"))


def offered(kind: str) -> tuple[str, ...]:
    """The sections that a kind of report may have."""
    return tuple(one for one in NAMES if one != "people" or kind.partition("/")[0] in ("team", "region"))

"""What the pages of newcomers call things."""

from __future__ import annotations

from typing import Any

from tracker.i18n import _l

KINDS: dict[str, Any] = {
    "must": _l("Must"),
    "tip": _l("Tip"),
    "warn": _l("Warning"),
    "task": _l("Task"),
    "exit": _l("To be proven"),
    "cell": _l("Cell"),
}
FIRST: dict[str, tuple[Any, str]] = {
    "practice": (_l("Win the practice project"), "newcomers.practice"),
    "record": (_l("Log a visit or a call"), "matrix.visit"),
    "promise": (_l("Say with it what comes next, and when"), "matrix.visit"),
    "plan": (_l("Plan something for the days to come"), "calendar.week"),
    "photo": (_l("Add a site photo"), "matrix.visit"),
    "lead": (_l("Bring in a lead: a notice board is enough"), "leads.new"),
    "feed": (_l("Take the plan into the calendar of your phone"), "calendar.feed"),
}
"""First records: what is done, and the page on which it is."""

"""The columns of the list of what one took over."""

from __future__ import annotations

from typing import Any

from tracker.exports.columns import Column, Listing, Words, made, moment
from tracker.i18n import _, _l
from tracker.sheets.writing import DAY, LONG, NAME


def task_said(state: str) -> str:
    """How the task to meet the decision maker stands, in words."""
    return {
        "owed": _("to be met"),
        "late": _("to be met, late"),
        "done": _("met"),
        "dropped": _("dropped"),
    }.get(state, "")


def _site(taken: Any, _words: Words) -> str:
    return str((taken.row.project or taken.row.lead).name)


def _note(taken: Any, _words: Words) -> str:
    own, common = taken.note, taken.row.handing.note if taken.row.handing else ""
    return "\n".join(text for text in (own, common) if text)


TAKEN = Listing(
    "taken_over",
    _l("Taken over"),
    (
        Column(_l("What"), made(lambda taken, _words: _("Project") if taken.row.project_id else _("Lead"))),
        Column(_l("Name"), made(_site), NAME),
        Column(_l("From whom"), made(lambda taken, _words: taken.row.giver.name if taken.row.giver else "")),
        moment(_l("When"), "row.at"),
        Column(_l("Handover note"), made(_note), LONG),
        Column(_l("Decision maker"), made(lambda taken, _words: task_said(taken.state))),
        Column(_l("Due"), made(lambda taken, _words: taken.row.task.due_on if taken.row.task else None), DAY),
    ),
)  # fmt: skip

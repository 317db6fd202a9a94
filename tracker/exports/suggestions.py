"""The columns of the list of suggestions."""

from __future__ import annotations

from typing import Any

from tracker.exports.columns import Column, Listing, Words, made, moment, plain, said
from tracker.i18n import _l
from tracker.sheets.writing import LONG
from tracker.suggestions.forms import STATES


def _answerer(row: Any, _words: Words) -> str:
    return row.answered_by.name if row.answered_by else ""


SUGGESTIONS = Listing(
    "suggestions",
    _l("Suggestions"),
    (
        moment(_l("When"), "at"),
        Column(_l("By"), plain("by.name")),
        Column(_l("Suggestion"), plain("text"), LONG),
        Column(_l("State"), said("state", lambda _words, key: str(STATES[key][1]))),
        Column(_l("The answer"), plain("answer"), LONG),
        Column(_l("Answered by"), made(_answerer)),
        moment(_l("Answered at"), "answered_at"),
    ),
)

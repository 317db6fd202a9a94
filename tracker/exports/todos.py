"""The columns of the list of to-dos."""

from __future__ import annotations

from typing import Any

from tracker import clock
from tracker.exports.columns import Column, Listing, Words, made
from tracker.i18n import _l
from tracker.sheets.writing import DAY, LONG, NAME


def _site(row: Any, _words: Words) -> str:
    """The project or lead, where the reader sees it."""
    site = row.project or row.lead
    return site.name if site else ""


def _day_of(name: str) -> Any:
    """The reader's day of a moment of the to-do."""

    def say(row: Any, _words: Words) -> Any:
        at = getattr(row.todo, name)
        return clock.local(at).date() if at else None

    return made(say)


TODOS = Listing(
    "todos",
    _l("To-dos"),
    (
        Column(_l("What is to be done"), made(lambda row, _words: row.todo.text), LONG),
        Column(_l("By when"), made(lambda row, _words: row.todo.due_on), DAY),
        Column(_l("Put off to"), made(lambda row, _words: row.todo.snoozed_to), DAY),
        Column(_l("Whose it is"), made(lambda row, _words: row.todo.owner.name)),
        Column(_l("Given by"), made(lambda row, _words: row.todo.by.name)),
        Column(_l("Site"), made(_site), NAME),
        Column(_l("Done on"), _day_of("done_at"), DAY),
        Column(_l("Dropped on"), _day_of("dropped_at"), DAY),
        Column(_l("Why"), made(lambda row, _words: row.todo.dropped_why), LONG),
    ),
)

"""What kinds of due things are called, their icons, and the page each leads to."""

from __future__ import annotations

from typing import Any

from tracker.addresses import url_for
from tracker.i18n import _l, lang
from tracker.notifications.models import DueThing

KINDS: dict[str, tuple[str, Any]] = {
    "silence": ("clock", _l("Silence")),
    "unchanged": ("building", _l("Progress unchanged")),
    "window": ("radar", _l("Window closing")),
    "task": ("flag", _l("Late task")),
    "own_task": ("flag", _l("Late task")),
    "stranded": ("warning", _l("Stranded")),
    "review": ("calendar", _l("Review")),
    "registration": ("link", _l("Registration")),
    "conflict": ("approvals", _l("Conflict")),
    "promise": ("check", _l("Promise")),
}
"""(icon, word) of each kind, as `workflows.clocks` names them."""
IN_CELL = ("silence", "window", "task", "own_task")


def icon_of(thing: DueThing) -> str:
    """The name of its icon."""
    return KINDS.get(thing.kind, ("info", ""))[0]


def word_of(thing: DueThing) -> str:
    """What its kind is called."""
    return str(KINDS.get(thing.kind, ("", thing.kind))[1])


def said(thing: DueThing) -> str:
    """Its sentence in the reader's language."""
    return thing.zh if lang() == "zh" else thing.en


def address_of(thing: DueThing) -> str:
    """Where something can be done about it: its cell, or the project."""
    if thing.kind in IN_CELL:
        return url_for("matrix.cell", project_id=thing.project_id, phase=thing.phase, step=thing.step)
    return url_for("matrix.project", project_id=thing.project_id)

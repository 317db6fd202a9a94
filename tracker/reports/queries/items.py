"""The sentences that reports are made of, as plain data that both languages can be read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker.matrix.definitions import current_definition, get_definition
from tracker.matrix.facts import ANCHOR
from workflows.definition import Definition
from workflows.errors import WorkflowError
from workflows.text import Text

Said = dict[str, Any]
"""A value of a sentence: {"zh", "en"}, {"day"}, {"money"}, {"n"} …; what users typed is a plain text."""


@dataclass(slots=True)
class Item:
    """A sentence with all that it leads to. `people`: whose work it is, `doer` who did it; `site`: what one must see
    to read its name."""

    section: str
    say: str
    args: dict[str, Any]
    to: tuple[str, Any]
    on: date
    people: frozenset[int] = frozenset()
    site: tuple[str, int] | None = None
    doer: int | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        """It as JSON keeps it."""
        found: dict[str, Any] = {"say": self.say, "args": self.args, "to": list(self.to), "on": self.on.isoformat()}
        if self.site:
            found["site"] = list(self.site)
        return found


def both(text: Text) -> Said:
    """A sentence of the definition."""
    return {"zh": text.zh, "en": text.en}


def day(value: date) -> Said:
    """A day."""
    return {"day": value.isoformat()}


def money(value: Decimal | int, currency: str) -> Said:
    """An amount."""
    return {"money": [str(Decimal(value)), currency]}


def people_of(*ids: int | None) -> frozenset[int]:
    """Whose work it is."""
    return frozenset(one for one in ids if one is not None)


class Names:
    """What the definitions call things, in both languages; an unknown key is itself."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.current = current_definition()

    def of(self, key: str, version: int) -> Definition:
        """The definition that a project keeps."""
        try:
            return get_definition(self.session, key, version)
        except (LookupError, WorkflowError):
            return self.current

    def phase(self, key: str | None, definition: Definition | None = None) -> Said:
        """A phase."""
        return self._said(key, (definition or self.current).phase)

    def step(self, key: str | None, definition: Definition | None = None) -> Said:
        """A construction step."""
        return self._said(key, (definition or self.current).step)

    def category(self, key: str | None) -> Said:
        """A material category."""
        return self._said(key, self.current.window)

    def choice(self, picklist: str, key: str | None) -> Said:
        """A choice of a pick-list."""
        return self._said(key, lambda wanted: self.current.picklist(picklist).get(wanted))

    def target(self, key: str, own: dict[str, str]) -> Any:
        """What evidence proves: a task, an exit criterion, a date, or somebody's own task, in his words."""
        if key.startswith("U."):
            return own.get(key, key)
        if key.startswith(ANCHOR):
            named = self.current.anchors.get(key[2:])
            return both(named) if named is not None else key[2:]
        find: Callable[[str], Any] = self.current.task if key.startswith("T.") else self.current.exit
        try:
            return both(find(key).text)
        except (LookupError, WorkflowError):
            return key

    def _said(self, key: str | None, find: Callable[[str], Any]) -> Said:
        try:
            return both(find(key or "").name)
        except (LookupError, WorkflowError):
            return {"zh": key or "", "en": key or ""}


def in_order(items: Iterable[Item]) -> list[Item]:
    """By day, the newest first; what fell together keeps its order."""
    return sorted(items, key=lambda one: one.on, reverse=True)

"""What a list is as a table: its columns, and the words in which keys are said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from tracker import clock
from tracker.access import is_dealer
from tracker.i18n import lang
from tracker.sheets.writing import MOMENT, TEXT, Cell, Look
from tracker.team.models import User
from workflows.definition import Definition


class Words:
    """The names of the definition's things in the reader's language; an unknown key is itself."""

    def __init__(self, definition: Definition) -> None:
        self.definition, self.language = definition, lang()

    def phase(self, key: str | None) -> str:
        """A phase's name."""
        return self._said(key, self.definition.phase)

    def step(self, key: str | None) -> str:
        """A construction step's name."""
        return self._said(key, self.definition.step)

    def route(self, key: str | None) -> str:
        """A route's name."""
        return self._said(key, self.definition.route)

    def category(self, key: str | None) -> str:
        """A material category's name."""
        return self._said(key, self.definition.window)

    def department(self, key: str | None) -> str:
        """A department's name."""
        return self._said(key, self.definition.department)

    def choice(self, picklist: str, key: str | None) -> str:
        """The name of a choice in a pick-list."""
        return self._said(key, lambda wanted: self.definition.picklist(picklist).get(wanted))

    def _said(self, key: str | None, find: Callable[[str], Any]) -> str:
        if not key:
            return ""
        try:
            return str(find(key).name.get(self.language))
        except LookupError:
            return key


Says = Callable[[Any], Cell]
"""What a column's cell says of a row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what makes its cells once the words are known, how it looks in a workbook.

    What is `ours` is no dealer's business.
    """

    label: Any
    cells: Callable[[Words], Says]
    look: Look = TEXT
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be taken out: its key in the audit trail, its name (also the file's), its columns."""

    key: str
    name: Any
    columns: Sequence[Column]

    def columns_for(self, by: User) -> list[Column]:
        """The columns that a user gets."""
        dealer = is_dealer(by)
        return [column for column in self.columns if not (dealer and column.ours)]


def plain(name: str) -> Callable[[Words], Says]:
    """Cells that hold an attribute of the row as it is; dots lead on, from rows that are there."""
    get = attrgetter(name)
    return lambda _words: get


def made(say: Callable[[Any, Words], Cell]) -> Callable[[Words], Says]:
    """Cells that are made of the whole row."""
    return lambda words: lambda row: say(row, words)


def said(name: str, say: Callable[[Words, Any], str]) -> Callable[[Words], Says]:
    """Cells that say an attribute in words. There are few different ones: each is said once for all rows."""

    def prepared(words: Words) -> Says:
        get, kept = attrgetter(name), dict[Any, str]()

        def cell(row: Any) -> str:
            key = get(row)
            found = kept.get(key)
            if found is None:
                found = kept[key] = str(say(words, key))
            return found

        return cell

    return prepared


def chosen(name: str, picklist: str) -> Callable[[Words], Says]:
    """Cells that say which choice of a pick-list an attribute is."""
    return said(name, lambda words, key: words.choice(picklist, key))


def moment(label: Any, name: str, *, ours: bool = False) -> Column:
    """A column of moments, in the reader's zone."""

    def prepared(_words: Words) -> Says:
        get, zone = attrgetter(name), clock.zone()

        def cell(row: Any) -> datetime | None:
            value: datetime | None = get(row)
            return value.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0) if value else None

        return cell

    return Column(label, prepared, MOMENT, ours)


def cells_of(rows: Iterable[Any], columns: Sequence[Column], words: Words) -> Iterator[list[Cell]]:
    """The rows' cells."""
    cells = [column.cells(words) for column in columns]
    for row in rows:
        yield [cell(row) for cell in cells]

"""Pages of a list without counting it: one row more than shown tells whether there is a next page.

Ids come first and the rows by key after them, so that a deep page does not drag joins through its offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, inspect
from sqlalchemy.orm import Session

SIZE = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list: page `number` (from 1) of those that follow each other."""

    items: Sequence[T]
    number: int
    has_next: bool
    size: int = SIZE

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before this one."""
        return self.number > 1

    @property
    def first(self) -> int:
        """The place in the list of this page's first row, from 1."""
        return (self.number - 1) * self.size + 1

    def __len__(self) -> int:
        return len(self.items)


def page_of(session: Session, query: Select[T], number: int, size: int = SIZE) -> Page[T]:
    """Page `number` of `query` (a select of one entity, ordered to the last)."""
    number = max(1, min(number, 100_000))
    entity: Any = query.column_descriptions[0]["entity"]
    key = inspect(entity).primary_key[0]
    ids = session.scalars(
        query.with_only_columns(key, maintain_column_froms=True).offset((number - 1) * size).limit(size + 1)
    ).all()
    shown = list(ids[:size])
    if not shown:
        return Page([], number, False, size)
    rows = session.scalars(query.where(key.in_(shown))).unique().all()
    return Page(rows, number, len(ids) > size, size)

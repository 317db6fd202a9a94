"""Pages of a list without counting it: one row more than shown tells whether there is a next page.

Two ways. `page_of` is for lists that nobody turns hundreds of pages of. `ordered_page` is for the long ones: each
page's link to the next names the last row shown, so that page 500 is found as quickly as page 2; without such a mark
(an address typed by hand) the rows before are skipped, in the index alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, func, inspect, select
from sqlalchemy.orm import Session

SIZE = 50
FARTHEST = 100_000  # pages
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list: page `number` (from 1) of those that follow each other.

    `mark` names the last row, for the link to the next page; empty where the list does not use marks.
    """

    items: Sequence[T]
    number: int
    has_next: bool
    size: int = SIZE
    mark: str = ""

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
    """Page `number` of `query` (a select of one entity, ordered to the last).

    Ids come first and the rows by key after them, so that a deep page does not drag joins through its offset.
    """
    number = max(1, min(number, FARTHEST))
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


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a list: by a column, then by key, both the same way; rows without a value come last.

    `read` makes a value of the column from its text in a mark, or raises ValueError.
    """

    key: Any
    column: Any
    read: Callable[[str], Any]
    descending: bool = False

    @property
    def has_gaps(self) -> bool:
        """Whether rows may lack a value."""
        return bool(self.column.nullable)

    def by(self, *columns: Any) -> list[ColumnElement[Any]]:
        """These columns in the order's direction."""
        return [column.desc() if self.descending else column.asc() for column in columns]

    def behind(self, column: Any, value: Any) -> ColumnElement[bool]:
        """The condition that rows come after those of this value."""
        condition: ColumnElement[bool] = column < value if self.descending else column > value
        return condition

    def mark_of(self, row: Any) -> str:
        """What names a row in an address: its key and its value."""
        value = row.place
        return f"{row.id}_{'' if value is None else value}"

    def values_of(self, mark: str) -> tuple[int, Any] | None:
        """Key and value (None: it has none) that a mark names; None for what is no mark."""
        key, bar, text = mark.partition("_")
        try:
            found = (int(key), self.read(text) if text else None) if bar else None
        except ValueError:
            return None
        return None if found and found[1] is None and not self.has_gaps else found


@dataclass(frozen=True, slots=True)
class Piece:
    """The shape of a stretch of an ordered list: of the rows with a value or, as `gaps`, of those without.

    It `follows` a row (parameters `after_key`, `after_value`), or `skips` some first (`skipped`), and has `most` rows.
    What follows a row with a value are two stretches: the `ties`, of the same value and a later key, and those beyond.
    As one condition of both columns SQLite would walk through all rows of the value.
    """

    order: Order
    gaps: bool = False
    follows: bool = False
    skips: bool = False
    ties: bool = False

    def of(self, shown: Select[Any], conditions: Sequence[Any]) -> Select[Any]:
        """The statement for the piece of what `shown` selects under these conditions."""
        order, all_of, most = self.order, list(conditions), bindparam("most", type_=Integer)
        columns = (order.key,) if self.gaps else (order.column, order.key)
        if order.has_gaps:
            all_of.append(order.column.is_(None) if self.gaps else order.column.is_not(None))
        if self.follows:
            key, value = bindparam("after_key", type_=Integer), bindparam("after_value", type_=order.column.type)
            if self.ties:
                all_of.append(order.column == value)
            beyond = (order.key, key) if self.gaps or self.ties else (order.column, value)
            all_of.append(order.behind(*beyond))
        query = shown.add_columns(order.column.label("place")).order_by(*order.by(*columns))
        if not self.skips:
            return query.where(*all_of).limit(most)
        keys = select(order.key).where(*all_of).order_by(*order.by(*columns))  # in the index alone, without joins
        return query.where(order.key.in_(keys.offset(bindparam("skipped", type_=Integer)).limit(most)))


def ordered_page(
    session: Session,
    ask: Callable[[Piece], Select[Any]],
    values: Mapping[str, Any],
    made: Callable[[Any], T],
    order: Order,
    *,
    number: int,
    mark: str = "",
) -> Page[T]:
    """A page of a list; `ask` gives the statement for a piece of it (by `Piece.of`), `made` makes an item of a row.

    `values` are the statement's own parameters. Rows bring their `id` and end with what they are ordered by. The page
    begins after the row that `mark` names, else `number` tells how many pages are skipped.
    """
    number = max(1, min(number, FARTHEST))
    last, wanted = order.values_of(mark), SIZE + 1
    key, value = last or (None, None)
    asked = {**values, "after_key": key, "after_value": value, "skipped": 0 if last else (number - 1) * SIZE}
    rows: list[Row[Any]] = []

    def fetch(piece: Piece) -> None:
        rows.extend(session.execute(ask(piece), {**asked, "most": wanted - len(rows)}).all())

    if value is not None:
        fetch(Piece(order, follows=True, ties=True))
    if last is None or (value is not None and len(rows) < wanted):
        fetch(Piece(order, False, last is not None, asked["skipped"] > 0))
    if order.has_gaps and len(rows) < wanted:
        if asked["skipped"]:
            asked["skipped"] = 0 if rows else asked["skipped"] - _count(session, ask(Piece(order)), values)
        fetch(Piece(order, True, last is not None and value is None, asked["skipped"] > 0))
    end = order.mark_of(rows[:SIZE][-1]) if rows else ""
    return Page([made(row) for row in rows[:SIZE]], number, len(rows) > SIZE, mark=end)


def amount(text: str) -> Decimal:
    """An amount of money in a mark; raises ValueError for what is none."""
    try:
        return Decimal(int(Decimal(text) * 100)) / 100
    except (ArithmeticError, OverflowError):
        raise ValueError(text) from None


def _count(session: Session, query: Select[Any], values: Mapping[str, Any]) -> int:
    every = query.order_by(None).limit(None).subquery()
    return session.scalar(select(func.count()).select_from(every), values) or 0

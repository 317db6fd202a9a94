"""Making rows that point to one thing point to another, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from tracker.database import Base
from tracker.merging.references import POLICY, likes, references

Keys = list[list[Any]]


def move_all(session: Session, kind: str, gone: int, kept: int) -> dict[str, Keys]:
    """Let everything that goes along point to the kept one; the keys of the rows by `table.column`."""
    moved = {}
    for name, column in references(kind):
        if POLICY[kind][name] == "move":
            keys = movable(session, column, gone, kept)
            repoint(session, column, keys, gone, kept)
            if keys:
                moved[name] = keys
    return moved


def column_of(name: str) -> Column[Any]:
    """The column that `table.column` names."""
    table, _dot, column = name.partition(".")
    return Base.metadata.tables[table].c[column]


def repoint(session: Session, column: Column[Any], keys: Keys, source: int, target: int) -> None:
    """Let these rows point to `target` where they point to `source` still.

    By the session's objects, so that whatever follows a flush (words, match keys, tallies) follows this too.
    """
    if not keys:
        return
    mapper = next(one for one in Base.registry.mappers if one.local_table is column.table)
    others = [place for place, part in enumerate(_key_of(column.table)) if part is not column]
    names = [mapper.get_property_by_column(_key_of(column.table)[place]).key for place in others]
    wanted = {tuple(key[place] for place in others) for key in keys}
    pointing = mapper.get_property_by_column(column).key
    for row in session.scalars(select(mapper.class_).where(column == source)).all():
        if tuple(getattr(row, name) for name in names) in wanted:
            setattr(row, pointing, target)
    session.flush()


def _key_of(table: Any) -> list[Column[Any]]:
    return list(table.primary_key.columns)


def movable(session: Session, column: Column[Any], gone: int, kept: int) -> Keys:
    """The keys of the rows that point to the gone one, without those of which the kept one has the like."""
    table: Any = column.table
    query = select(*_key_of(table)).where(column == gone).order_by(*_key_of(table))
    query = query.where(*(~like for like in likes(column, kept)))
    if column.references(table.c.get("id", column)):  # the kept one itself may have pointed to the gone one
        query = query.where(table.c.id != kept)
    return [list(row) for row in session.execute(query)]

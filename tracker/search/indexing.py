"""The index of words beside projects, leads, firms and people.

Each of them has a table of two columns, made by the migrations: `rowid` (the row's id) and `words`. On SQLite it is a
virtual table of FTS5, on PostgreSQL a `tsvector` with a GIN index; statements are the same. A session that writes one
of these rows writes its words in the same flush; what is written in bulk, past the session's objects, calls
`add_words`. `tracker doctor` compares, `rebuild` makes the index anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    event,
    insert,
    inspect,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from tracker.leads.models import Lead
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.search.words import BEGINNING, wanted_of, words_of

SEARCHED: dict[Any, tuple[str, ...]] = {
    Project: ("name", "address", "plot_number"),
    Lead: ("name", "address", "plot_number"),
    Party: ("name", "short_name", "phone"),
    Contact: ("name", "phone"),
}
"""By which of its columns a thing is found."""
CHUNK = 2000  # rows
_apart = MetaData()  # the migrations make these tables, no model does


def _table(name: str) -> Table:
    words = Text().with_variant(TSVECTOR(), "postgresql")
    return Table(name, _apart, Column("rowid", BigInteger, primary_key=True), Column("words", words, nullable=False))


WORDS: dict[Any, Table] = {model: _table(f"{model.__tablename__}_words") for model in SEARCHED}


class Wanted(TypeDecorator[str]):
    """Tokens that must all be there (see `words.wanted_of`), as each database wants to be asked for them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        quote, begins, joint = ("'", ":*", " & ") if dialect.name == "postgresql" else ('"', "*", " AND ")
        return joint.join(
            quote + token.removesuffix(BEGINNING) + quote + (begins if token.endswith(BEGINNING) else "")
            for token in value.split()
        )


class Matches(FunctionElement[Any]):
    """Whether a row of a table of words holds what is wanted. (Without a type: SQLite takes `MATCH` only bare.)"""

    inherit_cache = True


@compiles(Matches, "sqlite")
def _fts5(element: Any, compiler: Any, **options: Any) -> str:
    column, wanted = element.clauses
    return f"{column.table.name} MATCH {compiler.process(wanted, **options)}"


@compiles(Matches, "postgresql")
def _tsvector(element: Any, compiler: Any, **options: Any) -> str:
    column, wanted = element.clauses
    return f"{compiler.process(column, **options)} @@ CAST({compiler.process(wanted, **options)} AS tsquery)"


def holds(model: Any, text: str) -> ColumnElement[bool]:
    """The condition that rows of a searched model hold the words of `text`; signs alone are looked for as they are."""
    wanted = wanted_of(text)
    if wanted:
        return holds_wanted(model, bindparam(None, wanted, type_=Wanted()))
    return looks_like(model, bindparam(None, pattern_of(text)))


def holds_wanted(model: Any, wanted: Any) -> ColumnElement[bool]:
    """The condition that rows of a searched model hold what is wanted, a parameter of the type `Wanted`."""
    table = WORDS[model]
    condition: ColumnElement[bool] = model.id.in_(select(table.c.rowid).where(Matches(table.c.words, wanted)))
    return condition


def looks_like(model: Any, pattern: Any) -> ColumnElement[bool]:
    """The condition that a text occurs in rows of a searched model just as it stands; it looks at each of them."""
    return or_(*(getattr(model, name).ilike(pattern, escape="/") for name in SEARCHED[model]))


def pattern_of(text: str) -> str:
    """A text as `looks_like` takes it."""
    for sign in "/%_":
        text = text.replace(sign, f"/{sign}")
    return f"%{text}%"


def add_words(session: Session, model: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the words of new rows, given with their `id` and at least the columns of `SEARCHED`."""
    values = [{"rowid": row["id"], "words": words_of(*map(row.get, SEARCHED[model]))} for row in rows]
    if values:
        session.execute(insert(WORDS[model]), values)


def rebuild(session: Session) -> None:
    """Make the whole index anew from the rows."""
    for model, table in WORDS.items():
        session.execute(delete(table))
        for rows in _chunks(session, model):
            add_words(session, model, rows)


def faults(session: Session) -> Iterator[tuple[str, int]]:
    """Table and id of every row whose words are missing, not its own, or left over."""
    for model, table in WORDS.items():
        for rows in _chunks(session, model):
            ids = [row["id"] for row in rows]
            stored = dict(session.execute(select(table.c.rowid, table.c.words).where(table.c.rowid.in_(ids))).all())
            for row in rows:
                own = set(words_of(*map(row.get, SEARCHED[model])).split())
                if set(stored.get(row["id"], "?").replace("'", "").split()) != own:
                    yield model.__tablename__, row["id"]
        gone = select(table.c.rowid).where(table.c.rowid.not_in(select(model.id)))
        yield from ((model.__tablename__, key) for key in session.scalars(gone))


def _chunks(session: Session, model: Any) -> Iterator[list[Mapping[str, Any]]]:
    columns = [getattr(model, name) for name in ("id", *SEARCHED[model])]
    last = 0
    while rows := session.execute(select(*columns).where(model.id > last).order_by(model.id).limit(CHUNK)).all():
        yield [dict(row._mapping) for row in rows]
        last = rows[-1].id


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Write the words of what this flush added or renamed; drop those of what it deleted."""
    stale: dict[Any, list[int]] = {}
    fresh: dict[Any, list[Any]] = {}
    for row in session.new:
        if type(row) in SEARCHED:
            fresh.setdefault(type(row), []).append(row)
    for row in session.dirty:
        if type(row) in SEARCHED and _renamed(row):
            stale.setdefault(type(row), []).append(row.id)
            fresh.setdefault(type(row), []).append(row)
    for row in session.deleted:
        if type(row) in SEARCHED:
            stale.setdefault(type(row), []).append(row.id)
    for model, ids in stale.items():
        session.execute(delete(WORDS[model]).where(WORDS[model].c.rowid.in_(ids)))
    for model, rows in fresh.items():
        add_words(session, model, [{name: getattr(row, name) for name in ("id", *SEARCHED[model])} for row in rows])


def _renamed(row: Any) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in SEARCHED[type(row)])

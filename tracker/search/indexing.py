"""The index of words beside projects, leads, firms, people and records.

Each of them has a table of two columns, made by the migrations: `rowid` (the row's id) and `words`. On SQLite it is a
virtual table of FTS5, on PostgreSQL a `tsvector` with a GIN index; statements are the same. A session that writes one
of these rows, or another name of a site, writes its words in the same flush; what is written in bulk, past the
session's objects, calls `add_words`. `tracker doctor` compares, `rebuild` makes the index anew.
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
    false,
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

from tracker.contacts.models import ContactWay
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.parties.models import Contact, Party, PartyName
from tracker.projects.models import Project, SiteName
from tracker.search.words import BEGINNING, OTHERWISE, name_words, wanted_of, words_of

SEARCHED: dict[Any, tuple[str, ...]] = {
    Project: ("name", "address", "plot_number", "note"),
    Lead: ("name", "address", "plot_number", "phone", "note"),
    Party: ("name", "short_name", "credit_code", "phone", "address", "note"),
    Contact: ("name", "phone", "post", "email", "note"),
    Record: ("text", "next_step"),
}
"""By which of its columns a thing is found."""
NAMES = {"name", "short_name"}
"""The columns that hold names: they are also found by pinyin, and what begins with the words comes first."""
SHORT = {"name", "short_name", "credit_code", "address", "plot_number", "phone"}
"""The columns in which signs are looked for as they stand; longer texts would take too long."""
NAMED: dict[Any, Any] = {Project: SiteName.project_id, Lead: SiteName.lead_id, Party: PartyName.party_id}
"""What has other names, and the column that says whose a name is."""
NAMERS: dict[Any, dict[Any, Any]] = {
    SiteName: {Project: SiteName.project_id, Lead: SiteName.lead_id},
    PartyName: {Party: PartyName.party_id},
    ContactWay: {Contact: ContactWay.contact_id},
}
"""Rows whose words are among those of another, by the column that says whose they are."""
OTHER_NAMES = "other_names"
OTHER_WAYS = "other_ways"
"""Under which key of a row the further numbers and addresses of a person stand."""
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
        server = dialect.name == "postgresql"
        quote, begins, joint, other = ("'", ":*", " & ", " | ") if server else ('"', "*", " AND ", " OR ")
        ways = (
            joint.join(
                quote + token.removesuffix(BEGINNING) + quote + (begins if token.endswith(BEGINNING) else "")
                for token in way.split()
            )
            for way in value.split(OTHERWISE)
        )
        return other.join(f"({way})" for way in ways)


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
    """The condition that a text occurs in a row's short columns just as it stands; it looks at each row."""
    looked = [getattr(model, name).ilike(pattern, escape="/") for name in SEARCHED[model] if name in SHORT]
    return or_(false(), *looked)


def pattern_of(text: str) -> str:
    """A text as `looks_like` takes it."""
    for sign in "/%_":
        text = text.replace(sign, f"/{sign}")
    return f"%{text}%"


def add_words(session: Session, model: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the words of new rows, given with their `id`, those columns of `SEARCHED` that they fill, other names."""
    values = [{"rowid": row["id"], "words": _words(model, row)} for row in rows]
    if values:
        session.execute(insert(WORDS[model]), values)


def _words(model: Any, row: Mapping[str, Any]) -> str:
    others, ways = row.get(OTHER_NAMES) or (), row.get(OTHER_WAYS) or ()
    names = [row.get(name) for name in SEARCHED[model] if name in NAMES]
    return f"{words_of(*map(row.get, SEARCHED[model]), *others, *ways)} {name_words(*names, *others)}".strip()


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
                own = set(_words(model, row).split())
                if set(stored.get(row["id"], "?").replace("'", "").split()) != own:
                    yield model.__tablename__, row["id"]
        gone = select(table.c.rowid).where(table.c.rowid.not_in(select(model.id)))
        yield from ((model.__tablename__, key) for key in session.scalars(gone))


def _chunks(session: Session, model: Any) -> Iterator[list[dict[str, Any]]]:
    last = 0
    while rows := _rows(session, model, model.id > last):
        yield rows
        last = rows[-1]["id"]


def _rows(session: Session, model: Any, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The next rows that meet a condition, as `add_words` takes them."""
    columns = [getattr(model, name) for name in ("id", *SEARCHED[model])]
    found = session.execute(select(*columns).where(condition).order_by(model.id).limit(CHUNK)).all()
    rows = {row.id: dict(row._mapping) for row in found}
    if rows and model in NAMED:
        of = NAMED[model]
        for key, name in session.execute(select(of, of.class_.name).where(of.in_(rows)).order_by(of.class_.id)).all():
            rows[key].setdefault(OTHER_NAMES, []).append(name)
    if rows and model is Contact:
        ways = select(ContactWay.contact_id, ContactWay.value).where(ContactWay.contact_id.in_(rows))
        for key, value in session.execute(ways.order_by(ContactWay.id)).all():
            rows[key].setdefault(OTHER_WAYS, []).append(value)
    return list(rows.values())


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Write the words of what this flush added or renamed; drop those of what it deleted."""
    fresh: dict[Any, list[Any]] = {}
    changed: dict[Any, set[int]] = {}
    for row in session.new:
        if type(row) in SEARCHED:
            fresh.setdefault(type(row), []).append(row)
    for row in session.dirty:
        if type(row) in SEARCHED and _renamed(row):
            changed.setdefault(type(row), set()).add(row.id)
    for row in session.deleted:
        if type(row) in SEARCHED:
            changed.setdefault(type(row), set()).add(row.id)
    for row in (*session.new, *session.dirty, *session.deleted):
        if type(row) in NAMERS:
            for model, key in _named(row):
                changed.setdefault(model, set()).add(key)
    for model, rows in fresh.items():
        own = [row for row in rows if row.id not in changed.get(model, ())]
        add_words(session, model, [{name: getattr(row, name) for name in ("id", *SEARCHED[model])} for row in own])
    for model, ids in changed.items():
        _write_anew(session, model, sorted(ids))


def _named(row: Any) -> Iterator[tuple[Any, int]]:
    """Whose name or number it is, and whose it was before this flush."""
    for model, column in NAMERS[type(row)].items():
        history = inspect(row).attrs[column.key].history
        yield from ((model, key) for key in (*history.sum(), *(history.deleted or ())) if key is not None)


def _write_anew(session: Session, model: Any, ids: list[int]) -> None:
    """Write the words of these rows again; of those that are gone none are left."""
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        session.execute(delete(WORDS[model]).where(WORDS[model].c.rowid.in_(some)))
        add_words(session, model, _rows(session, model, model.id.in_(some)))


def _renamed(row: Any) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in SEARCHED[type(row)])

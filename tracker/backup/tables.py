"""Rows as JSON and back, whatever the database.

| kind   | in JSON                       | column types                   |
| ------ | ----------------------------- | ------------------------------ |
| whole  | number                        | integers; money in hundredths  |
| number | number                        | degrees                        |
| text   | string                        | texts                          |
| flag   | true, false                   | booleans                       |
| day    | `2026-03-16`                  | dates                          |
| moment | `2026-03-16T04:00:00+00:00`   | moments, in UTC                |
| json   | itself                        | JSON                           |

A backup brings the kinds of its columns along, so that one of an older migration can be read without its models.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
    type_coerce,
)

from tracker.backup.manifest import BackupRefused, TableEntry
from tracker.database import Base, Money, UtcDateTime

CHUNK = 2000  # rows
TYPES: dict[str, Any] = {
    "whole": BigInteger(),
    "number": Numeric(asdecimal=False),
    "text": Text(),
    "flag": Boolean(),
    "day": Date(),
    "moment": UtcDateTime(),
    "json": JSON(),
}
_TO_JSON: dict[str, Callable[[Any], Any]] = {"day": date.isoformat, "moment": datetime.isoformat}
_FROM_JSON: dict[str, Callable[[Any], Any]] = {"day": date.fromisoformat, "moment": datetime.fromisoformat}


def kind_of(one: Column[Any]) -> str:
    """The kind of a column; an error for a type nobody thought of."""
    match one.type:
        case UtcDateTime():
            return "moment"
        case Date():
            return "day"
        case Boolean():
            return "flag"
        case Money() | Integer():
            return "whole"
        case Numeric():
            return "number"
        case JSON():
            return "json"
        case String():
            return "text"
    raise TypeError(f"{one.table.name}.{one.name}: {one.type!r} has no kind in a backup")


def our_tables() -> Sequence[Table]:
    """All tables, what is referred to before what refers to it."""
    return Base.metadata.sorted_tables


def rows_of(connection: Connection, source: Table) -> Iterator[list[Any]]:
    """The rows of a table as JSON-able lists, in the order of its key."""
    kinds = [kind_of(one) for one in source.columns]
    columns = [type_coerce(one, TYPES[kind]) for one, kind in zip(source.columns, kinds, strict=True)]
    changed = [(place, _TO_JSON[kind]) for place, kind in enumerate(kinds) if kind in _TO_JSON]
    query = select(*columns).order_by(*source.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": CHUNK}):
        values = list(row)
        for place, change in changed:
            if values[place] is not None:
                values[place] = change(values[place])
        yield values


def entry_of(source: Table, rows: int) -> TableEntry:
    """What the manifest says of a table."""
    return TableEntry([[one.name, kind_of(one)] for one in source.columns], rows)


def write_rows(connection: Connection, name: str, entry: TableEntry, lines: Iterable[bytes]) -> int:
    """Add rows to a table of the database; returns how many."""
    kinds = [kind for _name, kind in entry.columns]
    if not set(kinds) <= set(TYPES):
        raise BackupRefused(f"The backup's table {name} has columns of kinds that this version does not know.")
    rows = (json.loads(line) for line in lines)
    write = _copy_rows if connection.dialect.name == "postgresql" else _insert_rows
    return write(connection, name, entry, rows)


def _insert_rows(connection: Connection, name: str, entry: TableEntry, rows: Iterator[list[Any]]) -> int:
    names = [column_name for column_name, _kind in entry.columns]
    kinds = [kind for _name, kind in entry.columns]
    target = table(name, *(column(one, TYPES[kind]) for one, kind in zip(names, kinds, strict=True)))
    changed = [(place, _FROM_JSON[kind]) for place, kind in enumerate(kinds) if kind in _FROM_JSON]
    count = 0
    while some := list(islice(rows, CHUNK)):
        for values in some:
            for place, change in changed:
                if values[place] is not None:
                    values[place] = change(values[place])
        connection.execute(insert(target), [dict(zip(names, values, strict=True)) for values in some])
        count += len(some)
    return count


def _copy_rows(connection: Connection, name: str, entry: TableEntry, rows: Iterator[list[Any]]) -> int:
    """COPY, which is several times as fast as INSERT. In its text format every kind but JSON is as in the file."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(one) for one, _kind in entry.columns)
    documents = [place for place, (_name, kind) in enumerate(entry.columns) if kind == "json"]
    count = 0
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(name)} ({columns}) FROM STDIN") as copy:
        for values in rows:
            for place in documents:
                values[place] = json.dumps(values[place], ensure_ascii=False)
            copy.write_row(values)
            count += 1
    return count


def columns_there(connection: Connection) -> dict[str, set[str]]:
    """The tables of the database with the names of their columns."""
    found = inspect(connection).get_multi_columns()
    return {name: {one["name"] for one in columns} for (_schema, name), columns in found.items()}


def first_with_rows(connection: Connection, names: Iterable[str]) -> str | None:
    """A table that is not empty, if any."""
    for name in sorted(names):
        if connection.execute(select(text("1")).select_from(table(name)).limit(1)).first():
            return name
    return None


@contextmanager
def unbound(engine: Engine) -> Iterator[Connection]:
    """A transaction in which rows may come and go in any order; every reference is checked before it ends."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            with connection.begin(), _references_dropped(connection):
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # outside of transactions only
        try:
            with connection.begin():
                yield connection
                broken = connection.execute(text("PRAGMA foreign_key_check")).first()
                if broken:
                    raise BackupRefused(f"The backup's {broken[0]} {broken[1]} refers to a row that is not there.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _references_dropped(connection: Connection) -> Iterator[None]:
    found = connection.execute(text(_REFERENCES)).all()
    for owner, name, _words in found:
        connection.execute(text(f"ALTER TABLE {owner} DROP CONSTRAINT {name}"))
    yield
    for owner, name, words in found:
        connection.execute(text(f"ALTER TABLE {owner} ADD CONSTRAINT {name} {words}"))


_REFERENCES = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""


def set_sequences(connection: Connection, tables: Mapping[str, TableEntry]) -> None:
    """Tell PostgreSQL which numbers are taken; SQLite sees for itself."""
    if connection.dialect.name != "postgresql":
        return
    for name, entry in tables.items():
        if ["id", "whole"] in entry.columns:
            highest = connection.execute(select(func.max(column("id"))).select_from(table(name))).scalar()
            sequence = func.pg_get_serial_sequence(name, "id")
            connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))

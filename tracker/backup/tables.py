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
    """Add rows to a table of the database, past SQLAlchemy's types since millions may come; returns how many."""
    kinds = [kind for _name, kind in entry.columns]
    if not set(kinds) <= set(TYPES):
        raise BackupRefused(f"The backup's table {name} has columns of kinds that this version does not know.")
    postgresql = connection.dialect.name == "postgresql"
    stored: dict[str, Callable[[Any], Any]] = {"json": json.dumps}
    if not postgresql:
        stored["moment"] = _sqlite_moment
    changes = [(place, stored[kind]) for place, kind in enumerate(kinds) if kind in stored]
    quote = connection.dialect.identifier_preparer.quote
    target, columns = quote(name), [quote(one) for one, _kind in entry.columns]
    return (_copy if postgresql else _insert)(connection, target, columns, _stored_rows(lines, changes))


def _stored_rows(lines: Iterable[bytes], changes: Sequence[tuple[int, Callable[[Any], Any]]]) -> Iterator[list[Any]]:
    """Rows as the database stores them; what `changes` does not name is stored as it stands in the file."""
    for line in lines:
        values = json.loads(line.decode())
        for place, change in changes:
            if values[place] is not None:
                values[place] = change(values[place])
        yield values


def _sqlite_moment(text: str) -> str:
    """`2026-03-16T04:00:00+00:00` as SQLAlchemy writes it on SQLite: `2026-03-16 04:00:00.000000`."""
    fraction = text[20:26] if text[19] == "." else "000000"
    return f"{text[:10]} {text[11:19]}.{fraction}"


def _insert(connection: Connection, target: str, columns: Sequence[str], rows: Iterator[list[Any]]) -> int:
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {target} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  quoted names of tables
    driver: Any = connection.connection.driver_connection
    count = 0
    while some := list(islice(rows, CHUNK)):
        driver.executemany(statement, some)
        count += len(some)
    return count


def _copy(connection: Connection, target: str, columns: Sequence[str], rows: Iterator[list[Any]]) -> int:
    driver: Any = connection.connection.driver_connection
    count = 0
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} ({', '.join(columns)}) FROM STDIN") as copy:
        for count, values in enumerate(rows, start=1):  # noqa: B007  it is returned
            copy.write_row(values)
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
    connection.execute(text("SET LOCAL tracker.restoring = 'on'"))  # published definitions may go and come
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

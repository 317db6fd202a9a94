"""The declarative base, the column types of our own, and how SQLite is opened.

SQLite gets its transactions from us: the driver's own are switched off and every transaction starts with
BEGIN (reads) or BEGIN IMMEDIATE (writes and jobs), so that many writers queue instead of losing updates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Engine, MetaData, event, insert, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session, relationship
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_reading: ContextVar[bool] = ContextVar("reading", default=False)


class Base(DeclarativeBase):
    """Every table's base."""

    metadata = MetaData(naming_convention=NAMING)


def related(*args: Any, **options: Any) -> Any:
    """A relationship that never loads by itself: a page's query states what it needs (no N+1)."""
    options.setdefault("lazy", "raise_on_sql")
    return relationship(*args, **options)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and always timezone-aware in Python. Naive values are an error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a timezone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An amount with two decimals, stored in whole hundredths so that sums are exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 100).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / 100


@contextmanager
def reading() -> Iterator[None]:
    """Inside, transactions on SQLite begin without taking the write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def read_snapshot(session: Session) -> Iterator[None]:
    """Inside, a session without a transaction yet sees one moment of the database, and takes no lock on SQLite."""
    with reading():
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            yield
        finally:
            session.rollback()


def insert_rows(session: Session, model: Any, rows: Sequence[Mapping[str, Any]], *returning: Any) -> Sequence[Any]:
    """Write rows that name the same columns by one statement; returns these columns of them, in any order.

    By itself SQLAlchemy leaves out what is None and makes a statement for each other set of filled columns.
    """
    statement = insert(model).returning(*returning)
    return session.execute(statement, rows, execution_options={"render_nulls": True}).all()


def renew_statistics(session: Session, *models: Any) -> None:
    """Let PostgreSQL count these models' tables (none: all tables), this transaction's own rows included.

    Its planner knows nothing of rows that came in a moment ago; until it looks by itself, a join with a table that was
    empty reads all of it for every row.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE " + ", ".join(model.__tablename__ for model in models)))


def begin_for(reads_only: bool) -> None:
    """Say whether the transactions of the current request only read."""
    _reading.set(reads_only)


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine its pragmas and our BEGIN; other databases are left as they are."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _open(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "synchronous=NORMAL",
            "cache_size=-2000",  # kilobytes of each thread's connection; the system keeps the file's pages anyway
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")

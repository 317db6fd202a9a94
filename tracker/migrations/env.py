"""How Alembic reaches the database: through the application's own engine.

On SQLite foreign keys are off while a migration runs (a batch rewrite of a table would otherwise delete the rows
that refer to it) and checked afterwards.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

import tracker.models  # noqa: F401  every table, for autogenerate
from tracker.database import Base, Money, UtcDateTime
from tracker.extensions import db


def _render(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Own column types appear in scripts as what the database stores, so that a script never needs our code."""
    if kind == "type" and isinstance(thing, Money):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _same_type(_context: Any, _column: Any, _metadata: Any, _inspected: Any, wanted: Any) -> bool | None:
    return False if isinstance(wanted, Money | UtcDateTime) else None


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_render,
        compare_type=_same_type,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run() -> None:
    engine = db.engine
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                _migrate(connection)
                broken = connection.execute(text("PRAGMA foreign_key_check")).all() if sqlite else []
                if broken:
                    raise RuntimeError(f"the migration leaves dangling references: {broken[:5]}")
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
    current_app.logger.debug("migrations done")


_run()

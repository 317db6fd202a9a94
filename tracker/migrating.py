"""Where the database stands among the migrations, and bringing it up to them. Call in the application's context."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Engine, inspect, text

from tracker.database import reading

TABLE = "alembic_version"


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at; None where no migration ever ran."""
    if not inspect(connection).has_table(TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608  a constant
    return str(found) if found else None


def head_revision() -> str:
    """The revision of the newest migration."""
    return str(_scripts().get_current_head())


def known_revisions() -> list[str]:
    """All revisions this version knows, the newest first."""
    return [script.revision for script in _scripts().walk_revisions()]


def bring_up(engine: Engine) -> bool:
    """Run the migrations that are missing; True where there were any."""
    with reading(), engine.connect() as connection:
        if revision_of(connection) == head_revision():
            return False
    go_to(engine, "head")
    return True


def go_to(engine: Engine, revision: str) -> None:
    """Migrate up or down to a revision (`head`: the newest)."""
    from alembic import command

    known = known_revisions()
    with engine.connect() as connection:
        current = revision_of(connection)
    down = current is not None and revision in known[known.index(current) + 1 :] if current in known else False
    (command.downgrade if down else command.upgrade)(_config(), revision)


def missing_file(engine: Engine) -> Path | None:
    """The file of an embedded database that does not exist yet; opening it would make an empty one."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name) if name and not Path(name).is_file() else None


def _config() -> Any:
    return current_app.extensions["migrate"].migrate.get_config()


def _scripts() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())

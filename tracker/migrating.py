"""Where the database stands among the migrations, and bringing it up to them. Call in the application's context.

Alembic takes a quarter of a second to import; it is imported when there is something to migrate.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app, g
from flask.cli import with_appcontext
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from tracker.database import reading

FOLDER = Path(__file__).parent / "migrations"
TABLE = "alembic_version"
_REVISION = re.compile(r"^(down_revision|revision) *(?::.*)?= *(?:['\"](\w+)['\"]|None)", re.MULTILINE)


class Migrations:
    """What Flask-Migrate keeps with an application, made when somebody asks for it."""

    directory = str(FOLDER)

    @cached_property
    def migrate(self) -> Any:
        """Flask-Migrate itself."""
        from flask_migrate import Migrate

        return Migrate(directory=self.directory)


class MigrationCommands(click.Group):
    """`flask db …`, for those who write migrations."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Flask-Migrate's commands."""
        return self._group.list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        return self._group.get_command(ctx, cmd_name)

    @cached_property
    def _group(self) -> click.Group:
        from flask_migrate.cli import db

        group: click.Group = db
        return group


@with_appcontext
def _as_flask_migrate_wants_it() -> None:
    g.directory, g.x_arg = None, ()


def init_app(app: Flask) -> None:
    """Let Flask-Migrate's functions and commands find our migrations."""
    app.extensions["migrate"] = Migrations()
    commands = MigrationCommands("db", callback=_as_flask_migrate_wants_it, help="Write and run migrations.")
    app.cli.add_command(commands)


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at; None where no migration ever ran."""
    if not inspect(connection).has_table(TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608  a constant
    return str(found) if found else None


def head_revision() -> str:
    """The revision of the newest migration, read off the scripts: nobody else comes after it."""
    found = [_REVISION.findall(path.read_text(encoding="utf-8")) for path in (FOLDER / "versions").glob("*.py")]
    ids = {value for names in found for name, value in names if name == "revision"}
    (head,) = ids - {value for names in found for name, value in names if name == "down_revision"}
    return str(head)


def known_revisions() -> list[str]:
    """All revisions this version knows, the newest first."""
    return [script.revision for script in _scripts().walk_revisions()]


def bring_up(engine: Engine) -> bool:
    """Run the migrations that are missing and fill what they left to the product; True where there were any."""
    with reading(), engine.connect() as connection:
        if revision_of(connection) == head_revision():
            return False
    go_to(engine, "head")
    _fill(engine)
    return True


def _fill(engine: Engine) -> None:
    """Derived tables that a migration made empty beside rows that were there."""
    from tracker.contacts import keeping
    from tracker.duplicates import indexing
    from tracker.parties import tallying

    with Session(engine) as session:
        keeping.fill(session)
        indexing.fill(session)
        tallying.fill(session)
        session.commit()


def go_to(engine: Engine, revision: str) -> None:
    """Migrate up or down to a revision (`head`: the newest, `base`: nothing)."""
    from alembic import command

    with reading(), engine.connect() as connection:
        current = revision_of(connection)
    older = known_revisions()
    older = older[older.index(current) + 1 :] if current in older else []
    move = command.downgrade if revision in (*older, "base") else command.upgrade
    move(_config(), revision)


def missing_file(engine: Engine) -> Path | None:
    """The file of an embedded database that does not exist yet; opening it would make an empty one."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name) if name and not Path(name).is_file() else None


def _config() -> Any:
    return current_app.extensions["migrate"].migrate.get_config()


def _scripts() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())

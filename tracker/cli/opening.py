"""Opening the application for a command: its context, its database at the newest migration, its words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config import Config

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@contextmanager
def bare(config: Config | None = None) -> Iterator[Flask]:
    """The application in its context, whatever its database is like."""
    from tracker import clock, create_app
    from tracker.errors import TrackerError
    from tracker.extensions import db
    from tracker.i18n import speaking

    config = config or Config.from_env()
    app = create_app(config)
    with app.app_context(), speaking("en"):
        clock.use_zone(config.timezone)
        try:
            yield app
        except TrackerError as error:  # its sentence is made here, where the language is known
            raise click.ClickException(str(error)) from error
        finally:
            db.session.remove()  # type: ignore[attr-defined]
            db.engine.dispose()


@contextmanager
def opened(config: Config | None = None, *, migrate: bool = False) -> Iterator[tuple[Flask, Session]]:
    """The application in its context, and its session; what the command did not commit is undone.

    With `migrate` a missing database is made and an old one brought up to date; otherwise both are refused.
    """
    from tracker.extensions import db

    with bare(config) as app:
        prepare(migrate)
        yield app, db.session


def prepare(migrate: bool) -> None:
    """Bring the database up to date, or refuse one that is not."""
    from tracker import migrating
    from tracker.database import reading
    from tracker.extensions import db

    if migrate:
        migrating.bring_up(db.engine)
        return
    if migrating.missing_file(db.engine):
        raise click.ClickException("There is no database yet; `tracker init` starts an empty company.")
    with reading(), db.engine.connect() as connection:
        if migrating.revision_of(connection) != migrating.head_revision():
            raise click.ClickException("The database is not up to date; `tracker serve` brings it there.")


def has_users(config: Config) -> bool:
    """Whether anybody could sign in; asked without the application, so that it takes no time."""
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(config.database_url)
    name = engine.url.database
    if engine.dialect.name == "sqlite" and not (name and Path(name).is_file()):
        return False
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("user_account"):
                return False
            return connection.execute(text("SELECT id FROM user_account LIMIT 1")).first() is not None
    finally:
        engine.dispose()

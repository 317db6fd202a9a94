"""One database per test process (see `tests/databases.py`), one transaction per test.

Operations and requests commit into a savepoint of the test's transaction, which is rolled back at its end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.databases import DATABASE, empty_database, migrated_app, server
from tracker import clock
from tracker.extensions import db
from tracker.storage import FolderStorage

SHARED = Path(os.environ.get("TRACKER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
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
    running = server() if DATABASE == "postgresql" else nullcontext("")
    with running as address, empty_database(address, work_folder, "tracker") as url:
        yield url


@pytest.fixture(scope="session")
def app(database_url: str, work_folder: Path) -> Iterator[Flask]:
    """The application with its tables, made by the migrations themselves."""
    with migrated_app(database_url, work_folder, locale="en") as app:
        app.config["WTF_CSRF_ENABLED"] = False
        app.config["RATELIMIT_ENABLED"] = True
        yield app


@pytest.fixture
def own_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, within its context: a thread cannot join the test's transaction."""
    with (
        empty_database(database_url, tmp_path, "own") as url,
        migrated_app(url, tmp_path) as app,
        app.app_context(),
    ):
        yield app
        db.session.remove()


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

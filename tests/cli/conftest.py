"""Installations of a test's own: a folder and a database that the commands open by the environment, as in life."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from tests.conftest import NOON
from tests.databases import DATABASE, on_server
from tracker import clock, create_app
from tracker.cli import commands
from tracker.extensions import db

PASSWORD = "seven green tiles"
ADMIN = ("--company", "Anhe", "--username", "admin", "--name", "Gu Mingyuan", "--password", PASSWORD)


@dataclass
class Place:
    """An installation: run commands in it, look into its database."""

    data: Path
    environ: dict[str, str]

    def run(self, *words: str, environ: dict[str, str] | None = None, typed: str | None = None) -> Result:
        """Run `tracker` with these words, as in a process of its own."""
        return CliRunner().invoke(commands, list(words), input=typed, env={**self.environ, **(environ or {})})

    def done(self, *words: str, environ: dict[str, str] | None = None) -> str:
        """Run a command that must succeed; its output."""
        result = self.run(*words, environ=environ)
        assert result.exit_code == 0, result.output
        return result.stdout

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session in the installation's database."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environ.items():
                patch.setenv(name, value)
            app = create_app()
        with app.app_context():
            try:
                yield db.session
            finally:
                db.session.remove()
                db.engine.dispose()

    @property
    def media(self) -> Path:
        return self.data / "media"


class Databases:
    """Makes empty databases and copies of one, and takes them away in the end."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.made: list[str] = []

    def url(self, folder: Path, copy_of: str | None = None) -> str:
        """The address of a new database, for an installation in `folder`."""
        if DATABASE == "sqlite":
            if copy_of:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(copy_of.removeprefix("sqlite:///"), folder / "tracker.sqlite3")
            return f"sqlite:///{folder / 'tracker.sqlite3'}"
        name = f"cli_{os.getpid()}_{len(self.made)}"
        template = make_url(copy_of).database if copy_of else "template0"
        drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
        on_server(self.server, drop, f"CREATE DATABASE {name} TEMPLATE {template}")
        self.made.append(name)
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def drop(self) -> None:
        """Take them away."""
        if self.made:
            on_server(self.server, *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in self.made))


@pytest.fixture(scope="session")
def databases(database_url: str) -> Iterator[Databases]:
    made = Databases(database_url)
    yield made
    made.drop()


def place_at(data: Path, url: str) -> Place:
    """An installation in a folder, with its database."""
    return Place(
        data,
        {
            "TRACKER_ENV": "development",
            "TRACKER_DATA": str(data),
            "TRACKER_DATABASE_URL": url,
            "TRACKER_LOCALE": "en",
            "TRACKER_SECRET_KEY": "",
        },
    )


@pytest.fixture
def new_place(tmp_path: Path, databases: Databases) -> Callable[[str], Place]:
    """Makes installations where nothing is yet, by name."""
    return lambda name: place_at(tmp_path / name, databases.url(tmp_path / name))


@pytest.fixture
def nowhere(new_place: Callable[[str], Place]) -> Place:
    """An installation where nothing is yet."""
    return new_place("nowhere")


@pytest.fixture
def untouched(tmp_path: Path, database_url: str) -> Place:
    """An installation of which a command may not even open the database: on a server there is none of the name."""
    data = tmp_path / "untouched"
    url = f"sqlite:///{data / 'tracker.sqlite3'}"
    if DATABASE == "postgresql":
        url = make_url(database_url).set(database="no_such_database").render_as_string(hide_password=False)
    return place_at(data, url)


@pytest.fixture(scope="session")
def started(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with a company just started, to be copied."""
    folder = tmp_path_factory.mktemp("started")
    place = place_at(folder, databases.url(folder))
    with clock.frozen(NOON):
        place.done("init", *ADMIN)
    return place.environ["TRACKER_DATABASE_URL"]


@pytest.fixture
def company(tmp_path: Path, databases: Databases, started: str) -> Place:
    """A company just started: an administrator, one team, nothing else."""
    return place_at(tmp_path / "company", databases.url(tmp_path / "company", copy_of=started))


def one_line(result: Result) -> str:
    """The error of a command that failed: exactly one line of standard error."""
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("tracker: ")
    return result.stderr


def a_picture() -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "olive").save(out, "JPEG")
    return out.getvalue()

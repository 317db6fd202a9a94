"""The demo company, built once for the tests of this folder, in a transaction that is undone after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.conftest import NOON
from tracker import clock
from tracker.demo.company import build_demo
from tracker.extensions import db
from tracker.storage import FolderStorage
from tracker.team.models import User


@dataclass
class Demo:
    """The built company: where it lies, and what the build told about its progress."""

    app: Flask
    session: Session
    storage: FolderStorage
    told: list[tuple[str, int, int]] = field(default_factory=list)

    def user(self, username: str) -> User:
        """Somebody by his sign-in, with what the rules ask of him."""
        wanted = select(User).where(User.username == username).options(joinedload(User.role), joinedload(User.team))
        return self.session.scalars(wanted).one()


@pytest.fixture(scope="package")
def demo(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`build_demo` at the noon at which all tests live; what tests do to it they do to each other."""
    media: Path = tmp_path_factory.mktemp("demo-media")
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        engines = db._app_engines[app]
        engines[None] = connection  # type: ignore[assignment]
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        built = Demo(app, db.session, FolderStorage(media))  # type: ignore[arg-type]
        try:
            with clock.frozen(NOON):
                build_demo(built.session, built.storage, progress=lambda *step: built.told.append(step))
            built.session.commit()
            yield built
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            engines[None] = engine

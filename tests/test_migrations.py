"""Migrations go up, down and up again, and end where the models are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from tests.databases import app_on, empty_database
from tracker.database import Base
from tracker.extensions import db
from tracker.search.indexing import WORDS


def not_words(name: str | None, kind: str, _parents: object) -> bool:
    """Leaves out the tables of words, which no model makes, and what FTS5 keeps behind each of them."""
    tables = {table.name for table in WORDS.values()}
    return kind != "table" or not any(name == table or str(name).startswith(f"{table}_") for table in tables)


@pytest.fixture
def empty_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database of its own."""
    with empty_database(database_url, tmp_path, "migrate") as url:
        app = app_on(url, tmp_path)
        yield app
        with app.app_context():
            db.engine.dispose()


def test_migrations_go_up_down_and_up_again_and_equal_the_models(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        assert {"project", *(table.name for table in WORDS.values())} <= set(inspect(db.engine).get_table_names())
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": False, "include_name": not_words})
            differences = compare_metadata(context, Base.metadata)
        assert differences == []
        db.engine.dispose()


def test_what_stood_before_signatures_and_states_is_carried_over(empty_app: Flask) -> None:
    """A database of the first release: its roles gain what is new, its requests the supervisor's signature."""
    with empty_app.app_context():
        upgrade(revision="20261124")
        with db.engine.begin() as connection:
            connection.execute(text(
                "INSERT INTO role (id, key, name_zh, name_en, scope, capabilities, built_in) VALUES "
                "(1, 'director', 'x', 'x', 'below', '[\"record.log\"]', :yes), "
                "(2, 'adviser', 'x', 'x', 'own', '[\"record.log\"]', :no)"
            ), {"yes": True, "no": False})  # fmt: skip
        upgrade()
        with db.engine.connect() as connection:
            held = dict(connection.execute(text("SELECT key, capabilities FROM role")).all())
        assert "sign.director" in str(held["director"]) and "task.add" in str(held["director"])
        assert "task.add" not in str(held["adviser"])
        downgrade(revision="20261124")
        with db.engine.connect() as connection:
            held = dict(connection.execute(text("SELECT key, capabilities FROM role")).all())
        assert "sign.director" not in str(held["director"]) and "record.log" in str(held["director"])
        db.engine.dispose()

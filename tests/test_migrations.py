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


def test_what_accounts_were_estimated_to_buy_is_carried_over_to_their_firms(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade(revision="20261130_firms_tally")
        with db.engine.begin() as connection:
            for sentence in (
                "INSERT INTO role (id, key, name_zh, name_en, scope, capabilities, built_in) "
                "VALUES (1, 'director', 'x', 'x', 'below', '[]', :yes)",
                "INSERT INTO user_account (id, username, name, role_id, active, created_at) "
                "VALUES (1, 'keyaccount', 'K', 1, :yes, :at)",
                "INSERT INTO party (id, name, name_key, kind, created_at, version, withdrawn) "
                "VALUES (1, 'Hengyue', 'hengyue', 'owner', :at, 1, :no)",
                "INSERT INTO key_account (id, party_id, owner_id, since, created_at, version) "
                "VALUES (1, 1, 1, :on, :at, 1)",
                "INSERT INTO wallet_estimate (account_id, year, category, purchases, grounds, by_id, at) "
                "VALUES (1, 2025, 'tiles', 90000, 'Annual report', 1, :at), (1, 2026, 'tiles', 95000, 'Said', 1, :at)",
            ):
                named = {"yes": True, "no": False, "at": "2026-03-02 04:00:00+00:00", "on": "2025-01-01"}
                used = {key: value for key, value in named.items() if f":{key}" in sentence}
                connection.execute(text(sentence), used)
        upgrade()
        asked = text('SELECT party_id, volume, currency, "on", grounds FROM party_estimate ORDER BY "on"')
        with db.engine.connect() as connection:
            rows = [(*row[:3], str(row[3]), row[4]) for row in connection.execute(asked)]
        carried = [(1, 90000, "CNY", "2025-12-31", "Annual report"), (1, 95000, "CNY", "2026-03-02", "Said")]
        assert rows == carried
        downgrade(revision="20261130_firms_tally")
        with db.engine.connect() as connection:
            back = connection.execute(text("SELECT year, purchases FROM wallet_estimate ORDER BY year")).all()
        assert [tuple(row) for row in back] == [(2025, 90000), (2026, 95000)]
        upgrade()
        with db.engine.connect() as connection:
            assert len(connection.execute(asked).all()) == 2, "going up again doubles nothing"
        db.engine.dispose()

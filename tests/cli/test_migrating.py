"""Where the database stands among the migrations."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect

from config import ROOT
from tests.cli.conftest import Place
from tests.factories import make_party
from tracker import migrating
from tracker.duplicates import indexing
from tracker.duplicates.models import MatchKey
from tracker.extensions import db


def test_the_newest_migration_is_known_without_alembic_and_is_the_one_alembic_names(app: Flask) -> None:
    with app.app_context():
        assert migrating.head_revision() == migrating.known_revisions()[0]


def test_the_head_is_the_one_that_nobody_comes_after(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    scripts = {"a": "revision = '20260101'\ndown_revision = None\n",
               "b": 'revision: str = "20260301"\ndown_revision: str | None = "20260201"\n',
               "c": "revision = '20260201'\ndown_revision = '20260101'\n"}  # fmt: skip
    for name, script in scripts.items():
        (tmp_path / "versions" / f"{name}.py").write_text(script)
    monkeypatch.setattr(migrating, "FOLDER", tmp_path)
    assert migrating.head_revision() == "20260301"


def test_a_database_that_is_up_to_date_is_left_alone(company: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with company.session():
        monkeypatch.setitem(sys.modules, "alembic", None)  # whoever imports it fails
        assert migrating.bring_up(db.engine) is False


def test_the_database_goes_down_and_up_again(company: Place) -> None:
    with company.session():
        migrating.go_to(db.engine, "base")
        assert "project" not in inspect(db.engine).get_table_names()
        assert migrating.bring_up(db.engine) is True
        assert "project" in inspect(db.engine).get_table_names()


def test_match_keys_of_before_names_were_taken_apart_otherwise_are_made_anew(company: Place) -> None:
    with company.session() as session:
        party = make_party(session, name="郑州城建投资股份有限公司")
        session.add(MatchKey(kind="party", key="name:郑投资", row_id=party.id))
        session.commit()
        assert list(indexing.faults(session)) == [("party", party.id)]
        session.rollback()
        migrating.go_to(db.engine, "20261126_assigning")  # which leaves the keys as they stand
        assert migrating.bring_up(db.engine) is True
        assert list(indexing.faults(session)) == []


def test_the_commands_of_those_who_write_migrations_are_there(company: Place) -> None:
    words = [sys.executable, "-m", "flask", "--app", "tracker", "db"]
    env = {**os.environ, **company.environ}
    told = [
        subprocess.run([*words, word], env=env, capture_output=True, text=True, check=True, cwd=ROOT).stdout
        for word in ("--help", "current")
    ]
    assert "revision" in told[0]
    assert f"{migrating.head_revision()} (head)" in told[1]

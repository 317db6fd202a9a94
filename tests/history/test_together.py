"""Several who move projects at the same time: the sums of past days lose nothing, on a real database of either kind."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from tests.cast import make_cast
from tests.databases import empty_database, migrated_app
from tests.factories import make_project
from tests.matrix.making import STANDARD
from tracker import clock
from tracker.extensions import db
from tracker.history.keeping import faults
from tracker.history.models import Standing, StandingSum
from tracker.matrix.models import Move
from tracker.projects import tallying
from tracker.projects.models import Project

THREADS, EACH = 6, 8

pytestmark = pytest.mark.real_time


@pytest.fixture
def busy(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a database of its own, with a project for each thread, all of one team and cell."""
    folder = tmp_path_factory.mktemp("together")
    with empty_database(database_url, folder, "together") as url, migrated_app(url, folder) as app:
        with app.app_context():
            cast = make_cast(db.session)
            since = clock.today() - timedelta(days=30)
            for number in range(THREADS):
                make_project(db.session, cast.sales1, name=f"Site {number}", since=since)
            db.session.commit()
            db.session.remove()
        yield app


def test_moves_of_many_at_once_are_all_summed_up(busy: Flask) -> None:
    phases = [phase.key for phase in STANDARD.phases]
    with busy.app_context():
        ids = db.session.scalars(select(Project.id).order_by(Project.id)).all()
        db.session.remove()

    def move(project_id: int) -> None:
        """Back and forth between the same few cells as the others, on days before today and today."""
        for number in range(EACH):
            with busy.app_context():
                project = db.session.get_one(Project, project_id)
                to = phases[(number + 1) % 3]
                on = clock.today() - timedelta(days=EACH - number)
                if to != project.phase:
                    db.session.add(Move(project_id=project_id, axis="phase", source=project.phase, target=to, on=on))
                    project.phase, project.phase_since = to, on
                db.session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(move, ids))
    with busy.app_context():
        assert list(faults(db.session)) == []
        assert list(tallying.faults(db.session)) == []
        assert (db.session.scalar(select(func.count()).select_from(StandingSum)) or 0) > 3


def test_the_migration_replays_what_is_there_already(busy: Flask) -> None:
    with busy.app_context():
        kept = select(Standing.project_id, Standing.from_day, Standing.phase, Standing.step, Standing.value)
        before = db.session.execute(kept.order_by(Standing.project_id)).all()
        assert len(before) == THREADS
        db.session.remove()
        downgrade(revision="20261126_history")
        downgrade()
        upgrade()
        assert db.session.execute(kept.order_by(Standing.project_id)).all() == before
        assert list(faults(db.session)) == []

"""Two at once: one gets the lead, the other is told who did; and what is late comes back once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tests.assigning.making import pool_lead
from tests.cast import make_cast
from tests.databases import empty_database, migrated_app
from tracker import clock
from tracker.assigning.models import LeadClaim
from tracker.assigning.operations.pool import claim_lead, return_unanswered
from tracker.errors import TrackerError
from tracker.events import Event, Kind
from tracker.extensions import db
from tracker.leads.models import Lead
from tracker.team.models import User

pytestmark = pytest.mark.real_time


@pytest.fixture
def busy(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    """An application on a database of its own with one lead in the pool."""
    folder = tmp_path_factory.mktemp("claims")
    with empty_database(database_url, folder, "claims") as url, migrated_app(url, folder, locale="en") as app:
        with app.app_context():
            cast = make_cast(db.session)
            pool_lead(db.session, cast.supervisor, team=cast.north)
            db.session.remove()
        yield app


def test_of_eight_claims_at_once_one_gets_the_lead_and_the_others_hear_the_name(busy: Flask) -> None:
    def claim(number: int) -> str:
        with busy.app_context():
            name = ("sales1", "sales2")[number % 2]
            whole = (joinedload(User.role), joinedload(User.team))
            user = db.session.scalars(select(User).where(User.username == name).options(*whole)).one()
            lead = db.session.scalars(select(Lead).options(joinedload(Lead.team))).one()
            try:
                claim_lead(db.session, lead, by=user)
                db.session.commit()
            except TrackerError as error:
                db.session.rollback()
                return str(error)
            return "mine"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(claim, range(8)))
    assert answers.count("mine") == 1
    with busy.app_context():
        assert db.session.scalar(select(func.count(LeadClaim.id))) == 1
        assert db.session.scalar(select(func.count()).where(Event.kind == Kind.LEAD_CLAIMED)) == 1
        db.session.remove()


def test_what_is_late_comes_back_once_however_many_workers_look(busy: Flask) -> None:
    with busy.app_context():
        user = db.session.scalars(
            select(User).where(User.username == "sales1").options(joinedload(User.role), joinedload(User.team))
        ).one()
        claim_lead(db.session, db.session.scalars(select(Lead).options(joinedload(Lead.team))).one(), by=user)
        db.session.commit()
        db.session.remove()

    def look(_number: int) -> int:
        with busy.app_context():
            found = 0
            for returned in return_unanswered(db.session, clock.now() + timedelta(days=30)):
                db.session.commit()
                found += returned
            db.session.remove()
            return found

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(look, range(4))) == 1
    with busy.app_context():
        assert db.session.scalar(select(func.count()).where(Event.kind == Kind.LEAD_EXPIRED)) == 1
        db.session.remove()

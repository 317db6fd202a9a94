"""A project that construction has carried into a blocked cell: what decides it, and that doctor agrees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_project
from tests.matrix.making import as_seen, building_of
from tracker import clock
from tracker.doctor.projects import examine_projects
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.projects import operations
from tracker.projects.models import Project
from tracker.team.models import User

TODAY = date(2026, 3, 16)
Decide = Callable[[Session, Project, User], object]


def give_up(session: Session, project: Project, by: User) -> None:
    operations.mark_lost(session, project, operations.Loss(reason_key="no_decision_maker", winner=""), by=by)


def rest(session: Session, project: Project, by: User) -> None:
    operations.suspend(session, project, by=by, reason_key="dispute", review_on=TODAY + timedelta(days=30))


def step_back(session: Session, project: Project, by: User) -> None:
    move_phase(session, project, "map", by=by, reason="They draw again")


@pytest.fixture
def stranded(session: Session, cast: Cast) -> Project:
    """Specifying when the fit-out began."""
    before = TODAY - timedelta(days=30)
    project = make_project(
        session, cast.sales1, phase="specify", step="mep", since=before, categories=("interior_coating",)
    )
    seen = as_seen(session, cast.sales1, project)
    proof = Proof(TODAY, "exif", True)
    move_step(session, seen, building_of(session, project), "fitout", by=cast.sales1, on=TODAY, proof=proof)
    session.commit()
    return project


def found(session: Session) -> list[str]:
    return [finding.text for finding in examine_projects(session, lambda *_: None)]


def test_until_it_is_decided_it_is_stranded(session: Session, stranded: Project) -> None:
    assert stranded.stranded_on == TODAY
    assert found(session) == []


@pytest.mark.parametrize("decide", [give_up, rest, step_back])
def test_what_becomes_of_it_decides_it_and_doctor_agrees(
    session: Session, cast: Cast, stranded: Project, decide: Decide
) -> None:
    number = stranded.id
    with clock.frozen(datetime(2026, 3, 16, 5, 0, tzinfo=UTC)):
        decide(session, as_seen(session, cast.supervisor, stranded), cast.supervisor)
        session.commit()
    assert stranded.stranded_on is None
    assert found(session) == []
    session.get_one(Project, number).stranded_on = TODAY
    session.flush()
    assert found(session) == [f"project {number}: stranded_on is {TODAY}, its moves say False"]

"""Where projects stood when: kept beside them, and after every act the same as replaying what happened."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_project
from tests.matrix.making import STANDARD, as_seen
from tests.matrix.test_replay import START, Course
from tracker import clock
from tracker.generating import generate
from tracker.history.keeping import faults, rebuild
from tracker.history.models import CorridorCell, Standing, StandingPlace, StandingSum, WonStop
from tracker.matrix.facts import load_facts
from tracker.matrix.models import LifecycleChange
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.projects.operations import edit_project, reassign_project

STATES = ("active", "won", "lost", "suspended", "closed")


def change_state(session: Session, project: Project, state: str) -> None:
    """Change a project's state today, as an operation of the lifecycle leaves it."""
    session.add(LifecycleChange(project_id=project.id, source=project.state, target=state, on=clock.today()))
    project.state = state
    refresh(session, project)


class LongCourse(Course):
    """A course in which the project is also given away, revalued, won, lost and taken up again."""

    def act(self) -> None:
        away = self.session.get_one(Project, self.project_id).owner_id != self.cast.sales1.id
        if not away and self.dice.random() < 0.6:
            super().act()
            return
        self.rows = None
        self.dice.choice([self.give_away, self.give_away if away else self.revalue, self.decide])()
        self.session.commit()

    def give_away(self) -> None:
        project = as_seen(self.session, self.cast.director, self.session.get_one(Project, self.project_id))
        owner = self.cast.sales3 if project.owner_id == self.cast.sales1.id else self.cast.sales1
        reassign_project(self.session, project, owner, by=self.cast.director, reason="Because")

    def revalue(self) -> None:
        project = as_seen(self.session, self.cast.director, self.session.get_one(Project, self.project_id))
        value = Decimal(self.dice.randrange(1, 9) * 100_000)
        edit_project(self.session, project, by=self.cast.director, version=project.version, value=value)

    def decide(self) -> None:
        project = self.session.get_one(Project, self.project_id)
        change_state(self.session, project, self.dice.choice(STATES))


def intervals_of(session: Session, project_id: int) -> list[Standing]:
    query = select(Standing).where(Standing.project_id == project_id).order_by(Standing.from_day)
    return list(session.scalars(query.execution_options(populate_existing=True)))


@pytest.mark.parametrize("seed", range(3))
def test_after_every_act_the_intervals_are_what_replaying_says(session: Session, cast: Cast, seed: int) -> None:
    with clock.frozen(START):
        course = LongCourse(session, cast, seed)
    seen: dict[date, tuple[str, str, str, Decimal]] = {}
    for number in range(40):
        with clock.frozen(START + timedelta(days=number // 2, minutes=number)):
            course.act()
            assert list(faults(session)) == []
            project = session.get_one(Project, course.project_id)
            seen[clock.today()] = (project.phase, project.step, project.state, project.value)
            kept = intervals_of(session, project.id)
            assert kept[-1].to_day is None
            assert (kept[-1].phase, kept[-1].step, kept[-1].state, kept[-1].value) == seen[clock.today()]
            assert all(one.from_day < other.from_day == one.to_day for one, other in pairwise(kept))
            path = load_facts(session, STANDARD, project).visited
            for one in kept:
                assert [v for v in path if v.since <= one.from_day][-1].cell == (one.phase, one.step)
            assert {one.team_id for one in kept} == {project.team_id}
    for day, told in seen.items():  # a state is decided on the day, so what was seen then is what is kept of it
        held = [one for one in intervals_of(session, course.project_id) if one.from_day <= day][-1]
        assert (held.state, held.value) == told[2:]


def test_several_changes_of_one_day_leave_one_interval(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    for state in ("suspended", "active", "won"):
        change_state(session, project, state)
    assert [(one.from_day, one.state) for one in intervals_of(session, project.id)] == [(clock.today(), "won")]


def test_a_project_without_a_team_is_kept_but_summed_up_nowhere(session: Session, cast: Cast) -> None:
    project = make_project(session)
    assert len(intervals_of(session, project.id)) == 1
    assert session.scalars(select(StandingPlace.id)).all() == []


def test_a_rebuild_writes_the_same_as_the_sessions_did(session: Session, cast: Cast) -> None:
    with clock.frozen(START):
        courses = [LongCourse(session, cast, seed) for seed in (7, 8)]
    for number in range(24):
        with clock.frozen(START + timedelta(days=number)):
            courses[number % 2].rows = None  # the other one changed some
            courses[number % 2].act()
    kept = [
        tuple(row)
        for row in session.execute(select(*Standing.__table__.columns).order_by(Standing.project_id, Standing.from_day))
    ]
    stops = set(map(tuple, session.execute(select(*WonStop.__table__.columns))))
    rebuild(session)
    again = select(*Standing.__table__.columns).order_by(Standing.project_id, Standing.from_day)
    assert [tuple(row) for row in session.execute(again)] == kept
    assert set(map(tuple, session.execute(select(*WonStop.__table__.columns)))) == stops
    assert list(faults(session)) == []


def test_what_is_not_as_replayed_is_named_and_a_rebuild_mends_it(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    change_state(session, project, "won")
    session.execute(update(Standing).values(step="handover"))
    session.execute(update(StandingSum).values(projects=7))
    session.execute(delete(WonStop))
    session.execute(update(CorridorCell).values(projects=3))
    session.expire_all()
    lines = list(faults(session))
    assert lines[0] == f"project {project.id}: its past days are not what replaying its moves says"
    assert any("its stops in the corridor" in line for line in lines)
    assert any(line.startswith(f"past days of team {cast.north.id} at map/structure/") for line in lines)
    assert any(line.startswith("corridor standard all map structure") for line in lines)
    rebuild(session)
    assert list(faults(session)) == []


def test_load_data_is_kept_as_replayed(session: Session) -> None:
    generate(session, projects=50, users=12)
    assert list(faults(session)) == []
    assert session.scalar(select(func.count()).select_from(Standing)) > 50  # type: ignore[operator]
    states = Counter(session.scalars(select(Standing.state).where(Standing.to_day.is_(None))))
    assert states == Counter(session.scalars(select(Project.state)))

"""What is kept of clocks and windows is what follows from the facts, whoever wrote it; `tracker doctor` says if not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_project
from tests.matrix.making import STANDARD, as_seen, building_of
from tests.notifications.making import TODAY, before, tick, wind_up
from tracker import clock
from tracker.doctor.clocks import examine_worker
from tracker.doctor.projects import examine_projects
from tracker.generating import generate
from tracker.matrix.facts import load_facts
from tracker.matrix.models import OwnTask
from tracker.matrix.operations.moves import Proof, move_step
from tracker.notifications.models import OutboxMail, ProjectClock, WindowClock
from tracker.notifications.operations.winding import Window, winding, window_values
from tracker.projects.models import Project


def found(session: Session) -> list[str]:
    """What doctor says of clocks and windows."""
    session.commit()
    told = [str(one) for one in examine_projects(session, lambda *_progress: None)]
    return [line for line in told if "clock" in line or "window" in line]


def kept(session: Session, project: Project) -> list[dict[str, object]]:
    names = ("owner_id", *Window.__dataclass_fields__)
    query = select(WindowClock).where(WindowClock.project_id == project.id).order_by(WindowClock.category)
    return [{name: getattr(row, name) for name in names} for row in session.scalars(query)]


def test_load_data_winds_its_clocks_as_everything_else_does(session: Session) -> None:
    generate(session, projects=60)
    for project in session.scalars(select(Project)):
        told = winding(STANDARD, load_facts(session, STANDARD, project), TODAY, looked=True)
        assert session.get_one(ProjectClock, project.id).wake_on == told.wake_on
        assert kept(session, project) == [window_values(project.owner_id, window) for window in told.windows]
    assert found(session) == []
    assert tick(session) == 0, "the past of load data is history"


def test_doctor_finds_nothing_before_and_after_the_worker_looked(session: Session, cast: Cast) -> None:
    projects = [make_project(session, cast.sales1, since=before(days)) for days in (0, 5, 40, 400)]
    wind_up(session, *projects)
    assert found(session) == []
    tick(session)
    assert found(session) == []
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert found(session) == [], "what waits for the worker is not judged"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (delete(ProjectClock), "it has no clock, so nobody is reminded of it"),
        (update(ProjectClock).values(wake_on=TODAY + timedelta(days=900)), "its clock wakes on 2028-09-01"),
        (update(ProjectClock).values(wake_on=None), "its clock wakes on None"),
        (delete(WindowClock), "the window of tiles is none, the facts say"),
        (update(WindowClock).values(closes_on=TODAY), "the window of tiles is specify until 2026-03-16"),
        (update(WindowClock).values(owner_id=None), "the window of tiles is"),
    ],
)
def test_doctor_names_what_does_not_agree(session: Session, cast: Cast, statement: object, fault: str) -> None:
    wind_up(session, make_project(session, cast.sales1))
    tick(session)
    session.execute(statement)  # type: ignore[call-overload]
    lines = found(session)
    assert [fault in line for line in lines] == [True]


def test_doctor_notices_that_nobody_looks_and_mails_that_were_given_up(session: Session, cast: Cast) -> None:
    def told() -> Sequence[str]:
        return [str(one) for one in examine_worker(session, TODAY)]

    wind_up(session, make_project(session, cast.sales1, since=before(60)))
    assert [line.split(";")[0] for line in told()] == [
        "notice: worker: 1 of the projects wait since before today to be looked at"
    ]
    tick(session)
    assert told() == []
    for state in ("failed", "unknown", "sent"):
        session.add(OutboxMail(user_id=cast.sales1.id, to="x", lang="en", subject="x", body="x", state=state))
    session.commit()
    assert len(told()) == 2


def test_a_move_of_the_building_moves_the_windows(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="map", step="ground")
    wind_up(session, project)
    assert [row["activity"] for row in kept(session, project)] == ["specify"]
    building = building_of(session, project)
    proof = Proof(on=TODAY, source="exif", has_photo=True)
    for step in ("structure", "masonry"):
        seen = as_seen(session, cast.sales1, project)
        move_step(session, seen, building, step, by=cast.sales1, on=TODAY, proof=proof)
    session.commit()
    assert [row["activity"] for row in kept(session, project)] == ["sample"], "the time to specify is over"


def test_an_own_task_wakes_the_project_the_day_after_it_is_due(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="concept")
    own = {"phase": "qualify", "step": "concept", "department": "sales", "evidence": "note", "text": "The catalogue"}
    task = OwnTask(project_id=project.id, due_on=TODAY + timedelta(2), added_on=TODAY, by_id=cast.sales1.id, **own)
    session.add(task)
    wind_up(session, project)
    tick(session)
    assert session.get_one(ProjectClock, project.id, populate_existing=True).wake_on == TODAY + timedelta(3)

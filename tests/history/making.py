"""Lives that the tests of the past look back on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_photo
from tests.leads.making import opening
from tests.matrix.making import as_seen, draft, meet_exits
from tracker import clock
from tracker.matrix.models import LifecycleChange
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.matrix.operations.records import log_record
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Building, Project
from tracker.projects.operations import open_project
from tracker.team.models import User

OPENED = date(2026, 1, 5)
MAPPED = date(2026, 1, 26)
SEEN = date(2026, 2, 9)
WON = date(2026, 3, 2)


def at(day: date) -> datetime:
    """Nine in the morning of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def change_state(session: Session, project: Project, state: str) -> None:
    """Change a project's state today, as an operation of the lifecycle leaves it."""
    session.add(LifecycleChange(project_id=project.id, source=project.state, target=state, on=clock.today()))
    project.state = state
    refresh(session, project)


def live(
    session: Session,
    by: User,
    *,
    state: str = "won",
    later: timedelta = timedelta(),
    picture: bool = True,
    **values: object,
) -> Project:
    """A project that was moved, visited and decided.

    Opened in qualify/ground, in map since MAPPED, at structure since SEEN (entered a week later), in its state since
    WON; with a record of the opening and one of the progress. All of it `later`, if given; the `picture` of it
    all is a row without a file.
    """
    opened, mapped, seen_on, won = (day + later for day in (OPENED, MAPPED, SEEN, WON))
    with clock.frozen(at(opened)):
        plain = {"name": "Riverside Tower 3", "phase": "qualify", "step": "ground"}
        project = open_project(session, opening(**{**plain, **values}), by=by)
        session.commit()
        project = as_seen(session, by, project)
        first = draft(phase="qualify", step="ground", text="Met the owner.", on=opened)
        log_record(session, project, first, by=by)
        meet_exits(session, project, "qualify")
    with clock.frozen(at(mapped)):
        move_phase(session, as_seen(session, by, project), "map", by=by)
        session.commit()
    with clock.frozen(at(seen_on + timedelta(days=7))):
        building = session.scalars(select(Building).where(Building.project_id == project.id)).one()
        proof = Proof(seen_on, "exif", True)
        move_step(session, as_seen(session, by, project), building, "structure", by=by, on=seen_on, proof=proof)
        photos = (make_photo(session, by, taken_on=seen_on).token,) if picture else ()
        seen = draft(text="The frame is up.", on=seen_on, photos=photos)
        log_record(session, as_seen(session, by, project), seen, by=by)
        session.commit()
    if state != "active":
        with clock.frozen(at(won)):
            change_state(session, project, state)
            session.commit()
    return project

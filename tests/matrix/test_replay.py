"""What holds for any course of events: the moves replay to where the project stands, a refusal leaves no row."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_contact, make_party, make_photo
from tests.matrix.making import STANDARD, as_seen, draft
from tracker import clock
from tracker.database import Base
from tracker.errors import Forbidden, Refused, TrackerError
from tracker.matrix.facts import path_of
from tracker.matrix.models import Approval, Move
from tracker.matrix.operations.approvals import ask_approval, decline_approval, grant_approval
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.matrix.operations.records import log_record
from tracker.matrix.operations.refreshing import refresh
from tracker.matrix.queries import get_approval, load_matrix
from tracker.projects.models import Building, Project
from tracker.projects.operations import add_building, open_project
from tracker.projects.operations.opening import ProjectDraft
from workflows.wishes import MovePhase, MoveStep

PHASES = [phase.key for phase in STANDARD.phases]
STEPS = [step.key for step in STANDARD.steps]
ROUTES = [route.key for route in STANDARD.routes]
START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def rows_of_everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    rows = {}
    for table in Base.metadata.sorted_tables:
        columns: list[Any] = list(table.columns)
        rows[table.name] = sorted(map(repr, session.execute(select(*columns)).all()))
    return rows


class Course:
    """One project and those who act on it, by chance that a seed decides."""

    def __init__(self, session: Session, cast: Cast, seed: int) -> None:
        self.session, self.cast, self.dice = session, cast, random.Random(seed)
        self.contact = make_contact(session, make_party(session))
        categories = tuple(self.dice.sample([window.category for window in STANDARD.windows], 2))
        opening = ProjectDraft(
            "Riverside Tower 3", "residential_fitted", self.dice.choice(ROUTES), "qualify", "land", categories
        )
        self.project_id = open_project(session, opening, by=cast.sales1).id
        session.commit()
        self.rows: dict[str, list[str]] | None = None  # where nothing changed since they were read
        self.accepted: list[str] = []
        self.refused: list[str] = []

    @property
    def project(self) -> Project:
        by = self.dice.choice([self.cast.sales1, self.cast.supervisor])
        self.by = by
        return as_seen(self.session, by, self.session.get_one(Project, self.project_id))

    def act(self) -> None:
        """Try one thing; whatever is refused must have left every row as it was."""
        before = self.rows or rows_of_everything(self.session)
        deed = self.dice.choice([self.phase, self.step, self.step, self.record, self.record, self.ask, self.building])
        try:
            deed()
        except TrackerError as refusal:
            assert isinstance(refusal, (Refused, Forbidden)) or deed == self.phase
            self.session.rollback()
            self.rows = rows_of_everything(self.session)
            assert self.rows == before
            self.refused.append(deed.__name__)
        else:
            self.session.commit()
            self.rows = None
            self.accepted.append(deed.__name__)

    def phase(self) -> None:
        project = self.project
        reason = self.dice.choice([None, "Because"])
        promised = clock.today() if self.dice.random() < 0.7 else None
        nearby = PHASES.index(project.phase) + self.dice.choice([-2, -1, 1, 1, 1, 2])
        to = PHASES[max(0, min(nearby, len(PHASES) - 1))]
        move_phase(self.session, project, to, by=self.by, reason=reason, complete_by=promised)

    def step(self) -> None:
        project = self.project
        buildings: Sequence[Building] = self.session.scalars(
            select(Building).where(Building.project_id == project.id).order_by(Building.id)
        ).all()
        building = self.dice.choice(buildings)
        nearby = STEPS.index(building.step) + self.dice.choice([-1, 1, 1, 2, 4])
        to = STEPS[max(0, min(nearby, len(STEPS) - 1))]
        seen = clock.today() - timedelta(days=self.dice.choice([0, 2, 30]))
        proof = Proof(seen, self.dice.choice(["exif", "browser", "stated"]), self.dice.random() < 0.9)
        key = self.dice.choice([None, "rebuild"])
        move_step(self.session, project, building, to, by=self.by, on=seen, proof=proof, reason_key=key)

    def record(self) -> None:
        project = self.project
        photo = make_photo(self.session, self.by, taken_on=clock.today() - timedelta(days=self.dice.choice([0, 3, 20])))
        exits = [criterion.id for phase in STANDARD.phases for criterion in phase.exit if phase.key == project.phase]
        cell = self.dice.choice([(project.phase, project.step), (project.phase, "handover"), ("qualify", "land")])
        wanted = draft(
            phase=cell[0],
            step=cell[1],
            on=clock.today() - timedelta(days=self.dice.choice([0, 0, 20, 70, -3])),
            closes=tuple(exits),
            met=(self.contact.id,),
            photos=(photo.token,),
            progress=self.dice.choice([None, *STEPS]),
            text=self.dice.choice(["Met the buyer", "Met the buyer", ""]),
        )
        log_record(self.session, project, wanted, by=self.by)

    def ask(self) -> None:
        project = self.project
        wish: MovePhase | MoveStep = MovePhase(self.dice.choice(PHASES), "Because")
        if self.dice.random() < 0.3:
            building = self.session.scalars(select(Building).where(Building.project_id == project.id)).first()
            assert building is not None
            wish = MoveStep(building.id, self.dice.choice(STEPS), clock.today(), "stated", True)
        request = ask_approval(
            self.session, project, wish, by=self.cast.sales1, reason="Because", complete_by=clock.today()
        )
        loaded = get_approval(self.session, self.cast.supervisor, request.id)
        decide: Callable[..., None] = self.dice.choice([grant_approval, grant_approval, decline_approval])
        decide(self.session, loaded, by=self.cast.supervisor, answer="Fine")

    def building(self) -> None:
        project = self.project
        name = f"{self.dice.randrange(2, 5)}#"
        add_building(self.session, project, by=self.by, name=name, step=self.dice.choice(STEPS))


@pytest.mark.parametrize("seed", range(4))
def test_moves_replay_to_where_the_project_stands_and_refusals_leave_no_row(
    session: Session, cast: Cast, seed: int
) -> None:
    with clock.frozen(START):
        course = Course(session, cast, seed)
    for number in range(36):
        with clock.frozen(START + timedelta(days=2 * number, minutes=number)):
            course.act()
            check_standing(session, cast, course.project_id)
    assert len(course.accepted) >= 8 and len(course.refused) >= 8
    assert {"phase", "step", "record"} & set(course.accepted) and session.scalars(select(Move.id)).all()


def check_standing(session: Session, cast: Cast, project_id: int) -> None:
    """The project stands where its moves lead, its buildings too, and what is derived is what would be derived now."""
    project = as_seen(session, cast.sales1, session.get_one(Project, project_id))
    moves = session.execute(
        select(Move.id, Move.id, Move.axis, Move.target, Move.on, Move.building_id, Move.at)
        .where(Move.project_id == project_id)
        .order_by(Move.on, Move.id)
    ).all()
    replayed = [(*row[:4], row[4].isoformat(), str(row[5] or "") or None, row[6].isoformat()) for row in moves]
    phases = [row[3] for row in replayed if row[2] == "phase"]
    assert phases[-1] == project.phase
    steps = {row[5]: row[3] for row in replayed if row[2] == "step"}
    buildings = session.scalars(select(Building).where(Building.project_id == project_id)).all()
    assert steps == {str(building.id): building.step for building in buildings}
    assert project.step == max(steps.values(), key=STEPS.index)
    path = path_of(STANDARD, replayed)
    assert path[-1].cell == (project.phase, project.step)
    view = load_matrix(session, cast.sales1, project).board
    assert view.current == view.path[-1].cell == (project.phase, project.step)
    derived = ("step", "step_since", "last_record_on", "silent_after", "next_due_on", "open_tasks")
    stored = [getattr(project, name) for name in derived]
    refresh(session, project)
    assert [getattr(project, name) for name in derived] == stored
    session.rollback()
    assert not session.scalars(select(Approval.id).where(Approval.state == "granted")).all()  # used, or lapsed

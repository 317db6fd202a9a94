"""Whatever is wished, in whatever order: the application does to its tables what the plain course does to its facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import undone
from tests.factories import make_project
from tests.stories.application.company import make_company
from tests.stories.application.stage import Stage
from tests.stories.applying import Impossible
from tests.stories.course import Course
from tests.workflows.wishing import PHASES, ROUTES, STEPS
from tracker import clock
from tracker.errors import AlreadyDone, Refused
from tracker.matrix.models import Evidence, Move
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Building
from workflows.facts import ProjectFacts
from workflows.wishes import ChangeRoute, MarkLost, MovePhase, MoveStep, Revive, Suspend, Wish

START = date(2026, 3, 16)
LINES = ("tiles", "gypsum_board", "interior_coating")
KEY = "P"

COMPARED = (
    "route", "phase", "phase_since", "state", "visited", "stranded_since", "suspended_since", "review_on", "lost_on",
)  # fmt: skip

KINDS = ("move", "line", "step", "route", "lose", "rest", "back", "back", "line back")
CHECKED = frozenset({"contacts", "windows", "credit"})
courses = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 11),
        st.integers(0, 9).map(lambda number: number > 1),  # told what the rules want to be told
        st.booleans(),  # a supervisor grants what can be granted
        st.sampled_from([0, 0, 1, 7, 30, 120, 400]),  # days that pass before
    ),
    min_size=4,
    max_size=16,
)
CELLS = (("qualify", "drawings"), ("map", "structure"), ("specify", "envelope"), ("shortlist", "mep"), ("bid", "mep"))


def wish_for(facts: ProjectFacts, kind: str, number: int, told_all: bool, today: date) -> Wish | None:
    """A wish of a kind, near enough to the facts to have a chance; None where it would change nothing."""
    why, line = "because" if told_all else None, facts.categories[number % len(facts.categories)]
    near = (number % 3) - 1  # one back, here, one on
    match kind:
        case "move":
            to = _beside(PHASES, facts.phase, near)
            return None if to == facts.phase else MovePhase(to, why)
        case "line":
            to = _beside(PHASES, line.phase or facts.phase, near)
            stays = to == (line.phase or facts.phase) or line.result != "open"
            return None if stays else MovePhase(to, why, line.key)
        case "step":
            here = facts.buildings[0].step
            to = _beside(STEPS, here, near or 3)
            return None if to == here else MoveStep(1, to, today, "exif", told_all, "rebuild" if told_all else None)
        case "route":
            to = ROUTES[number % len(ROUTES)]
            return None if to == facts.route else ChangeRoute(to, "because")
        case "lose":
            category = None if number > 8 else line.key
            return MarkLost(category, "no_decision_maker" if told_all else "price_high", winner="")
        case "rest":
            return Suspend("dispute", today + timedelta(days=60 if told_all else 100))
        case "line back":
            return Revive(category=line.key, new_fact=why)
    return Revive(today, CHECKED, True, why, None, why)


def _beside(keys: list[str], here: str, by: int) -> str:
    return keys[min(max(keys.index(here) + by, 0), len(keys) - 1)]


def told(facts: ProjectFacts) -> dict[str, Any]:
    """What there is to compare about a project."""
    names: tuple[str, ...]
    names = (
        "route",
        "phase",
        "phase_since",
        "state",
        "visited",
        "stranded_since",
        "suspended_since",
        "review_on",
        "lost_on",
    )
    found = {name: getattr(facts, name) for name in names}
    found["building"] = (facts.buildings[0].step, facts.buildings[0].since)
    found["lines"] = {line.key: (line.phase, line.result, line.decided_on) for line in facts.categories}
    return found


def on_stage(stage: Stage, phase: str, step: str) -> None:
    """A project that has everything proven, so that the matrix alone says what may be."""
    with stage.changing(refused=True), clock.frozen(datetime(2026, 3, 16, 1, 0, tzinfo=UTC)):
        project = make_project(stage.session, stage.owner, phase=phase, step=step, categories=LINES)
        stage.ids[KEY] = project.id
        building = stage.session.query(Building).filter_by(project_id=project.id).one()
        for axis, target, number in (("phase", phase, None), ("step", step, building.id)):
            stage.session.add(Move(project_id=project.id, axis=axis, target=target, building_id=number, on=START))
        for row in stage.definition.phases:
            for criterion in row.exit:
                stage.session.add(Evidence(project_id=project.id, target=criterion.id, kind=criterion.evidence,
                                           dated_on=START, recorded_on=START))  # fmt: skip
        refresh(stage.session, project)


def tried(course: Course, wish: Wish, signed: tuple[str, ...]) -> bool:
    """Whether it is done; what is refused, in whatever way, leaves everything as it was."""
    before = course[KEY]
    try:
        done = course.wish(KEY, wish, signed).allowed
    except (Impossible, Refused, AlreadyDone):
        done = False
    if isinstance(course, Stage):
        course.session.rollback()
        course.tables.read.clear()
    assert done or told(course[KEY]) == told(before)
    return done


# A course that fails is not made smaller: each try is a company of its own.
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(course=courses, cell=st.sampled_from(CELLS))
def test_tables_and_plain_facts_take_the_same_course(
    app: Flask, course: list[tuple[str, int, bool, bool, int]], cell: tuple[str, str]
) -> None:
    with undone(app) as session:
        with clock.frozen(datetime(2026, 3, 16, 0, 0, tzinfo=UTC)):
            company = make_company(session)
            session.commit()
        stage = Stage(session, company, "sales", START)
        on_stage(stage, *cell)
        plain = Course(START, {KEY: stage[KEY]})
        for kind, number, told_all, granted, days in course:
            stage.today = plain.today = plain.today + timedelta(days=days)
            wish = wish_for(plain[KEY], kind, number, told_all, plain.today)
            if wish is None:
                continue
            signed = ("supervisor",) if granted else ()
            done = tried(stage, wish, signed)
            assert tried(plain, stage.own(KEY, wish), signed) is done, wish
            assert told(stage[KEY]) == told(plain[KEY]), wish
        stage.examine()

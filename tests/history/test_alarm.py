"""The alarm of projects that left the corridor of those won: kept up to date, and shown on the project's page."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.history.making import change_state, live
from tests.matrix.making import STANDARD, text_of
from tests.projects.test_listing import names_in
from tracker.history.keeping import faults
from tracker.history.models import CorridorCell, WonStop
from tracker.history.queries import find_alarm
from tracker.matrix.models import Move
from tracker.matrix.queries import load_matrix
from tracker.projects.models import CategoryLine, Project
from tracker.projects.queries import get_project
from tracker.team.models import User
from workflows.corridor import Alarm


def alarm_of(session: Session, by: User, project: Project) -> Alarm | None:
    return find_alarm(session, load_matrix(session, by, get_project(session, by, project.id)))


def won_of(session: Session, grouping: str, name: str = "") -> int:
    cells = select(CorridorCell.won).where(CorridorCell.grouping == grouping, CorridorCell.name == name)
    return sum(session.scalars(cells))


def test_a_project_whose_building_outran_its_phase_is_told_so(session: Session, cast: Cast, browser: Browser) -> None:
    live(session, cast.sales1)  # won from map/structure
    behind = make_project(session, cast.sales1, name="Behind", phase="map", step="masonry")
    beside = make_project(session, cast.sales1, name="Beside", phase="map", step="structure")
    alarm = alarm_of(session, cast.sales1, behind)
    assert alarm is not None
    assert (alarm.cell, alarm.still_won, alarm.of, alarm.grouping) == (("map", "structure"), 1, 1, "all")
    page = text_of(browser.of(cast.sales1).get(f"/projects/{behind.id}").get_data(as_text=True))
    assert "The building has reached Topped out, masonry and secondary structure, we are still in Stakeholder" in page
    assert "The last cell from which 1 such project was still won is" in page
    assert "Counted: 1 won project, of any kind." in page and "too few to be sure" in page
    assert alarm_of(session, cast.sales1, beside) is None
    assert "data-alarm" not in browser.of(cast.sales1).get(f"/projects/{beside.id}").get_data(as_text=True)


def test_those_of_the_same_main_category_speak_where_there_are_enough(session: Session, cast: Cast) -> None:
    for number in range(5):
        live(session, cast.sales1, name=f"Won {number}")
    tiles = make_project(session, cast.sales1, name="Tiles", phase="map", step="masonry", route="dealer_led")
    lighting = make_project(
        session, cast.sales1, name="Lighting", phase="map", step="masonry", categories=("lighting",)
    )
    other = make_project(
        session, cast.sales1, name="Other", phase="map", step="masonry", categories=("lighting",), route="dealer_led"
    )
    found = [alarm_of(session, cast.sales1, project) for project in (tiles, lighting, other)]
    assert [(one.grouping, one.name, one.of, one.few) for one in found if one] == [
        ("category", "tiles", 5, False),
        ("route", "design_led", 5, False),
        ("all", "", 5, False),
    ]


def test_a_win_that_is_taken_back_leaves_the_corridor(session: Session, cast: Cast) -> None:
    project = live(session, cast.sales1)
    assert (won_of(session, "all"), won_of(session, "category", "tiles"), won_of(session, "route", "design_led")) == (
        1,
        1,
        1,
    )
    change_state(session, project, "active")
    session.commit()
    assert won_of(session, "all") == 0 and session.scalars(select(WonStop)).all() == []
    change_state(session, project, "won")
    change_state(session, project, "closed")  # closed after it was won is won
    session.commit()
    assert won_of(session, "all") == 1
    assert list(faults(session)) == []


def test_only_what_came_before_the_win_counts(session: Session, cast: Cast) -> None:
    project = live(session, cast.sales1)
    on = date(2026, 3, 10)
    session.add(Move(project_id=project.id, axis="phase", source="map", target="deliver", on=on))
    project.phase, project.phase_since = "deliver", on
    session.commit()
    stops = {(stop.phase, stop.step) for stop in session.scalars(select(WonStop))}
    assert stops == {("qualify", "ground"), ("map", "ground"), ("map", "structure")}


def test_another_main_category_or_route_moves_it_to_another_corridor(session: Session, cast: Cast) -> None:
    project = live(session, cast.sales1, categories=("tiles", "lighting"))
    for line in session.scalars(select(CategoryLine).where(CategoryLine.project_id == project.id)):
        line.main = line.category == "lighting"
    project.route = "dealer_led"
    session.commit()
    assert (won_of(session, "category", "tiles"), won_of(session, "category", "lighting")) == (0, 1)
    assert (won_of(session, "route", "design_led"), won_of(session, "route", "dealer_led")) == (0, 1)
    assert list(faults(session)) == []


@pytest.mark.parametrize("state", ["won", "lost", "closed"])
def test_what_is_decided_is_not_flagged(session: Session, cast: Cast, state: str) -> None:
    live(session, cast.sales1)
    decided = make_project(session, cast.sales1, phase="map", step="fitout", state=state)
    assert alarm_of(session, cast.sales1, decided) is None


def test_a_dealer_is_told_nothing_of_it(session: Session, cast: Cast, browser: Browser) -> None:
    live(session, cast.sales1)
    behind = make_project(session, cast.sales1, phase="map", step="masonry", dealer=cast.xinyuan)
    page = browser.of(cast.dealer1).get(f"/projects/{behind.id}").get_data(as_text=True)
    assert "data-alarm" not in page
    assert "data-alarm" in browser.of(cast.sales1).get(f"/projects/{behind.id}").get_data(as_text=True)


def test_every_definition_has_a_corridor_of_its_own(session: Session, cast: Cast) -> None:
    live(session, cast.sales1)
    keys = set(session.scalars(select(CorridorCell.definition_key)))
    assert keys == {STANDARD.key}


def test_the_list_narrows_to_those_with_an_alarm(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(5):
        live(session, cast.sales1, name=f"Won {number}")
    steps = [step.key for step in STANDARD.steps]
    for number, step in enumerate(steps[3:]):
        lines = ("lighting", "tiles") if number % 2 else ("tiles",)
        route = "dealer_led" if number % 3 else "design_led"
        make_project(
            session,
            cast.sales1,
            name=f"Site {number}",
            phase="map" if number % 4 else "bid",
            step=step,
            categories=lines,
            route=route,
            state="lost" if number == 6 else "active",
        )
    assert list(faults(session)) == []
    found = {
        project.name
        for project in session.scalars(select(Project).where(Project.state == "active"))
        if alarm_of(session, cast.sales1, project)
    }
    assert len(found) >= 3
    page = browser.of(cast.sales1).get("/projects?flag=off_corridor").get_data(as_text=True)
    assert set(names_in(page)) == found
    assert "Won 1" in browser.of(cast.sales1).get("/projects?flag=nonsense").get_data(as_text=True)
    counted = browser.of(cast.sales1).get("/board?flag=off_corridor").get_data(as_text=True)
    assert f">{len(found)}</b> projects in all" in counted
    winner = session.scalars(select(Project).where(Project.name == "Won 1")).one()
    change_state(session, winner, "active")  # with four left neither category nor route speaks any more
    session.commit()
    assert list(faults(session)) == []

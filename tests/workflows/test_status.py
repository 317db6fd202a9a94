"""Effective status: the cell's default combined with windows, exceptions and where the building stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.facts import STANDARD, TODAY, before, building, lines, project
from workflows.engine import board, effective_status
from workflows.facts import CategoryFacts

TABLE = [
    # phase, step, categories, days in the step, expected
    ("bid", "masonry", (), 0, "normal"),
    ("specify", "masonry", ("gypsum_board",), 0, "late_risk"),
    ("specify", "ground", ("tiles",), 0, "normal"),
    ("specify", "ground", ("insulation",), 0, "late_risk"),
    ("specify", "ground", ("insulation", "tiles"), 0, "normal"),
    ("bid", "mep", ("tiles",), 10, "late_risk"),
    ("bid", "mep", ("tiles",), 91, "blocked"),
    ("bid", "mep", ("gypsum_board",), 91, "late_risk"),
    ("bid", "fitout", ("gypsum_board",), 0, "blocked"),
    ("bid", "fitout", ("interior_coating",), 8, "late_risk"),
    ("bid", "fitout", ("interior_coating",), 71, "blocked"),
    ("bid", "fitout", ("tiles", "interior_coating"), 8, "late_risk"),
    ("shortlist", "fitout", ("tiles",), 0, "blocked"),
    ("map", "fitout", ("tiles",), 0, "late_risk"),
    ("contract", "fitout", ("tiles",), 0, "late_risk"),
    ("deliver", "fitout", ("tiles",), 0, "normal"),
    ("bid", "completion", ("tiles",), 0, "blocked"),
]


@pytest.mark.parametrize(("phase", "step", "keys", "days", "expected"), TABLE)
def test_windows_worsen_a_cell_and_the_best_open_category_counts(
    phase: str, step: str, keys: tuple[str, ...], days: int, expected: str
) -> None:
    facts = project(phase, step, since=before(days), categories=lines(*keys))
    assert effective_status(STANDARD, facts, phase, step, TODAY) == expected


@pytest.mark.parametrize(("floor", "expected"), [(5, "normal"), (20, "normal"), (21, "blocked")])
def test_floors_say_how_far_a_step_is_where_they_are_known(floor: int, expected: str) -> None:
    home = building("structure", before(300), floor=floor, floors=30)
    facts = project("bid", buildings=(home,), categories=lines("windows_doors"))
    assert effective_status(STANDARD, facts, "bid", "structure", TODAY) == expected


def test_a_category_with_a_result_does_not_count() -> None:
    won = (CategoryFacts("lighting", result="won"), CategoryFacts("tiles", main=True))
    facts = project("bid", "fitout", categories=won)
    assert effective_status(STANDARD, facts, "bid", "fitout", TODAY) == "blocked"


def test_a_route_named_as_exception_finds_the_blocked_cell_early() -> None:
    for route, expected in (("central_procurement", "early"), ("design_led", "blocked")):
        facts = project("map", "land", route=route)
        assert effective_status(STANDARD, facts, "bid", "land", TODAY) == expected


def test_cells_ahead_are_judged_by_their_step_and_not_by_today() -> None:
    facts = project("map", "mep", since=before(400), categories=lines("interior_coating"))
    assert effective_status(STANDARD, facts, "bid", "fitout", TODAY) == "late_risk"


def test_the_leading_building_gives_the_step_the_trailing_one_the_delivery() -> None:
    homes = (building("fitout", id=1), building("structure", id=2), building("fitout", before(9), id=3))
    facts = project("bid", buildings=homes, categories=lines("tiles"))
    assert facts.leading_building(STANDARD).id == 3
    assert facts.trailing_building(STANDARD).id == 2
    assert facts.cell(STANDARD) == ("bid", "fitout")
    window = board(STANDARD, facts, TODAY).windows[0]
    assert (window.lost, window.state) == (True, "closed")
    assert window.activity("bid").state == "closed"
    assert window.activity("deliver").state == "ahead"


def test_windows_open_close_and_end() -> None:
    states = {}
    for step in ("land", "ground", "structure", "masonry", "envelope", "mep"):
        view = board(STANDARD, project("map", step, categories=lines("tiles")), TODAY).windows[0]
        states[step] = (view.activity("specify").state, view.activity("bid").state, view.state)
    assert states == {
        "land": ("ahead", "ahead", "open"),
        "ground": ("open", "ahead", "open"),
        "structure": ("closing", "open", "closing"),
        "masonry": ("closed", "open", "closing"),
        "envelope": ("closed", "closing", "closing"),
        "mep": ("closed", "closed", "closed"),
    }


def test_a_project_without_a_building_has_no_place() -> None:
    with pytest.raises(ValueError, match="at least one building"):
        project(buildings=())


def test_the_status_of_tomorrow_can_differ() -> None:
    facts = project("bid", "mep", since=before(90), categories=lines("tiles"))
    assert effective_status(STANDARD, facts, "bid", "mep", TODAY) == "late_risk"
    assert effective_status(STANDARD, facts, "bid", "mep", TODAY + timedelta(days=1)) == "blocked"

"""The corridor of won projects, and the alarm of those that have left it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.facts import STANDARD, TODAY, before, lines, path, project
from workflows.corridor import ENOUGH, Alarm, Corridor, Stop, cells_outside, choose, corridor_of, outrun, stops_of
from workflows.facts import ProjectFacts, Visit

WAY = path(
    ("qualify", "ground", before(90)),
    ("map", "ground", before(70)),
    ("map", "structure", before(50)),
    ("bid", "structure", before(30)),
    ("deliver", "masonry", before(10)),
)


def stops(*cells: tuple[str, str]) -> tuple[Stop, ...]:
    """The stops of a project won in the last of these cells."""
    way = [Visit(phase, step, before(100 - number)) for number, (phase, step) in enumerate(cells)]
    return stops_of(STANDARD, way, None)


def won(number: int, *cells: tuple[str, str]) -> list[tuple[Stop, ...]]:
    return [stops(*cells) for _each in range(number)]


def test_the_stops_are_the_cells_up_to_the_day_of_winning() -> None:
    assert stops_of(STANDARD, WAY, before(20)) == (
        Stop("qualify", "ground", True, False),
        Stop("map", "ground", False, False),
        Stop("map", "structure", True, False),
        Stop("bid", "structure", False, True),
    )
    assert len(stops_of(STANDARD, WAY, None)) == 5
    assert stops_of(STANDARD, WAY, before(200)) == (Stop("qualify", "ground", True, True),)


def test_a_cell_visited_twice_counts_once() -> None:
    way = path(("map", "structure", before(9)), ("bid", "structure", before(8)), ("map", "structure", before(7)))
    assert stops_of(STANDARD, way, None) == (
        Stop("map", "structure", True, True),
        Stop("bid", "structure", False, False),
    )


def test_the_corridor_counts_projects() -> None:
    corridor = corridor_of("all", "", [*won(2, ("map", "ground"), ("bid", "structure")), stops(("bid", "structure"))])
    assert corridor.won == 3
    passed = corridor.cells["bid", "structure"]
    assert (passed.projects, passed.hindmost, passed.won) == (3, 3, 3)
    assert (corridor.cells["map", "ground"].projects, corridor.cells["map", "ground"].won) == (2, 0)


CORRIDOR = corridor_of(
    "all",
    "",
    [
        *won(3, ("qualify", "ground"), ("specify", "ground"), ("contract", "structure")),
        *won(2, ("qualify", "structure"), ("map", "structure"), ("contract", "masonry")),
        *won(1, ("map", "masonry"), ("contract", "envelope")),
    ],
)


@pytest.mark.parametrize(
    ("cell", "last", "number"),
    [
        (("qualify", "land"), None, 0),  # earlier than any of them is no harm
        (("qualify", "structure"), None, 0),  # the last that were still won from here
        (("qualify", "masonry"), ("qualify", "structure"), 2),
        (("qualify", "fitout"), ("qualify", "structure"), 2),
        (("map", "masonry"), None, 0),
        (("map", "envelope"), ("map", "masonry"), 1),
        (("specify", "envelope"), ("map", "masonry"), 1),  # nobody further behind than this was won either
        (("contract", "envelope"), None, 0),
        (("contract", "mep"), ("contract", "envelope"), 1),
        (("deliver", "completion"), None, 0),  # beyond the phase in which they were won nothing can be outrun
    ],
)
def test_a_building_further_than_any_from_which_projects_were_won_has_outrun_the_phase(
    cell: tuple[str, str], last: tuple[str, str] | None, number: int
) -> None:
    alarm = outrun(STANDARD, [CORRIDOR], project(*cell))
    if last is None:
        assert alarm is None
        return
    assert alarm is not None
    assert (alarm.at, alarm.cell, alarm.still_won, alarm.of, alarm.few) == (cell, last, number, 6, False)


@pytest.mark.parametrize(
    ("state", "warned"),
    [
        ("active", True),
        ("suspended", True),
        ("on_hold_arbitration", True),
        ("won", False),
        ("lost", False),
        ("closed", False),
    ],
)
def test_only_what_can_still_be_won_is_flagged(state: str, warned: bool) -> None:
    assert (outrun(STANDARD, [CORRIDOR], project("qualify", "fitout", state=state)) is not None) is warned


def corridors(category: int, route: int, everything: int) -> list[Corridor]:
    """Corridors of so many won projects, each ending at a step of its own."""
    return [
        corridor_of("category", "tiles", won(category, ("qualify", "land"), ("contract", "fitout"))),
        corridor_of("route", "design_led", won(route, ("qualify", "ground"), ("contract", "fitout"))),
        corridor_of("all", "", won(everything, ("qualify", "structure"), ("contract", "fitout"))),
    ]


@pytest.mark.parametrize(
    ("numbers", "chosen"),
    [
        ((ENOUGH, ENOUGH, 20), "category"),
        ((ENOUGH - 1, ENOUGH, 20), "route"),
        ((ENOUGH - 1, ENOUGH - 1, 20), "all"),
        ((0, 0, 2), "all"),
    ],
)
def test_the_narrowest_corridor_with_enough_in_it_counts(numbers: tuple[int, int, int], chosen: str) -> None:
    facts = project("qualify", "fitout", categories=lines("tiles"))
    found = choose(corridors(*numbers))
    alarm = outrun(STANDARD, corridors(*numbers), facts)
    assert found is not None and alarm is not None
    assert found.grouping == alarm.grouping == chosen
    assert alarm.of == numbers[("category", "route", "all").index(chosen)]
    assert alarm.few is (alarm.of < ENOUGH)


def test_without_won_projects_there_is_no_alarm() -> None:
    facts = project("qualify", "handover")
    assert outrun(STANDARD, [], facts) is None
    assert outrun(STANDARD, [Corridor("all", "", {})], facts) is None


def test_cells_that_the_definition_does_not_have_any_more_are_left_out() -> None:
    odd = corridor_of("all", "", [(Stop("gone", "land", True, True), Stop("qualify", "lost", True, False))])
    assert outrun(STANDARD, [odd], project("qualify", "handover")) is None


def test_the_cells_outside_are_those_that_give_an_alarm() -> None:
    outside = cells_outside(STANDARD, CORRIDOR)
    assert ("qualify", "masonry") in outside and ("qualify", "structure") not in outside
    for cell in STANDARD.cells:
        assert (outrun(STANDARD, [CORRIDOR], project(*cell.key)) is not None) is (cell.key in outside), cell.key
    assert cells_outside(STANDARD, Corridor("all", "", {})) == ()


def alarm_of(facts: ProjectFacts) -> Alarm:
    found = outrun(STANDARD, [CORRIDOR], facts)
    assert found is not None
    return found


def test_the_alarm_says_in_both_languages_where_and_how_many() -> None:
    sentence = alarm_of(project("qualify", "fitout", since=TODAY)).sentence
    assert sentence.en == (
        "The building has reached Fit-out and finishes, we are still in Set-up and qualification. "
        "The last cell from which 2 such projects were still won is Set-up and qualification / Superstructure rising."
    )
    assert "装饰装修" in sentence.zh and "2个" in sentence.zh
    assert "1 such project was still won" in alarm_of(project("contract", "mep", since=date(2026, 1, 1))).sentence.en

"""When windows close: by the pace of this site where it was seen, else by typical durations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.facts import STANDARD, TODAY, before, building, day, lines, project, record
from workflows.facts import CategoryFacts, Observation, ProjectFacts
from workflows.pace import Closing, closing, estimates, next_change, next_closing, pace_of
from workflows.status import is_lost, progress_of


def one(facts: ProjectFacts, category: str, activity: str, today: date = TODAY) -> Closing:
    return next(found for found in closing(STANDARD, facts, category, today) if found.activity == activity)


def test_without_observations_typical_durations_count() -> None:
    """Tiles are bid for until the end of the envelope: 105 days of masonry, 135 of envelope."""
    found = one(project("bid", "masonry", since=before(40), categories=lines("tiles")), "tiles", "bid")
    assert (found.closes_on, found.days, found.observed) == (before(40) + timedelta(240), 200, False)
    assert (found.last_step, found.state) == ("envelope", "open")


def test_two_dated_observations_tell_the_pace_of_this_site() -> None:
    """Ground and structure took 840 days instead of 420, so the rest is expected to take twice as long too."""
    seen = (
        Observation(1, "ground", before(840)),
        Observation(1, "structure", before(400)),
        Observation(1, "masonry", TODAY),
    )
    facts = project("bid", "masonry", categories=lines("tiles"), observations=seen)
    assert pace_of(STANDARD, facts, facts.buildings[0]).times == 2.0
    found = one(facts, "tiles", "bid")
    assert (found.days, found.observed) == (480, True)


def test_observations_of_another_building_tell_nothing_of_this_one() -> None:
    seen = (Observation(2, "ground", before(400)), Observation(2, "masonry", TODAY))
    facts = project("bid", "masonry", categories=lines("tiles"), observations=seen)
    assert one(facts, "tiles", "bid").observed is False


def test_observations_within_a_week_tell_no_pace_and_a_wild_one_is_bounded() -> None:
    close = (Observation(1, "ground", before(5)), Observation(1, "masonry", TODAY))
    assert not pace_of(STANDARD, project("bid", "masonry", observations=close), building("masonry")).observed
    quick = (Observation(1, "ground", before(8)), Observation(1, "masonry", TODAY))
    assert pace_of(STANDARD, project("bid", "masonry", observations=quick), building("masonry")).times == 0.25


def test_an_observation_that_was_taken_back_does_not_count() -> None:
    seen = (
        Observation(1, "ground", before(300)),
        Observation(1, "envelope", before(250)),
        Observation(1, "structure", before(120)),
    )
    facts = project("bid", "structure", observations=seen)
    assert pace_of(STANDARD, facts, facts.buildings[0]).times == pytest.approx(1.0)


def test_floors_tell_the_pace_within_the_present_step() -> None:
    """Ten of thirty floors in 40 days: 120 days for the structure, 80 of them left."""
    facts = project(
        "specify",
        buildings=(building("structure", before(60), floor=10, floors=30),),
        records=(record("specify", "structure", before(20)),),
        categories=lines("tiles"),
    )
    found = one(facts, "tiles", "specify")
    assert (found.closes_on, found.observed, found.state) == (before(60) + timedelta(120), True, "closing")


def test_a_window_closes_when_the_category_is_lost_if_that_comes_first() -> None:
    """Windows may be bid for until the structure ends, but past two thirds of it they are lost: 160 of 240 days."""
    facts = project("bid", "structure", since=before(100), categories=lines("windows_doors"))
    found = one(facts, "windows_doors", "bid")
    assert found.days == 60
    assert [c.activity for c in closing(STANDARD, facts, "windows_doors", found.closes_on)] == ["bid", "order"]
    assert [c.activity for c in closing(STANDARD, facts, "windows_doors", found.closes_on + timedelta(1))] == ["order"]


def test_what_lies_behind_is_not_named_any_more() -> None:
    passed = project("bid", "structure", categories=lines("tiles"))
    assert [c.activity for c in closing(STANDARD, passed, "tiles", TODAY)] == ["bid", "order"]
    own = (CategoryFacts("tiles", phase="map", main=True),)
    assert len(closing(STANDARD, project("bid", "structure", categories=own), "tiles", TODAY)) == 4
    late = project("bid", "fitout", categories=lines("tiles"))
    assert next_closing(STANDARD, late, "tiles", TODAY) is None


def test_a_route_that_knows_no_such_phase_has_no_such_window() -> None:
    routes = tuple(
        replace(route, optional=tuple(key for key in route.optional if key != "specify")) for route in STANDARD.routes
    )
    facts = project("map", "structure", route="dealer_led", categories=lines("tiles"))
    assert "specify" in [one.activity for one in estimates(STANDARD, facts, "tiles")]
    assert "specify" not in [one.activity for one in estimates(replace(STANDARD, routes=routes), facts, "tiles")]


def test_ordering_follows_the_trailing_building_and_the_rest_the_leading_one() -> None:
    two = (building("structure", TODAY, id=1), building("masonry", TODAY, id=2))
    facts = project("bid", buildings=two, categories=lines("tiles"))
    assert one(facts, "tiles", "bid").building_id == 2
    assert one(facts, "tiles", "order").building_id == 1


def test_an_estimate_that_has_passed_is_carried_on_while_the_window_is_open() -> None:
    facts = project("specify", "structure", since=before(241), categories=lines("tiles"))
    assert one(facts, "tiles", "specify", before(1)).closes_on == before(1)
    assert one(facts, "tiles", "specify").closes_on == before(241) + timedelta(360)
    assert one(facts, "tiles", "specify", TODAY + timedelta(400)).days >= 0


def test_a_window_whose_first_step_is_not_reached_lies_ahead() -> None:
    assert one(project("map", "concept", categories=lines("tiles")), "tiles", "bid").state == "ahead"


WINDOWS = sorted(window.category for window in STANDARD.windows)
STEPS = [step.key for step in STANDARD.steps]


@st.composite
def sites(draw: Any) -> ProjectFacts:
    step = draw(st.integers(0, len(STEPS) - 1))
    seen, on = [], before(draw(st.integers(0, 900)))
    for key in STEPS[max(0, step - draw(st.integers(0, 3))) : step + 1]:
        seen.append(Observation(1, key, on))
        on += timedelta(draw(st.integers(0, 200)))
    floor = draw(st.none() | st.integers(0, 30))
    house = building(STEPS[step], seen[-1].on, floor=floor, floors=30 if floor is not None else None)
    keys = draw(st.lists(st.sampled_from(WINDOWS), min_size=1, max_size=3, unique=True))
    phase = draw(st.sampled_from([phase.key for phase in STANDARD.phases]))
    return project(phase, buildings=(house,), categories=lines(*keys), observations=tuple(seen))


@given(sites(), st.integers(0, 600))
def test_an_open_window_never_closed_in_the_past_and_a_lost_category_has_none_to_win(
    facts: ProjectFacts, later: int
) -> None:
    today = TODAY + timedelta(later)
    for line in facts.open_categories:
        found = closing(STANDARD, facts, line.key, today)
        assert all(window.days >= 0 and window.closes_on >= today for window in found)
        if is_lost(STANDARD, line.key, progress_of(STANDARD, facts.buildings[0], today)):
            assert {window.activity for window in found} <= {"order"}


@given(sites(), st.integers(0, 300))
def test_estimates_hold_until_the_day_on_which_they_change(facts: ProjectFacts, later: int) -> None:
    today = TODAY + timedelta(later)
    change = next_change(STANDARD, facts, today) or day("2030-01-01")

    def told(on: date) -> list[tuple[str, str, date]]:
        every = [one for line in facts.open_categories for one in closing(STANDARD, facts, line.key, on)]
        return [(one.category, one.activity, one.closes_on) for one in every]

    for number in range(1, min((change - today).days, 40)):
        assert told(today + timedelta(number)) == told(today)
    last = change - timedelta(1)
    assert last <= today or told(last) == told(today)

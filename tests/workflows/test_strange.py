"""A definition of someone else's making is refused with all its faults at once, or runs."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.strange import BREAKS, PHASES, STEPS, broken, strange
from workflows.checking import check
from workflows.editing import written
from workflows.engine import board, decide, due, next_useful
from workflows.errors import DefinitionError
from workflows.facts import BuildingFacts, CategoryFacts, ProjectFacts
from workflows.loading import load
from workflows.wishes import MovePhase, MoveStep, OpenProject, PassTime

TODAY = date(2026, 3, 16)
SOUND = strange()


def test_ten_faults_come_at_once_and_each_names_its_place() -> None:
    with pytest.raises(DefinitionError) as refused:
        load(written(broken()))
    said = [f"{fault.key}: {fault.reason}" for fault in refused.value.faults]
    assert sorted(said) == sorted(BREAKS)


@pytest.mark.parametrize("fault", BREAKS)
def test_each_of_them_alone_is_the_only_one_named(fault: str) -> None:
    data = strange()
    BREAKS[fault](data)
    assert [f"{found.key}: {found.reason}" for found in check(data)] == [fault]


def _runs(data: Any) -> None:
    """The engine answers about every cell of a definition."""
    d = load(written(data))
    route, category = d.routes[0].key, d.windows[0].category
    for cell in d.cells:
        line = (CategoryFacts(category, main=True),)
        facts = ProjectFacts(route, cell.phase, TODAY, (BuildingFacts(1, "1", cell.step, TODAY),), categories=line)
        assert board(d, facts, TODAY).current == cell.key
        assert len(due(d, facts, TODAY)) >= len(cell.tasks)
        next_useful(d, facts, TODAY)
        wishes = [MovePhase(phase.key) for phase in d.phases] + [MoveStep(1, step.key) for step in d.steps]
        for wish in (*wishes, OpenProject(cell.phase, cell.step, route), PassTime()):
            assert all(fired.detail.zh and fired.detail.en for fired in decide(d, facts, wish, TODAY).fired)


def test_a_strange_but_sound_one_runs() -> None:
    assert check(SOUND) == []
    assert tuple(load(written(SOUND)).phase_index) == PHASES
    assert tuple(load(written(SOUND)).step_index) == STEPS
    _runs(SOUND)


def places(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every node of plain data."""
    found = [here] if here else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += places(value, (*here, key))
    return found


PLACES = places(SOUND)
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
    st.just([{}]), st.just({"a": [1]}), st.just([["x"]]), st.dates(),
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.one_of(st.just("away"), JUNK)), min_size=1, max_size=3))
def test_whatever_is_damaged_it_is_refused_with_faults_or_runs(damages: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = copy.deepcopy(SOUND)
    for way, junk in damages:
        node = data
        try:
            for key in way[:-1]:
                node = node[key]
            if junk == "away":
                del node[way[-1]]
            else:
                node[way[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue  # an earlier damage took the place away
    if not check(data):
        _runs(data)

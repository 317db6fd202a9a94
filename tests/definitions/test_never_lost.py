"""Publishing and mapping never lose a record, whatever is renamed, swapped or taken out: on the real database."""

from __future__ import annotations

import copy
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from tests.cast import make_cast
from tests.conftest import undone
from tests.definitions.making import LIGHT, LIGHT_SOURCE, light_project, publish
from tests.definitions.test_following import ROWS
from tracker.database import Base
from tracker.definitions.operations.following import IN_CELLS
from tracker.matrix.definitions import definition_of
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Record
from tracker.projects import tallying
from tracker.projects.models import Project
from workflows import editing
from workflows.effect import obstacles
from workflows.loading import read
from workflows.mapping import KeyMapping, completed, map_facts

DATA: Any = read(LIGHT_SOURCE)[0]
PHASE, STEP = st.sampled_from(list(LIGHT.phase_index)), st.sampled_from(list(LIGHT.step_index))
PLACES = st.lists(st.tuples(PHASE, STEP), min_size=1, max_size=3)
CELL = st.builds(lambda p, s: f"{p}/{s}", PHASE, STEP)
TASK, HINT = (st.sampled_from([x.id for c in LIGHT.cells for x in getattr(c, name)]) for name in ("tasks", "hints"))
MAPPING = st.builds(
    KeyMapping,
    phases=st.dictionaries(PHASE, PHASE, max_size=3),
    steps=st.dictionaries(STEP, STEP, max_size=3),
    cells=st.dictionaries(CELL, CELL, max_size=3),
    hints=st.dictionaries(HINT, HINT, max_size=3),
    categories=st.dictionaries(
        st.sampled_from(["tiles", "lighting"]), st.sampled_from(["tiles", "flooring", "interior_coating"]), max_size=2
    ),
)


def without(tasks: list[str], hints: list[str], category: bool) -> str:
    """The light matrix without these tasks and hints, perhaps without a category."""
    data = copy.deepcopy(DATA)
    for cell in data["matrix"]["cells"]:
        cell["tasks"] = [task for task in cell["tasks"] if task["id"] not in tasks]
        cell["hints"] = [hint for hint in cell["hints"] if hint["id"] not in hints]
    if category:
        data["entry_windows"]["items"] = [w for w in data["entry_windows"]["items"] if w["key"] != "lighting"]
    return editing.written(data)


def ids_of(session: Session) -> dict[str, set[Any]]:
    return {model.__name__: set(session.scalars(select(inspect(model).primary_key[0]))) for model in ROWS} | {
        "followed": {session.scalar(select(func.count()).select_from(ROWS[1]))}
    }


@settings(max_examples=12)
@given(PLACES, MAPPING, st.lists(TASK, max_size=4), st.lists(HINT, max_size=4), st.booleans())
def test_no_row_is_lost_and_each_project_stands_whole_in_one_version(
    app: Flask, places: Any, mapping: KeyMapping, tasks: list[str], hints: list[str], category: bool
) -> None:
    mapping = KeyMapping(
        mapping.phases, mapping.steps, mapping.cells,
        hints={old: new for old, new in mapping.hints.items() if new not in hints}, categories=mapping.categories,
    )  # fmt: skip
    with undone(app) as session:
        cast = make_cast(session)
        publish(session, LIGHT_SOURCE, cast.admin)
        made = [light_project(session, cast, phase=p, step=s, name=f"Shop {n}") for n, (p, s) in enumerate(places)]
        before = ids_of(session)
        facts = {project.id: load_facts(session, LIGHT, project) for project in made}
        source = without(tasks, hints, category)
        publication = publish(session, source, cast.admin, follow=[("light", 1)], mapping=mapping)
        session.expire_all()
        assert ids_of(session) == before
        assert publication.moved + publication.kept == len(made)
        assert list(tallying.faults(session)) == []
        for project in session.scalars(select(Project)):
            definition = definition_of(session, project)
            now = load_facts(session, definition, project)
            assert obstacles(definition, now) == ()
            whole = completed(mapping, LIGHT, definition)
            wanted = facts[project.id] if project.definition_version == 1 else map_facts(facts[project.id], whole)
            assert {(r.id, r.phase, r.step) for r in now.records} == {(r.id, r.phase, r.step) for r in wanted.records}
            assert sorted(e.target for e in now.evidence) == sorted(e.target for e in wanted.evidence)
            assert now.cell(definition) == wanted.cell(definition)


def test_every_table_whose_rows_lie_in_a_cell_of_a_project_is_mapped() -> None:
    """A table that comes later and keeps a phase and a step for a project must follow its definition too."""
    kept = {
        mapper.class_.__name__
        for mapper in Base.registry.mappers
        if {"project_id", "phase", "step"} <= set(mapper.local_table.columns.keys())
    }
    replayed = {"Standing", "WonStop"}  # written anew from the moves as soon as a project's version changes
    assert kept - replayed == {model.__name__ for model in IN_CELLS}
    assert Record in IN_CELLS

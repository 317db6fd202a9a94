"""The dry run by cells says what the exact one says of every project, and changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.definitions.making import LIGHT, LIGHT_SOURCE, changed, light_project, publish, renamed
from tracker.definitions.dry_run import GroupEffect, judge_by_cell, judge_each, list_touched
from tracker.events import Event
from tracker.projects.models import Project
from workflows.definition import Definition
from workflows.effect import Effect
from workflows.loading import load, load_standard
from workflows.mapping import KeyMapping

GROUP = [("light", 1)]
NEW_KEYS = KeyMapping(phases={"offer": "quote"}, steps={"strip": "clear"}, categories={"tiles": "ceramic"})


def cell_of(data: Any, name: str) -> Any:
    return next(cell for cell in data["matrix"]["cells"] if cell["cell"] == name)


def harsher(data: Any) -> None:
    """offer/strip turns late and loses a task and a hint, agree/rough gets a task and another limit."""
    strip, rough = cell_of(data, "offer/strip"), cell_of(data, "agree/rough")
    strip["status"] = data["matrix"]["status_grid"]["offer"][1] = "late_risk"
    strip["tasks"].pop(0)
    strip["hints"].pop(0)
    rough["time_limit_days"] = 20
    rough["tasks"].append(
        {"id": "T.agree.rough.9", "department": "sales", "evidence": "note", "due_days": 1, "zh": "问", "en": "Ask"}
    )


@pytest.fixture
def shops(session: Session, cast: Cast) -> list[Project]:
    publish(session, LIGHT_SOURCE, cast.admin)
    places = [("offer", "strip"), ("offer", "strip"), ("agree", "rough"), ("care", "open")]
    made = [light_project(session, cast, phase=p, step=s, name=f"Shop {n}") for n, (p, s) in enumerate(places)]
    made.append(light_project(session, cast, name="Lost", state="lost"))
    return made


def both(session: Session, new: Definition, mapping: KeyMapping | None = None) -> tuple[GroupEffect, dict[str, Effect]]:
    mapping = mapping or KeyMapping()
    (group,) = judge_by_cell(session, new, GROUP, mapping)
    exact = {project.name: effect for project, effect in judge_each(session, new, GROUP, mapping) if effect}
    return group, exact


def test_what_changes_in_the_cells_of_open_projects_is_counted(session: Session, shops: list[Project]) -> None:
    group, exact = both(session, load(changed(LIGHT_SOURCE, harsher)))
    assert (group.projects, group.status_changed, group.records) == (4, 2, 0)
    assert group.counted("tasks_gone") == {"T.offer.strip.1": 2}
    assert group.counted("tasks_new") == {"T.agree.rough.9": 1}
    assert group.counted("hints_gone") == {"H.offer.strip.1": 2}
    assert (group.evidence, group.followed, group.staying) == (2, 2, {})
    assert [(c.cell, c.limit) for c in group.touched] == [(("agree", "rough"), (4, 20)), (("offer", "strip"), None)]
    assert set(exact) == {"Shop 0", "Shop 1", "Shop 2", "Shop 3"}
    assert [name for name, effect in exact.items() if effect.here] == ["Shop 0", "Shop 1"]
    assert [name for name, effect in exact.items() if effect.tasks_new] == ["Shop 2"]
    assert sum(len(effect.evidence) for effect in exact.values()) == group.evidence
    assert all(effect.fits for effect in exact.values())


def test_the_projects_in_such_cells_are_listed_by_page(session: Session, cast: Cast, shops: list[Project]) -> None:
    (group,) = judge_by_cell(session, load(changed(LIGHT_SOURCE, harsher)), GROUP, KeyMapping())
    assert [project.name for project in list_touched(session, cast.admin, group, 1).items] == [
        "Shop 0",
        "Shop 1",
        "Shop 2",
    ]
    assert [*list_touched(session, cast.sales3, group, 1).items] == []


def test_what_is_gone_is_counted_and_said_to_hold_projects_back(session: Session, shops: list[Project]) -> None:
    group, exact = both(session, load(changed(LIGHT_SOURCE, renamed)))
    stays = Counter(key for effect in exact.values() for key in set(effect.stays))
    assert group.staying["phase", "offer"] == 4  # all have a lost line that stands in it
    assert group.staying["category", "tiles"] == stays["category", "tiles"] == 4
    assert group.staying["step", "strip"] == stays["step", "strip"] == 2
    assert group.staying["cell", "offer/strip"] == stays["cell", "offer/strip"] == 2
    assert group.records == sum(len(effect.records) for effect in exact.values()) == 2
    assert not any(effect.fits for effect in exact.values())


def test_with_a_mapping_nothing_holds_them_back(session: Session, shops: list[Project]) -> None:
    group, exact = both(session, load(changed(LIGHT_SOURCE, renamed)), NEW_KEYS)
    assert group.quiet and not group.touched
    assert all(effect.silent for effect in exact.values())


def test_another_definition_altogether_holds_all_of_them_back(session: Session, shops: list[Project]) -> None:
    group, exact = both(session, load_standard())
    assert group.records == 8 and not any(effect.fits for effect in exact.values())
    assert all(cell.then is None for cell in group.cells)


def test_a_dry_run_changes_nothing(session: Session, shops: list[Project]) -> None:
    before = session.scalar(select(func.count()).select_from(Event))
    both(session, load(changed(LIGHT_SOURCE, harsher)))
    assert not session.dirty and not session.new
    assert session.scalar(select(func.count()).select_from(Event)) == before
    assert set(session.scalars(select(Project.definition_version))) == {1}


def test_the_same_again_is_quiet(session: Session, shops: list[Project]) -> None:
    group, exact = both(session, LIGHT)
    assert group.quiet and all(effect.silent for effect in exact.values())
    assert not group.comparison.differences

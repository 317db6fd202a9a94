"""Comparing two definitions, mapping facts from one to the other, and what that does to a project."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.comparing import compare, texts_of
from workflows.definition import Definition
from workflows.editing import written
from workflows.effect import Effect, StatusChange, effect, obstacles
from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    EvidenceFacts,
    Observation,
    OwnTask,
    ProjectFacts,
    RecordFacts,
    Visit,
)
from workflows.loading import STANDARD, load, load_standard, read
from workflows.mapping import KINDS, KeyMapping, completed, map_facts, mapping_faults, read_mapping

SOURCE: Any = read(STANDARD.parent / "light.yaml")[0]
LIGHT = load(STANDARD.parent / "light.yaml")
TODAY = date(2026, 3, 16)


def cell_of(data: Any, name: str) -> Any:
    return next(cell for cell in data["matrix"]["cells"] if cell["cell"] == name)


def changed(change: Callable[[Any], object]) -> Definition:
    data = copy.deepcopy(SOURCE)
    change(data)
    return load(written(data))


def both(*changes: Callable[[Any], object]) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for one in changes:
            one(data)

    return change


def _late(data: Any) -> None:
    cell_of(data, "offer/rough")["status"] = "late_risk"
    data["matrix"]["status_grid"]["offer"][2] = "late_risk"


CASES: dict[str, tuple[Callable[[Any], object], list[tuple[str, str, str, bool]]]] = {
    "nothing": (lambda d: None, []),
    "the name of a phase": (
        lambda d: d["phases"]["items"][0].update(en="Seek"),
        [("phase", "find", "changed", False)],
    ),
    "the sentence of a rule in one language": (
        lambda d: d["guard_rules"]["items"][0].update(zh="不行。"),
        [("rule", "G01", "changed", False)],
    ),
    "the words of a hint": (
        lambda d: cell_of(d, "find/survey")["hints"][0].update(en="Ask."),
        [("hint", "H.find.survey.1", "changed", False)],
    ),
    "the kind of a hint": (
        lambda d: cell_of(d, "find/survey")["hints"][0].update(kind="tip"),
        [("hint", "H.find.survey.1", "changed", True)],
    ),
    "a hint gone": (
        lambda d: cell_of(d, "find/survey")["hints"].pop(0),
        [("hint", "H.find.survey.1", "removed", False)],
    ),
    "a limit": (
        lambda d: cell_of(d, "find/survey").update(time_limit_days=9),
        [("cell", "find/survey", "changed", True)],
    ),
    "a status": (_late, [("cell", "offer/rough", "changed", True)]),
    "a task due later": (
        lambda d: cell_of(d, "find/survey")["tasks"][0].update(due_days=9),
        [("task", "T.find.survey.1", "changed", True)],
    ),
    "a task gone": (
        lambda d: cell_of(d, "find/survey")["tasks"].pop(),
        [("task", "T.find.survey.2", "removed", True)],
    ),
    "a new task": (
        lambda d: cell_of(d, "care/rough")["tasks"].append(
            {"id": "T.care.rough.2", "department": "sales", "evidence": "note", "due_days": 1, "zh": "问", "en": "Ask"}
        ),
        [("task", "T.care.rough.2", "added", True)],
    ),
    "a window": (
        lambda d: d["entry_windows"]["items"][0]["bid"].update(to="surface"),
        [("category", "tiles", "changed", True)],
    ),
    "a category gone": (
        lambda d: d["entry_windows"]["items"].pop(),
        [("category", "lighting", "removed", True)],
    ),
    "a route": (
        lambda d: d["routes"]["items"][1].update(required=["find", "offer", "agree", "supply", "care"], optional=[]),
        [("route", "fitter_order", "changed", True)],
    ),
    "a rule gone": (lambda d: d["guard_rules"]["items"].pop(), [("rule", "G43", "removed", True)]),
    "a criterion": (
        lambda d: d["phases"]["items"][1]["exit"][1].update(mandatory=True),
        [("exit", "X.offer.sample_shown", "changed", True)],
    ),
    "a setting": (
        lambda d: d["meta"]["conventions"]["settings"]["values"].update(overdue_days=20),
        [("setting", "overdue_days", "changed", True)],
    ),
    "a choice": (
        lambda d: d["picklists"]["project_types"]["items"].pop(0),
        [("choice", "project_types.shop", "removed", True)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_difference_is_named_and_words_are_told_apart_from_behaviour(name: str) -> None:
    change, wanted = CASES[name]
    found = compare(LIGHT, changed(change))
    assert [(d.kind, d.key, d.change, d.behaves) for d in found.differences] == wanted
    assert found.behaves == any(behaves for *_rest, behaves in wanted)


def test_the_other_way_round_what_was_added_is_removed() -> None:
    new = changed(lambda d: cell_of(d, "find/survey")["tasks"].pop())
    assert compare(LIGHT, new).keys("task", "removed") == compare(new, LIGHT).keys("task", "added")


def test_a_field_says_what_it_was_and_what_it_is() -> None:
    (found,) = compare(LIGHT, changed(lambda d: cell_of(d, "find/survey").update(time_limit_days=9))).differences
    (limit,) = found.fields
    assert (limit.name, limit.old, limit.new) == ("time_limit_days", 7, 9)
    assert list(texts_of(LIGHT.window("tiles").bid, "en")) == ["survey – strip – rough"]
    assert list(texts_of(LIGHT.phase("find").name, "zh")) == ["找到决策人"]


def test_two_definitions_that_share_nothing_can_be_compared() -> None:
    found = compare(load_standard(), LIGHT)
    assert found.keys("phase", "added") == set(LIGHT.phase_index)
    assert found.keys("phase", "removed") == set(load_standard().phase_index)


# What a new version does to one project


def shop(**more: Any) -> ProjectFacts:
    since = TODAY - timedelta(days=2)
    plain: dict[str, Any] = {
        "route": "owner_direct",
        "kind": "shop",
        "buildings": (BuildingFacts(1, "1F", "strip", since),),
        "categories": (CategoryFacts("tiles", main=True),),
        "records": (RecordFacts(1, "find", "survey", since, since, "call", "sales"),
                    RecordFacts(2, "offer", "strip", since, since, "call", "sales")),
        "evidence": (EvidenceFacts("T.offer.strip.1", "quote", since, since),),
        "visited": (Visit("find", "survey", since), Visit("offer", "strip", since)),
    }  # fmt: skip
    return ProjectFacts(phase="offer", phase_since=since, **{**plain, **more})


def test_the_same_definition_again_is_noticed_by_nobody() -> None:
    assert effect(LIGHT, LIGHT, shop(), TODAY).silent


def test_cells_tasks_and_hints_that_change_are_named() -> None:
    new = changed(
        both(
            _late,
            lambda d: cell_of(d, "find/survey")["tasks"].pop(1),
            lambda d: cell_of(d, "offer/strip")["tasks"].append(
                {
                    "id": "T.offer.strip.9",
                    "department": "sales",
                    "evidence": "note",
                    "due_days": 1,
                    "zh": "问",
                    "en": "A",
                }
            ),
            lambda d: cell_of(d, "offer/strip")["hints"].pop(),
        )
    )
    found = effect(LIGHT, new, shop(), TODAY, followed=("H.offer.strip.2", "H.find.survey.1"))
    assert found == Effect(
        cells=(StatusChange(("offer", "rough"), "normal", "late_risk"),),
        here=False,
        tasks_new=("T.offer.strip.9",),
        tasks_gone=("T.find.survey.2",),
        hints=("H.offer.strip.2",),
    )
    assert found.fits and not found.silent


def test_evidence_for_a_task_that_is_gone_is_orphaned_but_does_not_hold_the_project_back() -> None:
    new = changed(lambda d: cell_of(d, "offer/strip")["tasks"].pop(0))
    found = effect(LIGHT, new, shop(), TODAY)
    assert (found.evidence, found.tasks_gone, found.fits) == (("T.offer.strip.1",), (), True)


def test_a_project_whose_place_or_work_is_gone_stays_and_the_keys_are_named() -> None:
    found = effect(LIGHT, load_standard(), shop(), TODAY)
    assert not found.fits and set(found.records) == {1, 2}
    assert {
        ("phase", "offer"),
        ("step", "strip"),
        ("route", "owner_direct"),
        ("kind", "shop"),
        ("cell", "find/survey"),
    } <= set(found.stays)


def test_a_mapping_takes_a_project_even_to_another_definition() -> None:
    mapping = KeyMapping(
        phases={"find": "map", "offer": "bid"},
        steps={"survey": "drawings", "strip": "masonry"},
        routes={"owner_direct": "design_led"},
        kinds={"shop": "retail_mall"},
        tasks={"T.offer.strip.1": "T.bid.masonry.1"},
    )
    found = effect(LIGHT, load_standard(), shop(), TODAY, mapping)
    assert found.fits and not found.records and not found.evidence
    assert "T.offer.strip.2" in found.tasks_gone
    assert "T.bid.masonry.1" not in found.tasks_new


# Mapping


def test_tasks_hints_and_criteria_with_the_same_words_follow_their_cell_by_themselves() -> None:
    text = written(SOURCE)
    for old, new in (
        (".offer.", ".quote."),
        ("offer/", "quote/"),
        (" offer\n", " quote\n"),
        (" offer:\n", " quote:\n"),
    ):
        text = text.replace(old, new)
    whole = completed(KeyMapping(phases={"offer": "quote"}), LIGHT, load(text))
    assert whole.target("T.offer.strip.1") == "T.quote.strip.1"
    assert whole.target("X.offer.quote_sent") == "X.quote.quote_sent"
    assert whole.hint("H.offer.strip.2") == "H.quote.strip.2"
    assert whole.target("T.find.survey.1") == "T.find.survey.1"


def test_a_mapping_is_read_from_plain_data_with_all_its_faults() -> None:
    mapping, faults = read_mapping({"phases": {"a": "b", "c": 1}, "moods": {}, "steps": ["x"], "tasks": None})
    assert mapping.phases == {"a": "b"} and mapping.tasks == {}
    assert faults == [
        "phases.c: both keys must be texts",
        f"moods: unknown kind; known are {', '.join(KINDS)}",
        "steps: must hold old: new",
    ]
    assert read_mapping(None) == (KeyMapping(), [])
    assert read_mapping([1])[1]


def test_a_mapping_that_names_what_is_not_there_is_faulty() -> None:
    mapping = KeyMapping(phases={"offer": "nowhere", "nobody": "find"}, cells={"find/survey": "find/strip"})
    assert list(mapping_faults(mapping, [LIGHT], LIGHT)) == [
        "phases.offer: the new definition has no nowhere",
        "phases.nobody: no project's definition has this key",
    ]


PHASE, STEP = st.sampled_from(list(LIGHT.phase_index)), st.sampled_from(list(LIGHT.step_index))
ANY_KEY = st.one_of(PHASE, STEP, st.text(min_size=1, max_size=5))
CELL_TEXT = st.builds(lambda p, s: f"{p}/{s}", PHASE, STEP)
DAY = st.dates(date(2025, 1, 1), date(2026, 12, 31))
TARGET = st.one_of(st.sampled_from([t.id for c in LIGHT.cells for t in c.tasks]), st.sampled_from(["A.arrival", "U.1"]))
FACTS = st.builds(
    ProjectFacts,
    route=st.sampled_from([r.key for r in LIGHT.routes]),
    phase=PHASE,
    phase_since=DAY,
    buildings=st.lists(
        st.builds(BuildingFacts, st.integers(1, 9), st.just("1"), STEP, DAY), min_size=1, max_size=3
    ).map(tuple),
    categories=st.lists(st.builds(CategoryFacts, st.sampled_from(["tiles", "lighting"]), PHASE), max_size=2).map(tuple),
    records=st.lists(
        st.builds(RecordFacts, st.integers(1, 99), PHASE, STEP, DAY, DAY, st.just("call"), st.just("sales")), max_size=6
    ).map(tuple),
    evidence=st.lists(st.builds(EvidenceFacts, TARGET, st.just("note"), DAY, DAY), max_size=5).map(tuple),
    photos=st.dictionaries(st.tuples(PHASE, STEP), st.integers(1, 5), max_size=4),
    visited=st.lists(st.builds(Visit, PHASE, STEP, DAY), max_size=4).map(tuple),
    own_tasks=st.lists(
        st.builds(OwnTask, st.just("U.1"), PHASE, STEP, st.just("sales"), st.just("note"), st.just("Do"), DAY),
        max_size=2,
    ).map(tuple),
    observations=st.lists(st.builds(Observation, st.integers(1, 9), STEP, DAY), max_size=3).map(tuple),
)
PAIRS = st.dictionaries(ANY_KEY, ANY_KEY, max_size=4)
MAPPINGS = st.builds(
    KeyMapping,
    phases=PAIRS,
    steps=PAIRS,
    cells=st.dictionaries(CELL_TEXT, CELL_TEXT, max_size=4),
    tasks=st.dictionaries(TARGET, TARGET, max_size=3),
    categories=PAIRS,
    routes=PAIRS,
)


@given(FACTS, MAPPINGS)
def test_mapping_loses_no_record_no_evidence_no_visit_and_no_picture(facts: ProjectFacts, mapping: KeyMapping) -> None:
    mapped = map_facts(facts, mapping)
    for name in ("records", "evidence", "visited", "buildings", "categories", "own_tasks", "observations"):
        assert len(getattr(mapped, name)) == len(getattr(facts, name)), name
    assert [r.id for r in mapped.records] == [r.id for r in facts.records]
    assert sum(mapped.photos.values()) == sum(facts.photos.values())
    untouched = {"phase", "step", "target", "key"}
    for before, after in zip((*facts.records, *facts.evidence), (*mapped.records, *mapped.evidence), strict=True):
        keep = {name: getattr(before, name) for name in untouched if hasattr(before, name)}
        assert replace(after, **keep) == before


@given(FACTS, MAPPINGS)
def test_a_project_either_follows_whole_or_is_told_what_holds_it_back(facts: ProjectFacts, mapping: KeyMapping) -> None:
    mapped, stays = map_facts(facts, mapping), obstacles(LIGHT, map_facts(facts, mapping))
    places = Counter((r.phase, r.step) in LIGHT.lookups["cell"] for r in mapped.records)
    if not stays:
        assert not places[False]
        assert mapped.cell(LIGHT) in LIGHT.lookups["cell"]
        assert mapped.route in LIGHT.lookups["route"]
        assert effect(LIGHT, LIGHT, facts, TODAY, mapping).fits
    else:
        assert all(key for _kind, key in stays)


@given(FACTS)
def test_an_empty_mapping_changes_nothing_and_a_swap_undone_gives_the_facts_back(facts: ProjectFacts) -> None:
    assert map_facts(facts, KeyMapping()) == replace(facts, photos=dict(facts.photos))
    swap = KeyMapping(phases=MappingProxyType({"find": "care", "care": "find"}))
    assert map_facts(map_facts(facts, swap), swap) == replace(facts, photos=dict(facts.photos))

"""The second definition, `light`: the engine runs on it as on the first, and knows what it leaves out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflows.checking import check
from workflows.definition import Definition
from workflows.engine import board, decide, due, next_useful
from workflows.facts import BuildingFacts, CategoryFacts, EvidenceFacts, ProjectFacts, RecordFacts, Visit
from workflows.guards import implemented
from workflows.loading import STANDARD, load, load_standard
from workflows.naming import with_names_of
from workflows.status import effective_status
from workflows.wishes import Delete, LogRecord, MovePhase, MoveStep, OpenProject, PassTime, Suspend

FILE = STANDARD.parent / "light.yaml"
LIGHT = load(FILE)
TODAY = date(2026, 3, 16)


def place(phase: str, step: str, since: date = TODAY, **more: object) -> ProjectFacts:
    plain = {"route": "owner_direct", "buildings": (BuildingFacts(1, "1F", step, since),), "categories": tiles()}
    return ProjectFacts(phase=phase, phase_since=since, **{**plain, **more})  # type: ignore[arg-type]


def tiles(*others: str) -> tuple[CategoryFacts, ...]:
    return tuple(CategoryFacts(key, main=key == "tiles") for key in ("tiles", *others))


def exits(phase: str) -> tuple[EvidenceFacts, ...]:
    return tuple(EvidenceFacts(x.id, x.evidence, TODAY, TODAY) for x in LIGHT.phase(phase).exit)


def rules(decision: object) -> set[str]:
    return {fired.rule_id for fired in decision.fired}  # type: ignore[attr-defined]


def test_check_finds_nothing() -> None:
    assert check(FILE) == []


def test_it_shares_no_phase_and_no_step_with_the_standard() -> None:
    standard = load_standard()
    assert not set(LIGHT.phase_index) & set(standard.phase_index)
    assert not set(LIGHT.step_index) & set(standard.step_index)
    assert (len(LIGHT.phases), len(LIGHT.steps), len(LIGHT.cells)) == (5, 6, 30)


@pytest.mark.parametrize("cell", LIGHT.cells, ids=lambda cell: "/".join(cell.key))
def test_every_cell_has_a_board_what_is_due_and_a_next_useful_thing(cell: object) -> None:
    phase, step = cell.key  # type: ignore[attr-defined]
    facts = place(phase, step, TODAY - timedelta(days=3))
    view = board(LIGHT, facts, TODAY)
    assert view.current == (phase, step) and len(view.cells) == 30
    assert {item.task.id for item in due(LIGHT, facts, TODAY) if item.task} == {
        t.id for t in LIGHT.cell(phase, step).tasks
    }
    useful = next_useful(LIGHT, facts, TODAY)
    assert useful is None or (useful.text.zh and useful.text.en)


def test_phases_say_themselves_which_windows_count_and_from_where_on_there_is_a_contract() -> None:
    assert LIGHT.phase_windows == {"offer": "bid"}
    assert [LIGHT.is_signed(p.key) for p in LIGHT.phases] == [False, False, False, True, True]
    assert [LIGHT.is_early(p.key) for p in LIGHT.phases] == [True, False, False, False, False]
    standard = load_standard()
    assert standard.phase_windows == {"specify": "specify", "shortlist": "sample", "bid": "bid"}
    assert standard.is_signed("contract") and not standard.is_signed("bid")
    assert [p.key for p in standard.phases if standard.is_early(p.key)] == ["qualify", "map"]


def test_a_window_makes_its_phase_late_and_then_blocked() -> None:
    flooring = (CategoryFacts("flooring", main=True),)
    assert effective_status(LIGHT, place("offer", "rough", categories=flooring), "offer", "rough", TODAY) == "normal"
    assert effective_status(LIGHT, place("offer", "rough"), "offer", "rough", TODAY) == "normal"
    late = place("offer", "surface", TODAY - timedelta(days=40))
    assert effective_status(LIGHT, late, "offer", "surface", TODAY) == "blocked"
    assert effective_status(LIGHT, late, "agree", "surface", TODAY) == "late_risk"


def test_a_move_forward_needs_its_exits_and_a_route_may_skip() -> None:
    facts = place("find", "strip")
    assert rules(decide(LIGHT, facts, MovePhase("offer"), TODAY)) == {"G03"}
    met = place("find", "strip", evidence=exits("find"))
    assert decide(LIGHT, met, MovePhase("offer"), TODAY).allowed
    assert "G04" in rules(decide(LIGHT, met, MovePhase("agree"), TODAY))
    called_off = place("find", "strip", evidence=exits("find"), route="annual_order")
    decision = decide(LIGHT, called_off, MovePhase("supply", reason="Yearly agreement."), TODAY)
    assert decision.allowed and rules(decision) == {"G05"}


def test_a_blocked_cell_stays_closed_but_for_its_exception_route() -> None:
    assert "G01" in rules(
        decide(LIGHT, place("find", "survey"), OpenProject("supply", "survey", "owner_direct"), TODAY)
    )
    called = place("find", "survey", route="annual_order")
    assert "G01" not in rules(decide(LIGHT, called, OpenProject("supply", "survey", "annual_order"), TODAY))


def test_progress_needs_its_photo_and_goes_back_with_a_reason() -> None:
    facts = place("offer", "strip")
    assert rules(decide(LIGHT, facts, MoveStep(1, "rough"), TODAY)) == {"G12"}
    proof = MoveStep(1, "rough", proof_on=TODAY, proof_source="exif", has_photo=True)
    assert decide(LIGHT, facts, proof, TODAY).allowed
    assert rules(decide(LIGHT, facts, MoveStep(1, "survey"), TODAY)) == {"G08"}


def test_rules_that_it_leaves_out_bind_nobody() -> None:
    left_out = set(implemented()) - {rule.id for rule in LIGHT.rules}
    assert {"G07", "G10", "G11", "G15", "G16", "G44", "G46"} <= left_out
    carried = place("offer", "strip")
    jump = MoveStep(1, "open", proof_on=TODAY, proof_source="exif", has_photo=True)
    decision = decide(LIGHT, carried, jump, TODAY)
    assert decision.allowed and not rules(decision) & left_out
    old = LogRecord("offer", "strip", TODAY - timedelta(days=90), "site_visit", "sales")
    assert decide(LIGHT, place("offer", "strip", TODAY - timedelta(days=100)), old, TODAY).allowed


def test_other_wishes_are_judged_too() -> None:
    facts = place("supply", "surface", records=(RecordFacts(1, "supply", "surface", TODAY, TODAY, "call", "sales"),))
    assert rules(decide(LIGHT, facts, Delete("record", 1), TODAY)) == {"G18"}
    assert rules(decide(LIGHT, facts, Suspend(None, None), TODAY)) == {"G35"}
    silent = place("supply", "surface", TODAY - timedelta(days=30))
    assert rules(decide(LIGHT, silent, PassTime(), TODAY)) == {"G43"}


def test_a_path_through_the_light_matrix_is_shown() -> None:
    stops = (("find", "survey"), ("offer", "strip"), ("agree", "rough"))
    visits = tuple(Visit(*stop, TODAY - timedelta(days=30 - n)) for n, stop in enumerate(stops))
    view = board(LIGHT, place("agree", "rough", visited=visits), TODAY)
    assert [visit.cell for visit in view.path] == list(stops)
    assert [key for key, cell in view.cells.items() if cell.reached] == list(stops)


def test_a_wide_definition_names_what_others_have_and_stays_itself() -> None:
    asked: list[int] = []

    def others() -> list[Definition]:
        asked.append(1)
        return [LIGHT]

    wide = with_names_of(load_standard(), others)
    assert wide.phase("map").name == load_standard().phase("map").name and not asked
    assert wide.cell_name("offer", "strip") == LIGHT.cell_name("offer", "strip")
    assert "offer" not in wide.phase_index and len(wide.cells) == 96
    with pytest.raises(KeyError):
        wide.phase("nowhere")

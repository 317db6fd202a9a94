"""What holds for every course of events: accepted moves reach no blocked cell, a refusal changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.facts import STANDARD, TODAY, building, exits, lines, project
from workflows.engine import MovePhase, MoveStep, board, decide, effective_status, fingerprint, implemented
from workflows.facts import GrantedOverride, ProjectFacts, Visit
from workflows.wishes import Wish

PHASES = [phase.key for phase in STANDARD.phases]
STEPS = [step.key for step in STANDARD.steps]
CATEGORIES = [window.category for window in STANDARD.windows]
ALL_EXITS = tuple(item for phase in PHASES for item in exits(phase, date(2020, 1, 1)))

moves = st.tuples(
    st.sampled_from(["phase", "step"]),
    st.integers(0, 11),
    st.booleans(),  # a reason is given
    st.booleans(),  # a supervisor grants what can be granted
    st.integers(0, 90),  # days that pass before
)


def wish_of(kind: str, number: int, reason: bool, today: date) -> Wish:
    words = "because" if reason else None
    if kind == "phase":
        return MovePhase(PHASES[number % 8], words)
    return MoveStep(1, STEPS[number], today, "exif", True, "rebuild" if reason else None, words)


def grant(facts: ProjectFacts, wish: Wish, today: date) -> ProjectFacts:
    """Everything a supervisor could approve about this wish."""
    mark = fingerprint(STANDARD, facts, wish)
    decision = decide(STANDARD, facts, wish, today)
    new = tuple(GrantedOverride(f.rule_id, mark, facts.phase, today) for f in decision.blocking)
    return replace(facts, overrides=facts.overrides + new)


def carry_out(facts: ProjectFacts, wish: Wish, today: date) -> ProjectFacts:
    if isinstance(wish, MovePhase):
        moved = replace(facts, phase=wish.to, phase_since=today)
    else:
        assert isinstance(wish, MoveStep)
        moved = replace(facts, buildings=(building(wish.to, today),))
    here = Visit(*moved.cell(STANDARD), today)
    used = tuple(replace(o, used=True) for o in moved.overrides)
    return replace(moved, visited=(*moved.visited, here), overrides=used)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(moves, max_size=14),
    st.sampled_from([route.key for route in STANDARD.routes]),
    st.lists(st.sampled_from(CATEGORIES), max_size=3, unique=True),
    st.booleans(),
)
def test_no_sequence_of_accepted_moves_enters_a_blocked_cell_by_phase(
    sequence: list[tuple[str, int, bool, bool, int]], route: str, keys: list[str], proved: bool
) -> None:
    today = TODAY
    facts = project("qualify", "land", route=route, categories=lines(*keys), evidence=ALL_EXITS if proved else ())
    for kind, number, reason, supervisor, days in sequence:
        today += timedelta(days=days)
        wish = wish_of(kind, number, reason, today)
        if supervisor:
            facts = grant(facts, wish, today)
        decision = decide(STANDARD, facts, wish, today)
        if not decision.allowed:
            assert decision.needs != "nothing" and decision.blocking
            continue
        moved_phase = isinstance(wish, MovePhase) and wish.to != facts.phase
        before_step = facts.step(STANDARD)
        facts = carry_out(facts, wish, today)
        if effective_status(STANDARD, facts, *facts.cell(STANDARD), today) == "blocked":
            assert not moved_phase
            assert "stranded" in decision.marks or facts.step(STANDARD) == before_step


@settings(max_examples=100, deadline=None)
@given(moves, st.sampled_from(PHASES), st.sampled_from(STEPS), st.lists(st.sampled_from(CATEGORIES), unique=True))
def test_a_decision_changes_nothing_and_is_the_same_again(
    move: tuple[str, int, bool, bool, int], phase: str, step: str, keys: list[str]
) -> None:
    facts = project(phase, step, categories=lines(*keys))
    kept, view = replace(facts), board(STANDARD, facts, TODAY)
    wish = wish_of(move[0], move[1], move[2], TODAY)
    first = decide(STANDARD, facts, wish, TODAY)
    assert decide(STANDARD, facts, wish, TODAY) == first
    assert facts == kept
    assert board(STANDARD, facts, TODAY) == view


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PHASES), st.sampled_from(STEPS), st.sampled_from(PHASES), st.booleans())
def test_a_suggested_move_is_accepted_once_its_conditions_hold(phase: str, step: str, to: str, proved: bool) -> None:
    facts = project(phase, step, evidence=ALL_EXITS if proved else ())
    suggestion = decide(STANDARD, facts, MovePhase(to, "because"), TODAY).suggestion
    if suggestion is None or suggestion.wish is None:
        return
    met = replace(facts, evidence=ALL_EXITS)
    again = decide(STANDARD, met if suggestion.once else facts, suggestion.wish, TODAY)
    assert again.needs == ("supervisor" if suggestion.supervisor else "nothing")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PHASES), st.sampled_from(STEPS), moves)
def test_every_rule_that_fires_speaks_both_languages(
    phase: str, step: str, move: tuple[str, int, bool, bool, int]
) -> None:
    decision = decide(STANDARD, project(phase, step), wish_of(move[0], move[1], move[2], TODAY), TODAY)
    for fired in decision.fired:
        assert fired.rule_id in implemented()
        for text in (fired.sentence, fired.detail):
            assert text.zh.strip() and text.en.strip() and text.zh != text.en


def test_every_rule_of_the_standard_definition_has_a_guard_and_every_guard_a_rule() -> None:
    assert set(implemented()) == {f"G{n:02}" for n in range(1, 49)} == {rule.id for rule in STANDARD.rules}

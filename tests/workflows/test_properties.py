"""What holds for every course of events: no accepted choice leads into a blocked cell, a refusal changes nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stories.applying import Impossible, apply
from tests.workflows.facts import STANDARD, TODAY, building, lines, project
from tests.workflows.wishing import ALL_EXITS, CATEGORIES, PHASES, ROUTES, STEPS, fitting, projects, wishes
from workflows.engine import Decision, MovePhase, board, decide, due, effective_status, fingerprint, implemented
from workflows.facts import GrantedOverride, ProjectFacts
from workflows.wishes import ChangeRoute, MarkLost, MoveStep, OpenProject, Revive, Suspend, Wish

HAN = re.compile(r"[一-鿿]")


def granting(facts: ProjectFacts, wish: Wish, today: date) -> ProjectFacts:
    """The facts with an approval of every rule in the way, even of those that nobody may lift."""
    mark = fingerprint(STANDARD, facts, wish)
    new = tuple(
        GrantedOverride(f.rule_id, mark, facts.phase, today) for f in decide(STANDARD, facts, wish, today).blocking
    )
    return replace(facts, overrides=facts.overrides + new)


def done(facts: ProjectFacts, wish: Wish, today: date) -> tuple[ProjectFacts, Decision]:
    """The facts after a wish, where the engine allows it and the definition knows the change; else as they were."""
    decision = decide(STANDARD, facts, wish, today)
    try:
        return (apply(STANDARD, facts, wish, decision, today) if decision.allowed else facts), decision
    except Impossible:
        return facts, decision


_days, _granted = st.integers(0, 90), st.booleans()
choices = st.one_of(
    st.builds(MovePhase, st.sampled_from(PHASES), st.sampled_from([None, "because"])),
    st.builds(MovePhase, st.sampled_from(PHASES), st.just("because"), st.sampled_from(CATEGORIES)),
    st.builds(MoveStep, st.just(1), st.sampled_from(STEPS), st.none(), st.just("exif"), st.just(True),
              st.sampled_from([None, "rebuild"]), st.sampled_from([None, "because"])),
    st.builds(ChangeRoute, st.sampled_from(ROUTES), st.just("because")),
    st.builds(MarkLost, st.one_of(st.none(), st.sampled_from(CATEGORIES)), st.just("no_decision_maker"),
              winner=st.just("")),
    st.builds(Suspend, st.just("funding_stop"), st.none()),
    st.builds(Revive, st.none(), st.just(frozenset({"contacts", "windows", "credit"})), st.just(True),
              st.just("because"), st.one_of(st.none(), st.sampled_from(CATEGORIES)), st.just("a new tender")),
)  # fmt: skip
courses = st.lists(st.tuples(choices, _granted, _days), max_size=16)


def today_of(facts: ProjectFacts, wish: Wish, today: date) -> Wish:
    """The wish with its days near the day on which it is asked."""
    wish = fitting(facts, wish)
    match wish:
        case MoveStep():
            return replace(wish, proof_on=today)
        case Suspend():
            return replace(wish, review_on=today + timedelta(days=30))
        case Revive():
            return replace(wish, photo_on=today)
    return wish


@settings(max_examples=200, deadline=None)
@given(courses, st.sampled_from(ROUTES), st.lists(st.sampled_from(CATEGORIES), max_size=3, unique=True), st.booleans())
def test_no_sequence_of_accepted_choices_enters_a_blocked_cell_by_phase(
    course: list[tuple[Wish, bool, int]], route: str, keys: list[str], proved: bool
) -> None:
    today = TODAY
    facts = project("qualify", "land", route=route, categories=lines(*keys), evidence=ALL_EXITS if proved else ())
    for wish, granted, days in course:
        today += timedelta(days=days)
        wish = today_of(facts, wish, today)
        asked = granting(facts, wish, today) if granted else facts
        after, decision = done(asked, wish, today)
        assert decision.allowed or (decision.needs != "nothing" and decision.blocking and after is asked)
        blocked = effective_status(STANDARD, after, *after.cell(STANDARD), today) == "blocked"
        if after.phase != facts.phase:
            assert isinstance(wish, MovePhase) and not blocked
        if isinstance(wish, MovePhase) and wish.category and after.categories != facts.categories:
            alone = after.for_line(wish.category)
            assert effective_status(STANDARD, alone, *alone.cell(STANDARD), today) != "blocked"
        if blocked and after.step(STANDARD) != facts.step(STANDARD):
            assert "stranded" in decision.marks and after.stranded_since == today
        facts = after


@settings(max_examples=150, deadline=None)
@given(courses, st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3, unique=True))
def test_replaying_what_was_accepted_gives_the_state(course: list[tuple[Wish, bool, int]], keys: list[str]) -> None:
    start = facts = project("qualify", "land", categories=lines(*keys), evidence=ALL_EXITS)
    today, accepted = TODAY, []
    for wish, granted, days in course:
        today += timedelta(days=days)
        wish = today_of(facts, wish, today)
        asked = granting(facts, wish, today) if granted else facts
        after, decision = done(asked, wish, today)
        if decision.allowed and after is not asked:
            accepted.append((wish, today))
            facts = after
    again = start
    for wish, on in accepted:
        again, decision = done(granting(again, wish, on), wish, on)
        assert decision.allowed
    assert replace(again, overrides=()) == replace(facts, overrides=())
    assert board(STANDARD, again, today) == board(STANDARD, facts, today)


@settings(max_examples=150, deadline=None)
@given(projects(), wishes())
def test_a_decision_changes_nothing_and_is_the_same_again(facts: ProjectFacts, wish: Wish) -> None:
    wish = fitting(facts, wish)
    kept, view, owed = replace(facts), board(STANDARD, facts, TODAY), due(STANDARD, facts, TODAY)
    first = decide(STANDARD, facts, wish, TODAY)
    assert decide(STANDARD, facts, wish, TODAY) == first
    assert facts == kept
    assert (board(STANDARD, facts, TODAY), due(STANDARD, facts, TODAY)) == (view, owed)


@settings(max_examples=250, deadline=None)
@given(projects(), wishes())
def test_every_answer_is_complete_and_speaks_both_languages(facts: ProjectFacts, wish: Wish) -> None:
    wish = fitting(facts, wish)
    decision = decide(STANDARD, facts, wish, TODAY)
    assert list(decision.rules) == sorted(set(decision.rules))  # each rule once, in order
    assert decision.allowed is (decision.needs == "nothing") is (not decision.blocking)
    for fired in decision.fired:
        assert fired.rule_id in implemented()
        assert fired.action in ("refuse", "supervisor", "reason", "warn", "auto")
        for text in (fired.sentence, fired.detail):
            assert HAN.search(text.zh) and text.en.strip() and not HAN.search(text.en)
        assert not (fired.action in ("warn", "auto") and fired.blocks)
    if decision.suggestion is not None:
        assert HAN.search(decision.suggestion.text.zh) and not HAN.search(decision.suggestion.text.en)


@settings(max_examples=150, deadline=None)
@given(projects(), wishes())
def test_what_can_be_overridden_goes_through_once_everybody_has_signed_and_nothing_else_does(
    facts: ProjectFacts, wish: Wish
) -> None:
    wish = fitting(facts, wish)
    decision = decide(STANDARD, facts, wish, TODAY)
    if decision.allowed:
        return
    after = decide(STANDARD, granting(facts, wish, TODAY), wish, TODAY)
    only_reason = all(fired.action == "reason" for fired in decision.blocking)
    assert after.allowed is (decision.overridable or only_reason)
    assert bool(decision.signers) >= decision.overridable
    assert after.fired == decision.fired  # an approval hides nothing


@settings(max_examples=100, deadline=None)
@given(projects(), wishes(), st.sampled_from(STEPS))
def test_an_approval_of_a_move_dies_when_the_project_moves(facts: ProjectFacts, wish: Wish, step: str) -> None:
    wish = fitting(facts, wish)
    if not isinstance(wish, MovePhase | MarkLost | ChangeRoute | Revive) or step == facts.step(STANDARD):
        return
    approved = granting(facts, wish, TODAY)
    moved = replace(approved, buildings=(building(step),))
    fresh = decide(STANDARD, replace(moved, overrides=()), wish, TODAY)
    assert decide(STANDARD, moved, wish, TODAY).allowed is fresh.allowed


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


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PHASES), st.sampled_from(STEPS), st.sampled_from(ROUTES), st.lists(st.sampled_from(CATEGORIES)))
def test_a_project_is_opened_in_no_blocked_cell(phase: str, step: str, route: str, keys: list[str]) -> None:
    facts = project(phase, step, route=route, categories=lines(*dict.fromkeys(keys)))
    if effective_status(STANDARD, facts, phase, step, TODAY) == "blocked":
        decision = decide(STANDARD, granting(facts, OpenProject(phase, step, route), TODAY),
                          OpenProject(phase, step, route), TODAY)  # fmt: skip
        assert not decision.allowed and "G01" in decision.rules


def test_every_rule_of_the_standard_definition_has_a_guard_and_every_guard_a_rule() -> None:
    assert set(implemented()) == {f"G{n:02}" for n in range(1, 49)} == {rule.id for rule in STANDARD.rules}

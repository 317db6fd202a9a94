"""What falls due, when, for whom, and under which key; and that whoever asks how often is told each thing once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.facts import STANDARD, TODAY, before, building, day, exits, lines, project, record
from workflows.clocks import DueThing, all_things, due_things, next_day
from workflows.facts import (
    EvidenceFacts,
    GrantedOverride,
    OwnTask,
    ProjectFacts,
    RegistrationFacts,
)


def things(facts: ProjectFacts, kind: str) -> list[DueThing]:
    return [one for one in all_things(STANDARD, facts) if one.kind == kind]


def days(found: Iterable[DueThing]) -> list[tuple[str, str, str, str]]:
    """(rule, level, audience, day) of each."""
    return [(one.rule, one.level, one.audience, one.due_on.isoformat()) for one in found]


def test_silence_warns_escalates_and_asks_for_a_decision() -> None:
    """Case R15: limit 7; the warning on day 8, the escalation on day 15; at three times the supervisor decides."""
    facts = project("bid", "masonry", since=day("2026-03-01"))
    assert days(things(facts, "silence")) == [
        ("G43", "remind", "owner", "2026-03-09"),
        ("G44", "escalate", "supervisor", "2026-03-16"),
        ("G44", "decide", "supervisor", "2026-03-23"),
    ]
    assert things(facts, "silence")[0].key == "G43:bid/masonry:2026-03-01"
    assert [one.rule for one in due_things(STANDARD, facts, day("2026-03-15"))] == ["G43"]


def test_a_new_record_begins_a_new_silence() -> None:
    silent = project("bid", "masonry", since=day("2026-03-01"))
    spoken = replace(silent, records=(record("bid", "masonry", day("2026-03-12")),))
    assert {one.key for one in things(silent, "silence")}.isdisjoint(one.key for one in things(spoken, "silence"))
    assert things(spoken, "silence")[0].due_on == day("2026-03-20")


@pytest.mark.parametrize("state", ["suspended", "lost", "closed", "on_hold_arbitration"])
def test_where_nobody_follows_silence_windows_and_tasks_are_no_fault(state: str) -> None:
    facts = project("bid", "masonry", since=before(400), state=state, categories=lines("tiles"))
    assert all_things(STANDARD, facts) == ()


def test_a_step_beyond_its_longest_time_is_told_to_the_owner() -> None:
    """Case R16: the structure lasts 300 days at most."""
    facts = project("bid", "structure", since=before(320))
    assert days(things(facts, "unchanged")) == [("G45", "remind", "owner", before(19).isoformat())]


def test_a_window_is_told_of_in_its_last_step_and_fourteen_and_three_days_before() -> None:
    facts = project("specify", "structure", since=TODAY, categories=lines("tiles"))
    told = [one for one in things(facts, "window") if ":specify:" in one.key]
    assert [(one.key.split(":")[3], (one.due_on - TODAY).days) for one in told] == [
        ("last", 0),
        ("14d", 226),
        ("3d", 237),
    ]
    assert told[1].text.en == (
        "The window to specify Tiles and sintered stone closes about 2026-11-11, by usual durations."
    )


def test_a_late_task_goes_to_its_department_once_and_a_week_later_to_the_supervisor() -> None:
    facts = project("map", "structure", since=day("2026-03-01"))
    task = STANDARD.cell("map", "structure").tasks[0]
    due = day("2026-03-01") + timedelta(task.due_days)
    found = [one for one in things(facts, "task") if task.id in one.key]
    assert [(one.due_on, one.audience, one.department) for one in found] == [
        (due + timedelta(1), "department", task.department),
        (due + timedelta(8), "supervisor", task.department),
    ]
    done = replace(facts, evidence=(EvidenceFacts(task.id, task.evidence, due, due),))
    assert [one for one in things(done, "task") if task.id in one.key] == []


def test_an_own_task_is_told_of_like_a_task() -> None:
    own = OwnTask("U.7", "map", "structure", "sales", "note", "带样册去售楼处", before(9), before(2))
    facts = project("map", "structure", own_tasks=(own,))
    assert [(one.key, one.due_on) for one in things(facts, "own_task")] == [
        (f"own_task:U.7:{before(2)}", before(1)),
        (f"own_task:U.7:{before(2)}:week", before(2) + timedelta(8)),
    ]
    assert things(replace(facts, evidence=(EvidenceFacts("U.7", "note", TODAY, TODAY),)), "own_task") == []
    assert things(replace(facts, own_tasks=(replace(own, due=None),)), "own_task") == []


def test_a_conflict_is_ruled_on_in_three_working_days_or_goes_to_the_supervisor() -> None:
    facts = project("map", "drawings", state="on_hold_arbitration", frozen_since=day("2025-11-20"))
    found = things(facts, "conflict")
    assert [(one.due_on, one.level) for one in found] == [
        (day("2025-11-20"), "decide"),
        (day("2025-11-26"), "escalate"),
    ]
    assert found[0].department == "dealer_mgmt" and "2025-11-25" in found[0].text.en
    assert things(replace(facts, state="active", frozen_since=None), "conflict") == []


def test_a_stranded_project_is_decided_within_seven_days_or_goes_to_the_supervisor() -> None:
    facts = project("specify", "fitout", stranded_since=day("2026-03-02"))
    assert days(things(facts, "stranded")) == [
        ("G46", "decide", "owner", "2026-03-02"),
        ("G46", "escalate", "supervisor", "2026-03-10"),
    ]


def test_a_suspended_project_is_reviewed_escalated_and_after_a_year_proposed_as_lost() -> None:
    """Story B: suspended on 2025-11-20, to be looked at on 2026-02-10."""
    facts = project(
        "specify", "structure", state="suspended", suspended_since=day("2025-11-20"), review_on=day("2026-02-10")
    )
    assert days(all_things(STANDARD, facts)) == [
        ("G36", "remind", "owner", "2026-02-10"),
        ("G36", "escalate", "supervisor", "2026-02-25"),
        ("G36", "decide", "supervisor", "2026-11-20"),
    ]


def test_a_registration_is_told_of_seven_days_before_it_lapses_to_the_dealer_and_to_ours() -> None:
    """Story C: progress on 2026-04-24, sixty days without any are kept through 06-23."""
    claim = RegistrationFacts(4, "31", "registered", day("2026-07-19"), day("2026-04-24"), 60)
    facts = project("shortlist", "ground", since=day("2026-06-01"), registrations=(claim,))
    found = things(facts, "registration")
    assert days(found) == [
        ("G29", "remind", "dealer", "2026-06-17"),
        ("G29", "remind", "department", "2026-06-17"),
        ("G29", "remind", "dealer", "2026-06-24"),
        ("G29", "remind", "department", "2026-06-24"),
    ]
    assert (found[0].dealer, found[1].department) == ("31", "dealer_mgmt")
    ended = replace(facts, registrations=(replace(claim, state="expired"),))
    assert things(ended, "registration") == []
    *_others, dealers, ours = things(replace(facts, owned=False), "registration")
    assert dealers.text.en == "The registration lapsed on 2026-06-24.", "what is internal is not his"
    assert ours.text.en.endswith("Nobody of ours owns it: back to the pool.")


def test_promised_exits_are_asked_for_the_day_after_unless_they_are_there() -> None:
    grant = GrantedOverride("G03", "x", "map", before(20), day("2026-03-10"), used=True)
    facts = project("specify", "structure", overrides=(grant,))
    assert days(things(facts, "promise")) == [
        ("G03", "remind", "owner", "2026-03-11"),
        ("G03", "escalate", "supervisor", "2026-03-11"),
    ]
    assert things(replace(facts, evidence=exits("map")), "promise") == []
    assert things(replace(facts, overrides=(replace(grant, used=False),)), "promise") == []


def test_a_rule_that_a_definition_leaves_out_makes_nothing_due() -> None:
    without = replace(STANDARD, rules=tuple(rule for rule in STANDARD.rules if rule.id not in ("G43", "G44")))
    assert [one for one in all_things(without, project("bid", "masonry")) if one.kind == "silence"] == []


def test_the_next_day_is_the_next_on_which_something_newly_falls_due() -> None:
    facts = project("bid", "masonry", since=day("2026-03-01"))
    assert next_day(STANDARD, facts, day("2026-03-08")) == day("2026-03-09")
    assert next_day(STANDARD, facts, day("2026-03-09")) > day("2026-03-09")
    assert next_day(STANDARD, project("qualify", state="closed"), TODAY) is None


CELLS = [cell.key for cell in STANDARD.cells if cell.status != "blocked"]
WINDOWS = [window.category for window in STANDARD.windows]
SOME_DAY = st.integers(-500, 60).map(lambda number: TODAY + timedelta(number))


@st.composite
def histories(draw: Any) -> ProjectFacts:
    """Facts of all sorts; some of their days lie after the day on which somebody asks."""
    phase, step = draw(st.sampled_from(CELLS))
    since = draw(SOME_DAY)
    tasks = STANDARD.cell(phase, step).tasks
    given_for = draw(st.lists(st.sampled_from(tasks), unique=True)) if tasks else []
    return project(
        phase,
        buildings=(building(step, since), building(step, draw(SOME_DAY), id=2)),
        state=draw(st.sampled_from(["active", "active", "won", "suspended", "lost"])),
        categories=lines(*draw(st.lists(st.sampled_from(WINDOWS), max_size=3, unique=True))),
        records=tuple(record(phase, step, on) for on in draw(st.lists(SOME_DAY, max_size=3))),
        evidence=tuple(EvidenceFacts(task.id, task.evidence, since, since) for task in given_for),
        stranded_since=draw(st.none() | SOME_DAY),
        suspended_since=draw(st.none() | SOME_DAY),
        review_on=draw(st.none() | SOME_DAY),
        registrations=(RegistrationFacts(1, "9", "registered", draw(SOME_DAY), draw(SOME_DAY), 60),),
        own_tasks=(OwnTask("U.1", phase, step, "sales", "note", "x", since, draw(st.none() | SOME_DAY)),),
        overrides=(GrantedOverride("G03", "x", phase, since, draw(SOME_DAY), used=True),),
    )


TICKS = st.lists(st.integers(-600, 900).map(lambda number: TODAY + timedelta(number)), min_size=1, max_size=12)


@given(histories(), TICKS)
def test_whatever_the_order_of_the_ticks_each_thing_is_told_once_and_none_is_missed(
    facts: ProjectFacts, ticks: list[date]
) -> None:
    """Repeated, leaping ahead and back: what was newly delivered is what is due by the latest of them."""
    delivered: list[str] = []
    for tick in ticks:
        delivered += [one.key for one in due_things(STANDARD, facts, tick) if one.key not in delivered]
    assert len(delivered) == len(set(delivered))
    assert set(delivered) == {one.key for one in due_things(STANDARD, facts, max(ticks))}


@given(histories(), SOME_DAY)
def test_whoever_only_looks_on_the_days_that_are_named_misses_nothing(facts: ProjectFacts, start: date) -> None:
    keys, at = set(), start
    while True:
        keys |= {one.key for one in due_things(STANDARD, facts, at)}
        following = next_day(STANDARD, facts, at)
        if following is None:
            break
        between = following - timedelta(1)
        assert {one.key for one in due_things(STANDARD, facts, between)} <= keys, "nothing falls due in between"
        at = following
    assert keys == {one.key for one in all_things(STANDARD, facts)}


@given(histories())
def test_every_due_thing_is_said_in_both_languages_and_fits_into_its_column(facts: ProjectFacts) -> None:
    for one in all_things(STANDARD, facts):
        assert one.text.zh and one.text.en
        assert len(one.key) <= 160
        assert (one.audience == "department") <= bool(one.department)
        assert (one.audience == "dealer") == bool(one.dealer)

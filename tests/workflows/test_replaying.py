"""Any past day: what was known then, the same as replaying what happened up to it; and the story in turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.facts import STANDARD, TODAY, before, building, project, record
from workflows.engine import board
from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    Circumstance,
    EvidenceFacts,
    GrantedOverride,
    OwnTask,
    ProjectFacts,
    Visit,
)
from workflows.replaying import (
    Changed,
    Edited,
    History,
    Moved,
    Standing,
    facts_at,
    present_of,
    standing_on,
    standings,
    steps_of,
)
from workflows.retelling import STAY, SUSPEND, choices_at, move_made, turns_of

PHASES = [phase.key for phase in STANDARD.phases]
STEPS = [step.key for step in STANDARD.steps]
START = date(2026, 1, 1)

acts = st.lists(
    st.tuples(
        st.integers(0, 3),  # days that pass before
        st.sampled_from(["phase", "step", "building", "state", "worth", "result", "record", "evidence"]),
        st.integers(0, 11),
    ),
    max_size=25,
)


class World:
    """Lives a project forward, one act after another, and remembers how it stood at the end of every day."""

    def __init__(self) -> None:
        self.day = START
        self.facts = replace(
            project(
                "qualify", "land", START, categories=(CategoryFacts("tiles", main=True), CategoryFacts("lighting"))
            ),
            value=0,
            visited=(Visit("qualify", "land", START),),
        )
        self.history = History(moves=(Moved("phase", "qualify", START), Moved("step", "land", START, None, 1)))
        self.seen: dict[date, ProjectFacts] = {START: self.facts}

    def live(self, course: Sequence[tuple[int, str, int]]) -> None:
        for days, kind, number in course:
            self.day += timedelta(days)
            getattr(self, kind)(number)
            cell = self.facts.cell(STANDARD)
            if self.facts.visited[-1].cell != cell:
                self.facts = replace(self.facts, visited=(*self.facts.visited, Visit(*cell, self.day)))
            self.seen[self.day] = self.facts

    def happen(self, **more: object) -> None:
        self.history = replace(self.history, **more)  # type: ignore[arg-type]

    def phase(self, number: int) -> None:
        to = PHASES[number % 8]
        if to != self.facts.phase:
            self.happen(moves=(*self.history.moves, Moved("phase", to, self.day, self.facts.phase)))
            self.facts = replace(self.facts, phase=to, phase_since=self.day)

    def step(self, number: int) -> None:
        first, *others = self.facts.buildings
        if STEPS[number] != first.step:
            self.happen(moves=(*self.history.moves, Moved("step", STEPS[number], self.day, first.step, first.id)))
            self.facts = replace(self.facts, buildings=(building(STEPS[number], self.day), *others))

    def building(self, number: int) -> None:
        key = len(self.facts.buildings) + 1
        self.happen(moves=(*self.history.moves, Moved("step", STEPS[number], self.day, None, key)))
        new = BuildingFacts(key, f"{key}#", STEPS[number], self.day)
        self.facts = replace(self.facts, buildings=(*self.facts.buildings, new))

    def state(self, number: int) -> None:
        to = ("active", "won", "lost", "suspended")[number % 4]
        if to != self.facts.state:
            self.happen(changes=(*self.history.changes, Changed(self.facts.state, to, self.day)))
            since = {"lost_on": self.day if to == "lost" else None}
            since |= {"suspended_since": self.day if to == "suspended" else None}
            self.facts = replace(self.facts, state=to, **since)

    def worth(self, number: int) -> None:
        self.happen(edits=(*self.history.edits, Edited(self.day, {"value": self.facts.value})))
        self.facts = replace(self.facts, value=number * 1000)

    def result(self, number: int) -> None:
        first, second = self.facts.categories
        to = ("open", "won", "lost")[number % 3]
        if to != second.result:
            self.happen(changes=(*self.history.changes, Changed(second.result, to, self.day, "lighting")))
            decided = replace(second, result=to, decided_on=self.day)  # type: ignore[arg-type]
            self.facts = replace(self.facts, categories=(first, decided))

    def record(self, number: int) -> None:
        cell = self.facts.cell(STANDARD)
        self.facts = replace(self.facts, records=(*self.facts.records, record(*cell, self.day)))

    def evidence(self, number: int) -> None:
        target = STANDARD.phases[number % 8].exit[0].id
        given = EvidenceFacts(target, "note", self.day, self.day)
        self.facts = replace(self.facts, evidence=(*self.facts.evidence, given))


@settings(max_examples=150)
@given(acts)
def test_the_facts_of_a_past_day_are_those_that_held_at_its_end(course: list[tuple[int, str, int]]) -> None:
    world = World()
    world.live(course)
    for day, held in world.seen.items():
        then = facts_at(STANDARD, world.facts, world.history, day)
        assert then is not None
        path = then.visited
        assert replace(then, visited=()) == replace(held, visited=())
        assert board(STANDARD, replace(then, visited=held.visited), day) == board(STANDARD, held, day)
        assert path[-1].cell == held.cell(STANDARD)
    assert facts_at(STANDARD, world.facts, world.history, START - timedelta(1)) is None


@settings(max_examples=150)
@given(acts)
def test_the_intervals_follow_each_other_and_hold_what_held(course: list[tuple[int, str, int]]) -> None:
    world = World()
    world.live(course)
    found = standings(STANDARD, world.history, present_of(STANDARD, world.facts))
    assert found[0].from_day == START and found[-1].to_day is None
    for one, other in pairwise(found):
        assert one.from_day < other.from_day == one.to_day and one.held != other.held
    for number in range((world.day - START).days + 2):
        day = START + timedelta(number)
        held = world.seen[max(known for known in world.seen if known <= day)]
        then = standing_on(found, day)
        assert then is not None and then.held == (held.phase, held.step(STANDARD), held.state, held.value)


@settings(max_examples=100)
@given(acts)
def test_the_story_tells_everything_once_and_in_order(course: list[tuple[int, str, int]]) -> None:
    world = World()
    world.live(course)
    moments = steps_of(STANDARD, world.facts, world.history)
    assert [moment.on for moment in moments] == sorted({moment.on for moment in moments})
    told = [one for moment in moments for one in moment.happened]
    moved = [move for move in world.history.moves if move.source is not None]
    assert [one.target for one in told if one.kind == "phase"] == [m.target for m in moved if m.axis == "phase"]
    assert [one.target for one in told if one.kind == "step"] == [m.target for m in moved if m.axis == "step"]
    assert sum(len(one.things) for one in told if one.kind == "records") == len(world.facts.records)
    assert sum(len(one.things) for one in told if one.kind == "evidence") == len(world.facts.evidence)
    assert moments[-1].state == world.facts.state
    turns = turns_of(moments)
    assert turns[0].changes[0].kind == "opened"
    assert sum(len(turn.records) for turn in turns) == len(world.facts.records)
    for turn, following in pairwise(turns):
        made = move_made(turn, following)
        assert made in {STAY, SUSPEND, *(change.target for change in following.changes if change.kind == "phase")}


def test_a_step_counts_from_the_day_it_was_seen() -> None:
    history = History(
        moves=(
            Moved("phase", "map", before(60)),
            Moved("step", "ground", before(60), None, 1),
            Moved("step", "structure", before(20), "ground", 1),  # entered today, seen twenty days ago
        )
    )
    found = standings(STANDARD, history, Standing(before(60), None, "map", "structure", "active", 0))
    assert [(one.from_day, one.step) for one in found] == [(before(60), "ground"), (before(20), "structure")]


def test_of_several_moves_of_one_day_the_last_counts() -> None:
    history = History(
        moves=(
            Moved("phase", "qualify", before(9)),
            Moved("step", "land", before(9), None, 1),
            Moved("phase", "map", before(3), "qualify"),
            Moved("phase", "specify", before(3), "map"),
        )
    )
    found = standings(STANDARD, history, Standing(before(9), None, "specify", "land", "active", 0))
    assert [(one.from_day, one.to_day, one.phase) for one in found] == [
        (before(9), before(3), "qualify"),
        (before(3), None, "specify"),
    ]


def test_the_building_furthest_on_gives_the_step() -> None:
    history = History(
        moves=(
            Moved("phase", "map", before(30)),
            Moved("step", "ground", before(30), None, 1),
            Moved("step", "land", before(20), None, 2),
            Moved("step", "structure", before(10), "land", 2),
        )
    )
    found = standings(STANDARD, history, Standing(before(30), None, "map", "structure", "active", 0))
    assert [(one.from_day, one.step) for one in found] == [(before(30), "ground"), (before(10), "structure")]


def test_what_was_put_there_without_a_move_stood_there_from_the_first_known_day() -> None:
    present = Standing(before(5), None, "specify", "structure", "active", 7)
    assert standings(STANDARD, History(), present) == (present,)
    history = History(moves=(Moved("phase", "specify", before(5), "map"),), since=before(40))
    found = standings(STANDARD, history, present)
    assert [(one.from_day, one.phase, one.step) for one in found] == [
        (before(40), "map", "structure"),
        (before(5), "specify", "structure"),
    ]


def test_a_state_nobody_changed_has_always_been_so() -> None:
    present = Standing(before(5), None, "map", "structure", "lost", 7)
    history = History(moves=(Moved("phase", "map", before(9)), Moved("step", "structure", before(9), None, 1)))
    assert [one.state for one in standings(STANDARD, history, present)] == ["lost"]


def test_the_value_is_what_it_was_before_the_edits_that_came_later() -> None:
    history = History(
        moves=(Moved("phase", "map", before(30)), Moved("step", "structure", before(30), None, 1)),
        edits=(
            Edited(before(20), {"value": 100}),
            Edited(before(10), {"name": "Old"}),
            Edited(before(5), {"value": 200}),
        ),
    )
    found = standings(STANDARD, history, Standing(before(30), None, "map", "structure", "active", 300))
    assert [(one.from_day, one.value) for one in found] == [(before(30), 100), (before(20), 200), (before(5), 300)]


def a_life() -> tuple[ProjectFacts, History]:
    """A project of two buildings and three lines, of which much changed in the last weeks."""
    moves = (
        Moved("phase", "qualify", before(90)),
        Moved("step", "ground", before(90), None, 1),
        Moved("step", "structure", before(60), "ground", 1, ("G46",)),
        Moved("phase", "map", before(40), "qualify"),
        Moved("step", "ground", before(30), None, 2),
    )
    changes = (
        Changed("active", "suspended", before(50), review_on=before(20)),
        Changed("suspended", "active", before(35)),
        Changed("open", "lost", before(25), "lighting"),
    )
    edits = (
        Edited(before(45), {"route": "public_tender", "value": 10}),
        Edited(before(28), {}, "flooring", added=True),
        Edited(before(15), {"phase": None}, "tiles"),
    )
    facts = project(
        "map",
        "structure",
        before(40),
        buildings=(building("structure", before(60), floor=12, floors=30), building("ground", before(30), 2)),
        categories=(
            CategoryFacts("tiles", "specify", main=True),
            CategoryFacts("lighting", None, "lost", decided_on=before(25)),
            CategoryFacts("flooring"),
        ),
        visited=(
            Visit("qualify", "ground", before(90)),
            Visit("qualify", "structure", before(60)),
            Visit("map", "structure", before(40)),
        ),
        records=(
            record("qualify", "ground", before(80)),
            replace(record("map", "structure", before(2)), is_plan=True, entered_on=before(38)),
            record("map", "structure", before(33)),
        ),
        overrides=(GrantedOverride("G02", "mark", "qualify", before(40)),),
        circumstances=(Circumstance("overdue", before(55), before(10)), Circumstance("complaint", before(5))),
        own_tasks=(OwnTask("U.1", "map", "structure", "sales", "note", "Ask the architect", before(37)),),
        anchors={"tender_issued": before(8)},
        value=20,
    )
    pictures = ((("qualify", "ground"), before(80)), (("map", "structure"), before(33)))
    return facts, History(moves, changes, edits, pictures, (("tender_issued", before(8), before(36)),))


def test_the_day_decides_what_was_there() -> None:
    facts, history = a_life()

    def then(days: int) -> ProjectFacts:
        found = facts_at(STANDARD, facts, history, before(days))
        assert found is not None
        return found

    assert facts_at(STANDARD, facts, history, before(91)) is None
    assert (then(55).phase, then(55).step(STANDARD), then(55).phase_since) == ("qualify", "structure", before(90))
    assert [then(days).step(STANDARD) for days in (61, 60)] == ["ground", "structure"]
    assert [then(days).state for days in (51, 50, 36, 35)] == ["active", "suspended", "suspended", "active"]
    assert (then(50).suspended_since, then(50).review_on, then(35).suspended_since) == (before(50), before(20), None)
    assert [then(days).stranded_since for days in (61, 60, 40)] == [None, before(60), None]
    assert [(then(days).route, then(days).value) for days in (46, 45)] == [("public_tender", 10), ("design_led", 20)]
    assert [len(then(days).buildings) for days in (31, 30)] == [1, 2]
    assert [line.key for line in then(29).categories] == ["tiles", "lighting"]
    assert [line.phase for line in then(16).categories] == [None, None, None] and then(
        15
    ).categories == facts.categories
    assert [then(days).categories[1].result for days in (26, 25)] == ["open", "lost"]
    assert [len(then(days).records) for days in (81, 80, 38, 33)] == [0, 1, 2, 3]
    assert [len(then(days).overrides) for days in (41, 40)] == [0, 1]
    assert [then(days).lasts("overdue", before(days)) for days in (56, 55, 11, 10)] == [False, True, True, False]
    assert then(20).circumstances == (Circumstance("overdue", before(55)),)
    assert [len(then(days).own_tasks) for days in (38, 37)] == [0, 1]
    assert [dict(then(days).anchors) for days in (37, 36)] == [{}, {"tender_issued": before(8)}]
    assert [dict(then(days).photos) for days in (81, 50)] == [{}, {("qualify", "ground"): 1}]
    assert [len(then(days).visited) for days in (90, 60, 40)] == [1, 2, 3]
    assert then(60).buildings[0].floor == 12 and then(70).buildings[0].floor is None


def test_today_the_facts_are_those_of_today() -> None:
    facts, history = a_life()
    photos = {("qualify", "ground"): 1, ("map", "structure"): 1}
    assert facts_at(STANDARD, facts, history, TODAY) == replace(facts, photos=photos)


def test_the_turns_hold_what_was_done_until_the_next_change() -> None:
    facts, history = a_life()
    turns = turns_of(steps_of(STANDARD, facts, history))
    told = [(turn.on, [(change.kind, change.target) for change in turn.changes], len(turn.records)) for turn in turns]
    assert told == [
        (before(90), [("opened", "")], 1),
        (before(60), [("step", "structure")], 0),
        (before(50), [("state", "suspended")], 0),
        (before(40), [("phase", "map")], 0),
        (before(35), [("state", "active")], 1),
        (before(25), [("result", "lost")], 0),
    ]
    following = [*turns[1:], None]
    assert [move_made(turn, after) for turn, after in zip(turns, following, strict=True)] == [
        STAY,
        SUSPEND,
        "map",
        STAY,
        STAY,
        STAY,
    ]


def test_the_choices_are_what_the_rules_let_one_do() -> None:
    choices = {choice.key: choice.asks for choice in choices_at(STANDARD, project("qualify", "structure"), TODAY)}
    assert choices[STAY] == "nothing" and choices[SUSPEND] == "reason"
    assert "qualify" not in choices and "settle" not in choices
    assert choices["map"] == "supervisor"  # what is missing to leave the phase, a supervisor may waive


def test_what_the_definition_does_not_have_any_more_stays_as_it_is_today() -> None:
    facts, history = a_life()
    edits = (Edited(before(45), {"route": "gone"}), Edited(before(15), {"phase": "gone"}, "tiles"))
    then = facts_at(STANDARD, facts, replace(history, edits=edits), before(50))
    assert then is not None
    assert (then.route, then.categories[0].phase) == (facts.route, facts.categories[0].phase)

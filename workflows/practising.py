"""A practice project: what a newcomer tries on it, judged by the rules of real ones. It is his acts alone, in order.

Nothing of it is a project of the company: it stands in no list, figure or report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from workflows.deciding import Decision, decide
from workflows.definition import Criterion, Definition, Task
from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    EvidenceFacts,
    GrantedOverride,
    ProjectFacts,
    RecordFacts,
    Visit,
)
from workflows.wishes import GiveEvidence, LogRecord, MovePhase, MoveStep, Wish, fingerprint
from workflows.work import missing_exits, tasks_here

BEGINS = (0, "structure")  # the first phase; a building that goes up, so that all windows are still open or close soon
LONGEST = 60  # days that go by at once
MOST = 400  # acts
KINDS = ("log", "prove", "step", "phase", "wait")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done: `log` a record of a kind (`key`), `prove` a task or criterion, report that the building
    reached a `step`, move to a `phase`, `wait` some days. `photo`: with a picture of the day; `granted`: the supervisor
    agreed, as one supposes; `words`: what the player wrote."""

    kind: str
    key: str = ""
    days: int = 0
    photo: bool = False
    granted: bool = False
    words: str = ""

    def plain(self) -> dict[str, Any]:
        """It as JSON keeps it."""
        return {"kind": self.kind, "key": self.key, "days": self.days, "photo": self.photo, "granted": self.granted,
                "words": self.words}  # fmt: skip


def act_of(plain: Mapping[str, Any]) -> Act:
    """An act as it was kept."""
    return Act(**{name: plain[name] for name in ("kind", "key", "days", "photo", "granted", "words") if name in plain})


@dataclass(frozen=True, slots=True)
class Play:
    """Where the practice project stands after all acts, on which day of its own."""

    definition: Definition
    facts: ProjectFacts
    day: date

    @property
    def won(self) -> bool:
        """Whether the contract is signed."""
        signed = self.definition.proving("signed")
        return any(item.target == signed and item.kind != "note" for item in self.facts.evidence)

    @property
    def missing(self) -> tuple[Criterion, ...]:
        """What still has to be proven before the project may leave its phase."""
        return missing_exits(self.definition, self.facts, self.facts.phase, self.day)

    @property
    def owed(self) -> tuple[Task, ...]:
        """The tasks of its cell that are still open."""
        return tuple(view.task for view in tasks_here(self.definition, self.facts, self.day) if view.open)


class NotNow(Exception):
    """The rules stand in the way; `decision` says which, and what to do instead."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.needs)
        self.decision = decision


def begin(definition: Definition, on: date, category: str = "") -> Play:
    """A project that was just taken up, whose building goes up."""
    phase = definition.phases[BEGINS[0]].key
    step = BEGINS[1] if BEGINS[1] in definition.step_index else definition.steps[len(definition.steps) // 2].key
    lines = (CategoryFacts(category, main=True),) if category in definition.lookups.get("window", {}) else ()
    facts = ProjectFacts(
        route=next(iter(definition.lookups["route"])), phase=phase, phase_since=on, kind="practice",
        buildings=(BuildingFacts(1, "1", step, on),), categories=lines, visited=(Visit(phase, step, on),),
    )  # fmt: skip
    return Play(definition, facts, on)


def replayed(definition: Definition, on: date, acts: Iterable[Act], category: str = "") -> Play:
    """Where all acts lead, each of which was allowed when it was done."""
    play = begin(definition, on, category)
    for act in acts:
        play = carried_out(play, act)
    return play


def tried(play: Play, act: Act) -> Play:
    """The act judged by the rules and carried out; raises `NotNow`, or KeyError for what the definition has not."""
    wish = wish_of(play, act)
    if wish is not None:
        decision = decide(play.definition, play.facts, wish, play.day)
        if act.granted and not decision.allowed and decision.overridable:
            mark = fingerprint(play.definition, play.facts, wish)
            grants = tuple(GrantedOverride(one.rule_id, mark, play.facts.phase, play.day) for one in decision.blocking)
            decision = decide(play.definition, replace(play.facts, overrides=grants), wish, play.day)
        if not decision.allowed:
            raise NotNow(decision)
    return carried_out(play, act)


def wish_of(play: Play, act: Act) -> Wish | None:
    """What the rules are asked; None for waiting."""
    definition, facts = play.definition, play.facts
    match act.kind:
        case "log":
            kind = definition.picklist("activity_kinds").get(act.key).key
            return LogRecord(*facts.cell(definition), play.day, kind, "sales")
        case "prove":
            return GiveEvidence(act.key, _proof(definition, act), play.day)
        case "step":
            to = definition.step(act.key).key
            source: Any = "exif" if act.photo else "stated"
            return MoveStep(1, to, play.day if act.photo else None, source, act.photo, reason=act.words or None)
        case "phase":
            return MovePhase(definition.phase(act.key).key, act.words or None)
        case "wait":
            return None
    raise KeyError(act.kind)


def carried_out(play: Play, act: Act) -> Play:
    """What the act changes."""
    definition, facts, day = play.definition, play.facts, play.day
    match act.kind:
        case "wait":
            return replace(play, day=day + timedelta(days=max(1, min(act.days, LONGEST))))
        case "log":
            record = RecordFacts(len(facts.records) + 1, *facts.cell(definition), day, day, act.key, "sales")
            facts = replace(facts, records=(*facts.records, record))
        case "prove":
            proof = EvidenceFacts(act.key, _proof(definition, act), day, day)
            facts = replace(facts, evidence=(*facts.evidence, proof))
            if proof.kind == "contact":
                facts = replace(facts, decision_makers=1, decision_makers_met=1)
        case "step":
            building = replace(facts.buildings[0], step=act.key, since=day, unverified=not act.photo)
            facts = _came(definition, replace(facts, buildings=(building,)), day)
        case "phase":
            facts = _came(definition, replace(facts, phase=act.key, phase_since=day), day)
    return replace(play, facts=facts)


def _came(definition: Definition, facts: ProjectFacts, day: date) -> ProjectFacts:
    return replace(facts, visited=(*facts.visited, Visit(*facts.cell(definition), day)))


def _proof(definition: Definition, act: Act) -> str:
    """The kind of proof that is wanted, or a note where the player only writes something down."""
    wanted = definition.task(act.key).evidence if act.key.startswith("T.") else definition.exit(act.key).evidence
    return "note" if act.words and not act.photo else wanted

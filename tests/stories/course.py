"""The course of a story on the engine alone: its projects as facts, changed by what the engine allows and nothing else.

Everything that the tests then look at (due days, states, statuses, windows) is what the engine answers about these
facts. Days of tasks are never told; anchors are, on the day on which the story tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.stories.applying import apply, decide_line, to_state
from workflows.definition import CellKey, Definition
from workflows.engine import Board, Decision, Due, TaskView, board, decide, due, effective_status, is_met
from workflows.facts import (
    BuildingFacts,
    CategoryFacts,
    Circumstance,
    GrantedOverride,
    ProjectFacts,
    RegistrationFacts,
    Visit,
)
from workflows.lead_sources import demand_of
from workflows.loading import load_standard
from workflows.scoring import DealerScore, Score, dealer_score, propose_uniqueness_score, score
from workflows.wishes import GiveEvidence, LogRecord, MovePhase, MoveStep, OpenProject, PassTime, Wish

STANDARD = load_standard()

_CRITERIA = (*STANDARD.scorecard.validity, *STANDARD.scorecard.feasibility)


def answers(*points: int) -> dict[str, int]:
    """The score card filled in, in the order in which the stories give its points."""
    return {criterion.key: given for criterion, given in zip(_CRITERIA, points, strict=True)}


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class Course:
    """Where a story has come to: the day, its leads, and its projects by their keys."""

    today: date
    projects: dict[str, ProjectFacts] = field(default_factory=dict)
    leads: dict[str, list[tuple[date, str, str]]] = field(default_factory=dict)
    found: dict[str, tuple[str, date]] = field(default_factory=dict)
    definition: Definition = STANDARD

    def fork(self) -> Course:
        """The same course, to go on from here without touching this one: facts never change, so this is cheap."""
        other = copy(self)
        other.projects = dict(self.projects)
        other.leads = {key: list(notes) for key, notes in self.leads.items()}
        other.found = dict(self.found)
        return other

    def on(self, text: str) -> None:
        """Let time pass to a day of the story."""
        assert day(text) >= self.today, f"{text} is before {self.today}"
        self.today = day(text)

    # What somebody does

    def scored(self, key: str, department: str, answers: Mapping[str, int]) -> Score:
        """A lead's score card filled in by a department."""
        return score(STANDARD.scorecard, answers)

    def judged(
        self, dealer: str, quarter: str, marks: Mapping[str, int], on: str, evidence: str
    ) -> tuple[DealerScore, tuple[str, int]]:
        """A dealer's quarter judged by dealer management, with a sentence for one criterion; the score, and its
        reason: the criterion with the fewest points."""
        least = min(marks, key=marks.__getitem__)
        return dealer_score(STANDARD, marks), (least, marks[least])

    def diverted(self, key: str, dealer: str, found: str, finding: str, *, deliberate: bool) -> tuple[str, ...]:
        """Marketing finds a project's goods elsewhere and complains; dealer management upholds it with its finding.
        Returns the vetoes that this is a reason for in the dealer's quarter."""
        return ("diversion",) if deliberate else ()

    def needs(self, module: str) -> None:
        """Say that the event at hand asks something of a module that the application does not have yet."""

    def capture(self, key: str, source: str, department: str, *, step: str, kind: str) -> None:
        """Enter a lead, with the proof that its source demands."""
        self.found[key] = (source, self.today)
        self.leads[key] = [(self.today, department, kind)]

    def answer_by(self, key: str) -> date | None:
        """The last day on which whoever told of a lead is answered in time."""
        source, found = self.found[key]
        return demand_of(self.definition, source).answer_by(found)

    def noted(self, key: str, department: str, kind: str) -> None:
        """Log something on a lead."""
        self.leads[key].append((self.today, department, kind))

    def convert(
        self, key: str, cell: str, route: str, categories: Iterable[str], *, kind: str, **more: Any
    ) -> Decision:
        """Make a project of a lead, at the construction step of the lead; its records come along with their days."""
        decision = self.open(key, cell, route, categories, kind=kind, **more)
        for on, department, activity in self.leads[key]:
            self.log(key, activity, department, on=on.isoformat())
        return decision

    def open(
        self,
        key: str,
        cell: str,
        route: str,
        categories: Iterable[str],
        *,
        kind: str,
        floors: int | None = None,
        **more: Any,
    ) -> Decision:
        """Open a project in a cell, with one building."""
        phase, step = cell.split("/")
        public = self.definition.picklist("project_types").get(kind).extra["public_funds"]
        facts = ProjectFacts(
            route=route,
            phase=phase,
            phase_since=self.today,
            buildings=(BuildingFacts(1, "1#", step, self.today, floors=floors),),
            kind=kind,
            public_funds=bool(public),
            categories=tuple(CategoryFacts(name, main=number == 0) for number, name in enumerate(categories)),
            visited=(Visit(phase, step, self.today),),
            **more,
        )
        self.projects[key] = facts
        decision = self.wish(key, OpenProject(phase, step, route))
        if not decision.allowed:
            del self.projects[key]
        return decision

    def ask(self, key: str, wish: Wish) -> Decision:
        """What the engine says to a wish; nothing is done."""
        return decide(self.definition, self.projects[key], wish, self.today)

    def wish(self, key: str, wish: Wish, signed: Iterable[str] = (), complete_by: str | None = None) -> Decision:
        """Carry out a wish where the engine allows it, or where all whose consent it takes have `signed`.

        Returns the engine's last answer. What is refused leaves the facts as they were.
        """
        facts = self.projects[key]
        decision = decide(self.definition, facts, wish, self.today)
        if not decision.allowed and decision.overridable and set(decision.signers) <= set(signed):
            until = day(complete_by) if complete_by else None
            grants = tuple(
                GrantedOverride(fired.rule_id, decision.fingerprint, facts.phase, self.today, until)
                for fired in decision.blocking
            )
            facts = replace(facts, overrides=facts.overrides + grants)
            decision = decide(self.definition, facts, wish, self.today)
        if decision.allowed:
            self.projects[key] = apply(self.definition, facts, wish, decision, self.today)
        return decision

    def do(self, key: str, wish: Wish, signed: Iterable[str] = (), complete_by: str | None = None) -> Decision:
        """The same for a wish that has to go through."""
        decision = self.wish(key, wish, signed, complete_by)
        assert decision.allowed, (self.today, wish, decision.rules, [fired.detail.en for fired in decision.blocking])
        return decision

    def refused(self, key: str, wish: Wish, *rules: str, signed: Iterable[str] = ()) -> Decision:
        """The same for a wish that must not go through: these rules stand in its way, and nothing has changed."""
        before = self.projects[key]
        decision = self.wish(key, wish, signed)
        assert not decision.allowed
        assert tuple(fired.rule_id for fired in decision.blocking) == rules
        assert self.projects[key] == before
        return decision

    def move(self, key: str, to: str, reason: str | None = None, signed: Iterable[str] = ()) -> Decision:
        """Move the phase."""
        return self.do(key, MovePhase(to, reason), signed)

    def reach(self, key: str, step: str, proof_on: str | None = None, floor: int | None = None) -> Decision:
        """Report a construction step by a photo of a day (None: today)."""
        seen = day(proof_on) if proof_on else self.today
        building = self.projects[key].buildings[0]
        decision = self.do(key, MoveStep(building.id, step, seen, "exif", has_photo=True))
        if floor is not None:
            self.floor(key, floor)
        return decision

    def reach_all(self, keys: Iterable[str], step: str, proof_on: str | None = None) -> dict[str, Decision]:
        """Report a construction step of a building on which several linked projects are."""
        return {key: self.reach(key, step, proof_on) for key in keys}

    def split(self, key: str, part: str, categories: tuple[str, ...], route: str) -> None:
        """Let some lines go on as a linked sub-project, in their own phase, with nothing proven yet."""
        facts = self.projects[key]
        taken = [line for line in facts.categories if line.key in categories]
        phase, building = taken[0].phase or facts.phase, facts.buildings[0]
        since = facts.phase_since if phase == facts.phase else self.today
        self.projects[part] = ProjectFacts(
            route=route,
            phase=phase,
            phase_since=since,
            buildings=facts.buildings,
            kind=facts.kind,
            public_funds=facts.public_funds,
            categories=tuple(replace(line, phase=None, main=number == 0) for number, line in enumerate(taken)),
            visited=(Visit(phase, building.step, max(since, building.since)),),
            value=0,
        )
        left = tuple(line for line in facts.categories if line not in taken)
        self.projects[key] = replace(facts, categories=left)

    def floor(self, key: str, floor: int) -> None:
        """Tell how high the building has come in its step."""
        facts = self.projects[key]
        self.projects[key] = replace(facts, buildings=(replace(facts.buildings[0], floor=floor),))

    def log(
        self,
        key: str,
        kind: str,
        department: str,
        *closes: str,
        cell: str | None = None,
        on: str | None = None,
        plan: bool = False,
        wins: Iterable[str] = (),
    ) -> Decision:
        """Log a record, by default in the present cell and of today, and hand it in as evidence of the right kind.

        `wins`: the lines that the contract covers which it proves to be signed.
        """
        phase, step = cell.split("/") if cell else self.cell(key)
        when = day(on) if on else self.today
        decision = self.do(key, LogRecord(phase, step, when, kind, department, plan, closes=closes))
        self.prove(key, *closes, on=on)
        for category in wins:
            self.projects[key] = decide_line(self.projects[key], category, "won", self.today)
        return decision

    def pictured(self, key: str, on: str) -> None:
        """Log a picture of the site, taken on a day."""
        self.do(key, LogRecord(*self.cell(key), self.today, "progress_photo", "sales"))

    def prove(self, key: str, *targets: str, kind: str | None = None, on: str | None = None) -> None:
        """Close tasks and meet criteria, with what each of them wants unless `kind` says otherwise."""
        for target in targets:
            found = self.definition.task(target) if target.startswith("T.") else self.definition.exit(target)
            when = day(on) if on else self.today
            self.do(key, GiveEvidence(target, kind or found.evidence, when))

    def exits(self, key: str, phase: str, *names: str, **more: Any) -> None:
        """Meet exit criteria of a phase by their short names."""
        self.prove(key, *[f"X.{phase}.{name}" for name in names], **more)

    # What a later module will tell

    def dated(self, key: str, **anchors: str) -> None:
        """Tell the days from which tasks count."""
        facts = self.projects[key]
        told = {name: day(text) for name, text in anchors.items()}
        self.projects[key] = replace(facts, anchors={**facts.anchors, **told})

    def begins(self, key: str, circumstance: str, since: str) -> None:
        """Something holds from a day on."""
        facts = self.projects[key]
        self.projects[key] = replace(
            facts, circumstances=(*facts.circumstances, Circumstance(circumstance, day(since)))
        )

    def ends(self, key: str, circumstance: str) -> None:
        """It holds no longer, from today on."""
        facts = self.projects[key]
        rows = tuple(
            replace(row, until=self.today) if row.key == circumstance and row.until is None else row
            for row in facts.circumstances
        )
        self.projects[key] = replace(facts, circumstances=rows)

    def state(self, key: str, state: str) -> None:
        """A ruling sets the state."""
        self.projects[key] = to_state(self.definition, self.projects[key], state)

    def claim(self, key: str, registration: RegistrationFacts) -> None:
        """A dealer's registration is as this from now on."""
        facts = self.projects[key]
        others = tuple(row for row in facts.registrations if row.id != registration.id)
        self.projects[key] = replace(facts, registrations=(*others, registration))

    def decider(self, key: str, name: str, met: bool) -> None:
        """This person decides from now on, and whoever did does not any more."""
        self.projects[key] = replace(self.projects[key], decision_makers=1, decision_makers_met=int(met))

    def joins(self, key: str, role: str, name: str) -> None:
        """A firm takes part in the project."""
        assert role in self.definition.picklist("participant_kinds").keys

    # What the engine answers

    def __getitem__(self, key: str) -> ProjectFacts:
        return self.projects[key]

    def cell(self, key: str) -> CellKey:
        """Where a project stands."""
        return self.projects[key].cell(self.definition)

    def where(self, key: str) -> str:
        """The same as `phase/step`."""
        return "/".join(self.cell(key))

    def status(self, key: str) -> str:
        """The effective status of its cell."""
        return effective_status(self.definition, self.projects[key], *self.cell(key), self.today)

    def lines(self, key: str) -> dict[str, str]:
        """Its category lines and their results."""
        return {line.key: line.result for line in self.projects[key].categories}

    def board(self, key: str) -> Board:
        """Its matrix today."""
        return board(self.definition, self.projects[key], self.today)

    def task(self, key: str, id: str) -> TaskView:
        """A task of its as it stands today."""
        task = self.definition.task(id)
        views = self.board(key).cells[task.phase, task.step].tasks
        return next(view for view in views if view.task.id == id)

    def owed(self, key: str) -> dict[str, date | None]:
        """The tasks that are due today, and when."""
        return {item.task.id: item.due for item in self.due(key) if item.task}

    def due(self, key: str) -> tuple[Due, ...]:
        """Everything that is due."""
        return due(self.definition, self.projects[key], self.today)

    def met(self, key: str, id: str) -> bool:
        """Whether an exit criterion is met."""
        return is_met(self.definition, self.projects[key], id, self.today)

    def uniqueness(self, key: str, claim: RegistrationFacts) -> int:
        """The points suggested for a lead's uniqueness where this was registered on a like site before."""
        return propose_uniqueness_score([claim], self.today, likely_duplicate=True)

    def clocks(self, key: str, registration: int | str | None = None, on: str | None = None) -> Decision:
        """What the passing of time says today, or on another day if nothing happens until then."""
        when = day(on) if on else self.today
        return decide(self.definition, self.projects[key], PassTime(registration), when)

    def hints(self, key: str) -> list[str]:
        """The hints shown in the cell where it stands."""
        return [hint.id for hint in self.definition.cell(*self.cell(key)).hints]

    def window(self, key: str, category: str, activity: str) -> str:
        """How a window of one of its categories stands."""
        view = next(view for view in self.board(key).windows if view.category == category)
        return view.activity(activity).state


def money(amount: int) -> Decimal:
    """So many yuan."""
    return Decimal(amount)

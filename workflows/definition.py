"""A matrix definition as frozen data: phases, steps, cells, hints, tasks, routes, windows and rules.

Everything is immutable; lookups are precomputed and raise `UnknownKey` (a KeyError) naming the key.
Durations and limits are whole calendar days. Text is always in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from workflows.errors import UnknownKey
from workflows.policy import GuardRule as GuardRule
from workflows.policy import Lifecycle as Lifecycle
from workflows.policy import Scorecard as Scorecard
from workflows.policy import Source as Source
from workflows.text import NO_TEXT as NO_TEXT
from workflows.text import Kind as Kind
from workflows.text import Text as Text
from workflows.windows import ACTIVITIES as ACTIVITIES
from workflows.windows import Span as Span
from workflows.windows import Window as Window

CellKey = tuple[str, str]
"""(phase key, step key)"""

Status = Literal["normal", "early", "late_risk", "blocked"]
STATUSES: tuple[Status, ...] = ("normal", "early", "late_risk", "blocked")
"""From the best to the worst."""
NOTE = "note"
"""The record kind, and the evidence kind, of a bare note."""
NOTE_KIND = Kind(NOTE, Text("备注", "Note"))
CELL_ENTRY = "cell_entry"
"""The default anchor of a task: the day the project entered the cell."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the seller, with its duty."""

    key: str
    name: Text
    duty: Text


@dataclass(frozen=True, slots=True)
class Route:
    """Which phases a project must pass and which it may skip with a reason."""

    key: str
    name: Text
    required: tuple[str, ...]
    optional: tuple[str, ...]
    note: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Criterion:
    """An entry (E.<phase>.<key>) or exit (X.<phase>.<key>) criterion of a phase.

    `max_age_days`: the proof may be at most so old on the day it is recorded. `mandatory_above`: the name of a
    setting; from that project value on an optional criterion is mandatory. Without `waivable` nobody lets a project
    pass while it is open. `proves` names what follows from it beside the phase: signed, quote_approved, sealed.
    """

    id: str
    key: str
    phase: str
    text: Text
    evidence: str
    mandatory: bool = True
    max_age_days: int | None = None
    mandatory_above: str | None = None
    waivable: bool = True
    proves: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A row: the seller's stage. Win probability is a range in percent, duration a range in days.

    `window`: the activity whose entry windows count in this phase, '' where none do. `signed`: from this phase on there
    is a contract. A definition that says neither of any phase means the phases that the standard names so.
    """

    key: str
    seq: int
    name: Text
    purpose: Text
    owner: str
    supports: tuple[str, ...]
    win_probability: tuple[int, int]
    duration_days: tuple[int, int]
    entry: tuple[Criterion, ...]
    exit: tuple[Criterion, ...]
    window: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class PrePhase:
    """What comes before the matrix: the lead."""

    key: str
    name: Text
    purpose: Text
    duration_days: tuple[int, int]
    exit: Text


@dataclass(frozen=True, slots=True)
class Step:
    """A column: construction progress, how to recognise it and what photo proves it."""

    key: str
    seq: int
    name: Text
    signs: tuple[Text, ...]
    proof: Text
    duration_days: tuple[int, int]
    riba: str = ""
    aia: str = ""
    china: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Hint:
    """One sentence of good practice for exactly one cell."""

    id: str
    kind: str
    department: str
    text: Text
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """What a department owes in a cell; `due_days` from `anchor`, negative means days before it."""

    id: str
    phase: str
    step: str
    department: str
    evidence: str
    due_days: int
    anchor: str
    text: Text


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; a blocked one has no time limit but says where to go `instead`."""

    phase: str
    step: str
    status: Status
    time_limit_days: int | None
    hints: tuple[Hint, ...]
    tasks: tuple[Task, ...]
    instead: CellKey | None = None
    exception_routes: tuple[str, ...] = ()

    @property
    def key(self) -> CellKey:
        """(phase, step)"""
        return (self.phase, self.step)


STANDARD_PROOFS = {
    "quote_approved": "X.bid.quote_approved",
    "signed": "X.contract.signed",
    "sealed": "X.shortlist.sample_sealed",
}
"""The exit criteria that prove these where a definition does not say which do."""
STANDARD_WINDOWS = {"specify": "specify", "shortlist": "sample", "bid": "bid"}
"""The phases in which the entry windows count, and the activity of each, where no phase says so itself."""
STANDARD_SIGNED = "contract"
"""The phase from which on there is a contract, where no phase says so itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One item of a pick-list; `extra` holds what is particular to that list."""

    key: str
    name: Text
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Picklist:
    """A pick-list; `extra` holds its side lists and remarks as they stand in the file."""

    key: str
    items: tuple[Choice, ...]
    extra: Mapping[str, Any]

    def get(self, key: str) -> Choice:
        """The choice with this key."""
        for choice in self.items:
            if choice.key == key:
                return choice
        raise UnknownKey(f"choice in {self.key}", key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in order."""
        return tuple(choice.key for choice in self.items)


def _index(items: Iterable[T], key: str) -> dict[Any, T]:
    return {getattr(item, key): item for item in items}


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole matrix definition. Cells come row by row in the order of phases and steps."""

    key: str
    version: int
    name: Text
    departments: tuple[Department, ...]
    evidence_kinds: tuple[Kind, ...]
    hint_kinds: tuple[Kind, ...]
    cell_statuses: tuple[Kind, ...]
    routes: tuple[Route, ...]
    pre_phase: PrePhase
    phases: tuple[Phase, ...]
    steps: tuple[Step, ...]
    cells: tuple[Cell, ...]
    windows: tuple[Window, ...]
    picklists: tuple[Picklist, ...]
    scorecard: Scorecard
    lifecycle: Lifecycle
    actions: tuple[Kind, ...]
    rules: tuple[GuardRule, ...]
    sources: tuple[Source, ...]
    conventions: Mapping[str, Text]
    anchors: Mapping[str, Text]
    settings: Mapping[str, Any]
    counts: Mapping[str, Any]
    grid: Mapping[str, tuple[str, ...]]
    phase_index: Mapping[str, int] = field(init=False, repr=False, compare=False)
    step_index: Mapping[str, int] = field(init=False, repr=False, compare=False)
    phase_windows: Mapping[str, str] = field(init=False, repr=False, compare=False)
    signed_index: int = field(init=False, repr=False, compare=False)
    _lookups: dict[str, dict[Any, Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Precompute the lookups; frozen, hence object.__setattr__."""
        hints = [hint for cell in self.cells for hint in cell.hints]
        tasks = [task for cell in self.cells for task in cell.tasks]
        exits = [criterion for phase in self.phases for criterion in phase.exit]
        lookups: dict[str, dict[Any, Any]] = {
            "department": _index(self.departments, "key"),
            "route": _index(self.routes, "key"),
            "phase": _index(self.phases, "key"),
            "step": _index(self.steps, "key"),
            "cell": {cell.key: cell for cell in self.cells},
            "hint": _index(hints, "id"),
            "task": _index(tasks, "id"),
            "exit": _index(exits, "id"),
            "window": _index(self.windows, "category"),
            "picklist": _index(self.picklists, "key"),
            "rule": _index(self.rules, "id"),
            "status": _index(self.cell_statuses, "key"),
        }
        object.__setattr__(self, "_lookups", lookups)
        object.__setattr__(self, "phase_index", {p.key: i for i, p in enumerate(self.phases)})
        object.__setattr__(self, "step_index", {s.key: i for i, s in enumerate(self.steps)})
        said = {phase.key: phase.window for phase in self.phases if phase.window}
        usual = {key: activity for key, activity in STANDARD_WINDOWS.items() if key in self.phase_index}
        object.__setattr__(self, "phase_windows", said or usual)
        signed = next((number for number, phase in enumerate(self.phases) if phase.signed), None)
        if signed is None:
            signed = self.phase_index.get(STANDARD_SIGNED, len(self.phases))
        object.__setattr__(self, "signed_index", signed)

    def kept(self, kind: str) -> dict[Any, Any]:
        """A place for what follows from the definition alone but takes time to make; it lasts as long as this does."""
        return self._lookups.setdefault(f"kept {kind}", {})

    @property
    def lookups(self) -> dict[str, dict[Any, Any]]:
        """Everything by kind (phase, step, task …) and key; `naming` widens it."""
        return self._lookups

    def knows(self, kind: str, key: object) -> bool:
        """Whether a lookup by this key finds something, also of other versions where these are named too."""
        try:
            return self._get(kind, key) is not None
        except UnknownKey:
            return False

    def _get(self, kind: str, key: object) -> Any:
        try:
            return self._lookups[kind][key]
        except KeyError:
            raise UnknownKey(kind, key) from None

    def is_signed(self, phase: str) -> bool:
        """True from the phase on in which there is a contract."""
        return self.phase_index[phase] >= self.signed_index

    def is_early(self, phase: str) -> bool:
        """True before the first phase in which the entry windows count."""
        counting = [self.phase_index[key] for key in self.phase_windows]
        return self.phase_index[phase] < min(counting, default=0)

    def department(self, key: str) -> Department:
        """The department with this key."""
        found: Department = self._get("department", key)
        return found

    def route(self, key: str) -> Route:
        """The route with this key."""
        found: Route = self._get("route", key)
        return found

    def phase(self, key: str) -> Phase:
        """The phase with this key."""
        found: Phase = self._get("phase", key)
        return found

    def step(self, key: str) -> Step:
        """The construction step with this key."""
        found: Step = self._get("step", key)
        return found

    def cell(self, phase: str, step: str) -> Cell:
        """The cell of a phase and a step."""
        found: Cell = self._get("cell", (phase, step))
        return found

    def hint(self, id: str) -> Hint:
        """The hint with this id, such as H.qualify.land.1."""
        found: Hint = self._get("hint", id)
        return found

    def task(self, id: str) -> Task:
        """The task with this id, such as T.qualify.land.1."""
        found: Task = self._get("task", id)
        return found

    def exit(self, id: str) -> Criterion:
        """The exit criterion with this id, such as X.contract.signed."""
        found: Criterion = self._get("exit", id)
        return found

    def proving(self, fact: str) -> str:
        """The id of the exit criterion that proves 'signed', 'quote_approved' or 'sealed'; '' where none does."""
        known = self.kept("proofs")
        if not known:
            criteria = [criterion for phase in self.phases for criterion in phase.exit]
            usual = {fact: id for fact, id in STANDARD_PROOFS.items() if self.has_exit(id)}
            known.update({"": ""} | usual | {c.proves: c.id for c in criteria if c.proves})
        return str(known.get(fact, ""))

    def has_exit(self, id: str) -> bool:
        """True when this definition has the exit criterion."""
        return id in self._lookups["exit"]

    def window(self, category: str) -> Window:
        """The entry window of a material category."""
        found: Window = self._get("window", category)
        return found

    def picklist(self, key: str) -> Picklist:
        """The pick-list with this key."""
        found: Picklist = self._get("picklist", key)
        return found

    @property
    def record_kinds(self) -> tuple[Choice | Kind, ...]:
        """What a record may be: the kinds of activities, and a bare note, which finished projects take too (G40)."""
        return (*self.picklist("activity_kinds").items, NOTE_KIND)

    def rule(self, id: str) -> GuardRule:
        """The guard rule with this id, such as G01."""
        found: GuardRule = self._get("rule", id)
        return found

    def has_rule(self, id: str) -> bool:
        """True when this definition has the rule; rules it leaves out bind nobody."""
        return id in self._lookups["rule"]

    def status(self, key: str) -> Kind:
        """The name and meaning of a cell status."""
        found: Kind = self._get("status", key)
        return found

    def cell_name(self, phase: str, step: str) -> Text:
        """'Phase / step' in both languages."""
        row, column = self.phase(phase).name, self.step(step).name
        return Text(f"{row.zh}／{column.zh}", f"{row.en} / {column.en}")

"""What happened to a project, as plain frozen data. The engine reads facts and never changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from workflows.definition import NOTE as NOTE
from workflows.definition import CellKey, Definition
from workflows.errors import UnknownKey

Result = Literal["open", "won", "lost", "dropped"]


@dataclass(frozen=True, slots=True)
class BuildingFacts:
    """One building. `floor` of `floors` is what was last seen in its present step, None when unknown;
    `unverified` when a supervisor accepted a stated date instead of a proof."""

    id: int | str
    name: str
    step: str
    since: date
    floor: int | None = None
    floors: int | None = None
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """One category line; `phase` None means the project's phase, `main` marks the category that leads.

    `decided_on`: the day of its last result, None while it never had one.
    """

    key: str
    phase: str | None = None
    result: Result = "open"
    main: bool = False
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """One record in a cell: when the work was done (`on`) and when it was entered."""

    id: int | str
    phase: str
    step: str
    on: date
    entered_on: date
    kind: str
    department: str
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """Evidence for a task (T.…) or an exit criterion (X.…): its own date and the day it was recorded."""

    target: str
    kind: str
    on: date
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Visit:
    """The project stood in this cell from `since`, until the next visit of its path."""

    phase: str
    step: str
    since: date

    @property
    def cell(self) -> CellKey:
        """(phase, step)"""
        return (self.phase, self.step)


@dataclass(frozen=True, slots=True)
class GrantedOverride:
    """An approval: this rule does not stand in the way of exactly the wish with this fingerprint.

    `phase` is the phase the project was in when it was granted; `used` once the wish was carried out.
    """

    rule: str
    fingerprint: str
    phase: str
    granted_on: date
    complete_by: date | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Something that lasts from `since` until it is lifted (`until`, the first day without it; None: it still lasts).

    `key`: overdue (since the day the receivable fell due), credit_exceeded, complaint, account_unpaid,
    retention_unpaid.
    """

    key: str
    since: date
    until: date | None = None

    def lasts(self, day: date) -> bool:
        """True on the days on which it holds."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """A dealer's claim on the project: `state` of the pick-list dealer_registration, the last day of its protection,
    the day of the last evidenced progress (or of approval) and how many days may pass without one."""

    id: int | str
    dealer: str
    state: str
    protected_to: date | None = None
    progress_on: date | None = None
    progress_days: int | None = None
    renewals: int = 0


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task that a user added in a cell of this project; its id is `U.` and a number."""

    id: str
    phase: str
    step: str
    department: str
    evidence: str
    text: str
    added_on: date
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """A building was seen in a step on a day: the first day there that anybody reported."""

    building_id: int | str
    step: str
    on: date


_NOTHING: Mapping[CellKey, int] = MappingProxyType({})
_NO_DAYS: Mapping[str, date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Everything the engine needs to know about one project.

    At least one building. `visited` is the path in order, its last entry the present cell. `anchors` maps
    tender_issued, bid_deadline, award_notice, arrival, acceptance_date, retention_due to days. `photos` counts
    pictures per cell. `value` is the estimated value in CNY, None when unknown. `frame_agreement` is the number of the
    agreement in force that the project names, '' without one; `owned`: a salesperson of the company owns it.
    `suspended_since`, `review_on`, `lost_on` and `frozen_since` (a conflict is being ruled on) belong to the present
    state, and are None in the others.
    `decision_makers` counts the contacts known to decide, `decision_makers_met` those met; `observations` are in the
    order of their days.
    """

    route: str
    phase: str
    phase_since: date
    buildings: tuple[BuildingFacts, ...]
    state: str = "active"
    kind: str = ""
    public_funds: bool = False
    categories: tuple[CategoryFacts, ...] = ()
    records: tuple[RecordFacts, ...] = ()
    evidence: tuple[EvidenceFacts, ...] = ()
    photos: Mapping[CellKey, int] = field(default_factory=lambda: _NOTHING)
    visited: tuple[Visit, ...] = ()
    anchors: Mapping[str, date] = field(default_factory=lambda: _NO_DAYS)
    overrides: tuple[GrantedOverride, ...] = ()
    stranded_since: date | None = None
    suspended_since: date | None = None
    review_on: date | None = None
    lost_on: date | None = None
    frozen_since: date | None = None
    value: Decimal | int | None = None
    key_project: bool = False
    frame_agreement: str = ""
    owned: bool = True
    circumstances: tuple[Circumstance, ...] = ()
    registrations: tuple[RegistrationFacts, ...] = ()
    own_tasks: tuple[OwnTask, ...] = ()
    observations: tuple[Observation, ...] = ()
    decision_makers: int = 0
    decision_makers_met: int = 0

    def __post_init__(self) -> None:
        """A project without a building has no place in the matrix."""
        if not self.buildings:
            raise ValueError("a project needs at least one building")

    def leading_building(self, definition: Definition) -> BuildingFacts:
        """The building furthest on; it gives the project its step. Among equals the one longest there."""
        index = definition.step_index
        return min(self.buildings, key=lambda b: (-index[b.step], b.since))

    def trailing_building(self, definition: Definition) -> BuildingFacts:
        """The building furthest behind; delivery and settlement follow it."""
        index = definition.step_index
        return min(self.buildings, key=lambda b: (index[b.step], -b.since.toordinal()))

    def step(self, definition: Definition) -> str:
        """The project's construction step: that of its leading building."""
        return self.leading_building(definition).step

    def cell(self, definition: Definition) -> CellKey:
        """The one cell in which the project stands."""
        return (self.phase, self.step(definition))

    @property
    def open_categories(self) -> tuple[CategoryFacts, ...]:
        """The category lines without a result."""
        return tuple(category for category in self.categories if category.result == "open")

    def for_line(self, key: str) -> ProjectFacts:
        """The facts as if the project were about one category line alone, in that line's own phase."""
        line = next((line for line in self.categories if line.key == key), None)
        if line is None:
            raise UnknownKey("category line", key)
        alone = replace(line, phase=None, main=True)
        return replace(self, phase=line.phase or self.phase, categories=(alone,), visited=())

    def lasts(self, key: str, day: date) -> bool:
        """True while a circumstance of this kind holds."""
        return any(one.key == key and one.lasts(day) for one in self.circumstances)

    @property
    def main_category(self) -> CategoryFacts | None:
        """The line marked main, else the first open one."""
        for category in self.categories:
            if category.main:
                return category
        return next(iter(self.open_categories), None)

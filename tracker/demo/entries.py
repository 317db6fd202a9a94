"""The records of an invented project: who did what in which cell, and what it proves. Pure, from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tracker.demo import acts
from tracker.demo.names import record_sentence
from tracker.demo.plans import ProjectPlan
from tracker.demo.words import NEXT_STEPS
from workflows.definition import CELL_ENTRY, Cell, Definition, Phase, Task

DEPARTMENT_SIGN_INS = {
    "key_accounts": "keyaccount", "design_promo": "designpromo", "technical": "technical", "bidding": "bidding",
    "logistics": "logistics", "service": "service", "finance": "finance", "marketing": "marketing",
    "dealer_mgmt": "dealermgmt",
}  # fmt: skip
AT_THEIR_DESKS = frozenset({"key_accounts", "bidding", "finance", "marketing", "dealer_mgmt"})
LEFT_OPEN = 0.06  # of the tasks of cells left behind
WEAK = 0.04  # of the proofs: given in words where a paper was wanted
QUIET = 0.13  # of the projects have been silent for longer than their cell allows
INTENDING = 0.14  # of the running projects hold a plan beside what was done
CREDIT_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """What a record proves: a task or exit criterion, and the kind of evidence it is."""

    target: str
    kind: str


@dataclass(slots=True)
class Entry:
    """One record to be added. `author` is a sign-in, `met` numbers in the project's circle; `entered` the day it was
    written down; `picture` what its photo shows (a step or a paper), None without photo."""

    day: date
    phase: str
    step: str
    author: str
    department: str | None
    kind: str = ""
    text: str = ""
    entered: date = date.min
    proofs: list[Proof] = field(default_factory=list)
    hints: tuple[str, ...] = ()
    met: tuple[int, ...] = ()
    next_step: str | None = None
    next_on: date | None = None
    is_plan: bool = False
    picture: str | None = None


def fewest(plan: ProjectPlan) -> int:
    """How many records the project needs to be believed: one in every cell it went through."""
    return len(plan.way.visits)


def write_entries(
    random: Random, definition: Definition, plan: ProjectPlan, count: int, anchors: Mapping[str, date], waived: set[str]
) -> list[Entry]:
    """`count` records (at least `fewest`) along the project's way, in the order of their days.

    `anchors` dates what tasks count from; `waived` holds exit criteria that nobody has met.
    """
    entries: list[Entry] = []
    for index, share in enumerate(_spread(random, plan, count)):
        visit = plan.way.visits[index]
        days = _days(random, definition, plan, index, share)
        there = [Entry(day, visit.phase, visit.step, plan.owner, "sales") for day in days]
        cell = definition.cell(*visit.cell)
        _prove_tasks(random, plan, cell, index, there, anchors)
        entries += there
    _prove_exits(random, definition, plan, entries, waived)
    for entry in entries:
        _tell(random, definition, plan, entry)
    _promise(random, plan, entries)
    _intend(random, plan, entries)
    return entries


def _spread(random: Random, plan: ProjectPlan, count: int) -> list[int]:
    """How many records fall on each cell of the way: one, and more where the stay was longer."""
    spans = [plan.way.span(index) for index in range(len(plan.way.visits))]
    weights = [max(1, (last - first).days) ** 0.7 for first, last in spans]
    numbers = [1] * len(spans)
    for index in random.choices(range(len(spans)), weights, k=count - len(spans)):
        numbers[index] += 1
    return numbers


def _days(random: Random, definition: Definition, plan: ProjectPlan, index: int, count: int) -> list[date]:
    """Days of work in a cell: the first soon after arriving, many of the others too, for most tasks are due then."""
    first, last = plan.way.span(index)
    stay = (last - first).days
    if index == len(plan.way.visits) - 1:
        stay -= _silence(random, definition, plan, stay)
        if count == 1:
            return [first + timedelta(days=stay)]
    found = [random.randint(0, min(stay, 2))]
    found += [random.randint(0, min(stay, 9) if random.random() < 0.5 else stay) for _ in range(count - 2)]
    found += [stay] if count > 1 and index == len(plan.way.visits) - 1 else [random.randint(0, stay)] * (count > 1)
    return sorted(first + timedelta(days=days) for days in found)


def _silence(random: Random, definition: Definition, plan: ProjectPlan, stay: int) -> int:
    """Days since the last record in the present cell, at most as many as the project has been there."""
    limit = definition.cell(*plan.cell).time_limit_days or 30
    if plan.state != "active":
        return random.randint(0, min(stay, 3 * limit))
    if random.random() < QUIET and stay > limit + 1:
        return random.randint(limit + 1, min(stay, 3 * limit))
    return random.randint(0, min(stay, limit))


def due_day(task: Task, entered: date, anchors: Mapping[str, date]) -> date | None:
    """The day a task is due in a cell entered on a day; None while its anchor has no date."""
    anchor = entered if task.anchor == CELL_ENTRY else anchors.get(task.anchor)
    return anchor + timedelta(days=task.due_days) if anchor else None


def _prove_tasks(
    random: Random, plan: ProjectPlan, cell: Cell, index: int, there: Sequence[Entry], anchors: Mapping[str, date]
) -> None:
    """Close most of the tasks of a cell by its records, mostly in time; what is not due yet may wait."""
    visit, here = plan.way.visits[index], index == len(plan.way.visits) - 1
    for task in cell.tasks:
        due = due_day(task, visit.since, anchors)
        if due is None or random.random() >= _closed_share(here, due, plan.way.today):
            continue
        timely = [entry for entry in there if entry.day <= due]
        entry = random.choice(timely if timely and random.random() < 0.9 else list(there))
        if not entry.proofs:
            entry.department = task.department
        kind = "note" if random.random() < WEAK else task.evidence
        entry.proofs.append(Proof(task.id, kind))


def _closed_share(here: bool, due: date, today: date) -> float:
    if not here:
        return 1 - LEFT_OPEN
    return 0.74 if due < today else 0.4


def _prove_exits(
    random: Random, definition: Definition, plan: ProjectPlan, entries: Sequence[Entry], waived: set[str]
) -> None:
    """Meet the exit criteria of the phases left behind, and some of the present one's."""
    present = plan.way.visits[-1].phase
    for phase in definition.phases:
        there = [entry for entry in entries if entry.phase == phase.key]
        for criterion in phase.exit if there else ():
            needed = criterion.mandatory or (criterion.mandatory_above and plan.value >= CREDIT_LINE)
            chance = _present_share(plan, phase) if phase.key == present else 1.0 if needed else 0.5
            if criterion.id in waived or random.random() >= chance:
                continue
            if criterion.id == "X.contract.signed" and plan.state == "active":
                continue
            random.choice(there).proofs.append(Proof(criterion.id, criterion.evidence))


def _present_share(plan: ProjectPlan, phase: Phase) -> float:
    if plan.state == "closed" or (phase.key == "contract" and plan.state == "won"):
        return 1.0
    return 0.2 if phase.key == "settle" else 0.45


def _tell(random: Random, definition: Definition, plan: ProjectPlan, entry: Entry) -> None:
    """Say who did it, how, and in which words."""
    phase = definition.phase(entry.phase)
    if not entry.proofs:
        others = (phase.owner, *phase.supports)
        entry.department = "sales" if random.random() < 0.62 else random.choice(others)
    if plan.dealer and not any(proof.target.startswith("T.") for proof in entry.proofs) and random.random() < 0.6:
        entry.author, entry.department = plan.dealer, None  # a dealer's man is of none of our departments
    elif entry.department != "sales":
        entry.author = DEPARTMENT_SIGN_INS[entry.department or ""]
    wanted = max(entry.proofs, key=_show, default=None)
    entry.kind = acts.act_for(random, entry.phase, wanted.kind if wanted else None)
    if entry.department in AT_THEIR_DESKS and entry.kind in acts.PICTURED:
        entry.kind = random.choice(("call", "internal_review", "office_visit"))
    entry.text = record_sentence(random, entry.step, entry.kind)
    entry.entered = entry.day + timedelta(days=random.choices((0, 1, 3, 17), (80, 14, 4, 2))[0])
    entry.entered = min(entry.entered, plan.way.today)
    cell = definition.cell(entry.phase, entry.step)
    near = [hint.id for hint in cell.hints if hint.department == entry.department] or [h.id for h in cell.hints]
    entry.hints = tuple(random.sample(near, min(len(near), random.choices((0, 1, 2), (45, 40, 15))[0])))
    if plan.circle and entry.kind != "progress_photo" and random.random() < 0.45:
        entry.met = tuple(sorted(random.sample(range(len(plan.circle)), min(len(plan.circle), random.randint(1, 2)))))
    if entry.kind in acts.PICTURED:
        entry.picture = entry.step
    elif wanted and wanted.kind in acts.PAPER_OF:
        entry.picture = acts.paper_for(wanted.kind, entry.phase)


def _show(proof: Proof) -> int:
    """What a record is told as goes by the proof that is hardest to give."""
    return ("note", "contact", "document", "photo", "quote", "sample").index(proof.kind)


def _promise(random: Random, plan: ProjectPlan, entries: Sequence[Entry]) -> None:
    """Every third record names a next step; the last one of a running project mostly does, around today."""
    running = plan.state in ("active", "won")
    for entry in entries:
        last = entry is entries[-1]
        if random.random() < (0.75 if last and running else 0.3):
            entry.next_step = random.choice(NEXT_STEPS[entry.phase])
            entry.next_on = entry.day + timedelta(days=random.randint(2, 12))
            if last and running and entry.next_on < plan.way.today:
                entry.next_on = plan.way.today + timedelta(days=random.randint(-2, 9))


def _intend(random: Random, plan: ProjectPlan, entries: Sequence[Entry]) -> None:
    """Now and then an entry is not done yet but planned for the coming days."""
    idle = [entry for entry in entries[:-1] if entry.phase == plan.cell[0] and entry.step == plan.cell[1]]
    idle = [entry for entry in idle if not entry.proofs]
    if plan.state == "active" and idle and random.random() < INTENDING:
        entry = random.choice(idle)
        entry.is_plan, entry.picture, entry.met, entry.hints = True, None, (), ()
        entry.entered = plan.way.today - timedelta(days=random.randint(0, 5))
        entry.day = plan.way.today + timedelta(days=random.randint(1, 10))
        entry.kind, entry.text = "office_visit", f"计划：{random.choice(NEXT_STEPS[entry.phase])}。"

"""Three hundred invented projects at once: planned from a seed, with all that happened to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from tracker.demo import names
from tracker.demo.entries import Entry, fewest, write_entries
from tracker.demo.firms import Firm
from tracker.demo.milestones import PhaseMove, anchors_of, phase_moves
from tracker.demo.paper_pictures import PAPERS
from tracker.demo.plans import KINDS, ProjectPlan, pick_cells, plan_project
from workflows.definition import Definition

DEALER_PROJECTS = {"dealer1": 11, "dealer2": 9}
PICTURES_OF_STEP, PICTURES_OF_PAPER = 14, 3


@dataclass(frozen=True, slots=True)
class History:
    """A planned project with its records, the dates its tasks count from, and the moves of its phase."""

    plan: ProjectPlan
    entries: Sequence[Entry]
    anchors: Mapping[str, date]
    moves: Sequence[PhaseMove]


def plan_portfolio(
    random: Random, definition: Definition, firms: Sequence[Firm], today: date, *, projects: int, records: int
) -> list[History]:
    """`projects` projects with `records` records together, spread over the matrix as it stands on `today`."""
    plans = _plan_projects(random, definition, firms, today, projects)
    counts = _spread_records(random, plans, records)
    histories = []
    for plan, count in zip(plans, counts, strict=True):
        anchors = anchors_of(random, plan)
        moves, waived = phase_moves(random, definition, plan)
        entries = write_entries(random, definition, plan, count, anchors, waived)
        plan.members = _members(random, plan, entries)
        histories.append(History(plan, entries, anchors, moves))
    _choose_pictures(random, [entry for history in histories for entry in history.entries])
    return histories


def _plan_projects(
    random: Random, definition: Definition, firms: Sequence[Firm], today: date, count: int
) -> list[ProjectPlan]:
    by_kind: dict[str, list[tuple[int, Firm]]] = defaultdict(list)
    for number, firm in enumerate(firms):
        by_kind[firm.kind].append((number, firm))
    kinds = random.choices(list(KINDS), list(KINDS.values()), k=count)
    taken: set[str] = set()
    dealers = [name for name, number in DEALER_PROJECTS.items() for _ in range(number)]
    served = dict(zip(random.sample(range(count), min(count, len(dealers))), dealers, strict=False))
    cells = pick_cells(random, definition, count)
    crowd = Counter(cells)
    return [
        plan_project(
            random,
            definition,
            number,
            _name(random, kind, taken),
            kind,
            cell,
            by_kind,
            today,
            served.get(number),
            crowd[cell] == 1,
        )
        for number, (kind, cell) in enumerate(zip(kinds, cells, strict=True))
    ]


def _name(random: Random, kind: str, taken: set[str]) -> str:
    while True:
        name = names.project_name(random, kind)
        if name not in taken:
            taken.add(name)
            return name


def _spread_records(random: Random, plans: Sequence[ProjectPlan], total: int) -> list[int]:
    """What each project needs at least, and the rest by how long it has been ours."""
    counts = [fewest(plan) for plan in plans]
    weights = [max(20, (plan.way.today - plan.way.opened).days) ** 0.6 for plan in plans]
    for index in random.choices(range(len(plans)), weights, k=max(0, total - sum(counts))):
        counts[index] += 1
    return counts


def _members(random: Random, plan: ProjectPlan, entries: Sequence[Entry]) -> list[str]:
    """Most of those who worked there twice belong to the project's team; a dealer's man never does."""
    worked = [entry.author for entry in entries if entry.department and entry.author != plan.owner]
    regulars = sorted({author for author in worked if worked.count(author) > 1})
    return [author for author in regulars if random.random() < 0.6]


def _choose_pictures(random: Random, entries: Sequence[Entry]) -> None:
    """Leave a photo with some records only: about as many at every step, half of them the newest; few papers."""
    by_subject: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.day, reverse=True):
        if entry.picture:
            by_subject[entry.picture].append(entry)
    for subject, candidates in by_subject.items():
        most = PICTURES_OF_PAPER if subject in PAPERS else PICTURES_OF_STEP
        first = 0 if subject in PAPERS else most // 2
        newest, others = candidates[:first], candidates[first:]
        kept = {id(entry) for entry in newest + random.sample(others, min(len(others), most - len(newest)))}
        for entry in candidates:
            entry.picture = subject if id(entry) in kept else None

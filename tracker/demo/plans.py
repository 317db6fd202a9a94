"""What an invented project is: its kind, place, parties, buildings, categories and its way. Pure, from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tracker.demo import names
from tracker.demo.firms import Firm
from tracker.demo.places import CITIES
from tracker.demo.ways import Way, cells_to, dated
from workflows.definition import CellKey, Definition

PHASE_SHARES = {"qualify": 44, "map": 48, "specify": 36, "shortlist": 36, "bid": 32, "contract": 22, "deliver": 24,
                "settle": 14}  # fmt: skip
STATUS_SHARES = {"normal": 1.0, "late_risk": 0.25, "early": 0.3}
KINDS = {"residential_fitted": 26, "residential_shell": 8, "affordable_housing": 6, "rental_apartment": 3, "office": 11,
         "retail_mall": 7, "hotel": 7, "hospital": 7, "school": 8, "government": 4, "senior_care": 3,
         "culture_sport": 3, "urban_renewal": 3, "industrial": 3, "transport": 1}  # fmt: skip
SOURCES = {"street_canvassing": 30, "media_land": 8, "key_account": 8, "design_institute": 14, "dealer": 4,
           "planning_permit": 10, "tender_platform": 8, "project_database": 3, "contractor_referral": 8,
           "owner_inquiry": 3, "exhibition_event": 2, "past_project": 6, "competitor_news": 1}  # fmt: skip
OURS = {"tiles": 30, "sanitary_ware": 18, "gypsum_board": 16, "lighting": 12, "interior_coating": 14, "flooring": 10,
        "waterproofing_basement": 8, "waterproofing_roof_wet": 12}  # fmt: skip
MOST_IN_STEP = {"early": 0.3, "mid": 0.6, "end": 0.9}  # of the middle of a step's duration, before a window is lost
OWNERS = {True: (("sales1", 30), ("sales2", 28), ("sales4", 28), ("supervisor", 4), ("keyaccount", 10)),
          False: (("sales3", 28), ("sales5", 28), ("sales6", 26), ("supervisor2", 4), ("keyaccount", 8),
                  ("designpromo", 6))}  # fmt: skip
ATTITUDES = {"champion": 8, "supportive": 28, "neutral": 36, "skeptical": 14, "opposed": 4, "unknown": 10}
ROLES = ("decision_maker", "influencer", "gatekeeper", "user", "coach")
EXTRA_PARTIES = ("interior_designer", "fitout_contractor", "supervisor_firm", "cost_consultant", "tender_agent")


@dataclass(frozen=True, slots=True)
class BuildingPlan:
    """A building: when it reached each step, in order; the floor last seen of its floors."""

    name: str
    floors: int
    floor: int | None
    steps: tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A category line."""

    category: str
    main: bool
    result: str
    value: Decimal


@dataclass(slots=True)
class ProjectPlan:
    """A project to be added. `parties` holds (number of the firm, role); `circle` (number of the firm, number of
    the person there, role, attitude); `owner` and `dealer` sign-ins (`dealer` None: no dealer of ours signs in)."""

    number: int
    name: str
    kind: str
    route: str
    north: bool
    address: str
    place: tuple[float, float]
    plot_number: str | None
    source: str
    value: Decimal
    owner: str
    state: str
    way: Way
    skipped: tuple[str, ...]
    buildings: tuple[BuildingPlan, ...] = ()
    lines: tuple[LinePlan, ...] = ()
    parties: tuple[tuple[int, str], ...] = ()
    circle: tuple[tuple[int, int, str | None, str], ...] = ()
    dealer: str | None = None
    members: list[str] = field(default_factory=list)

    @property
    def cell(self) -> CellKey:
        """Where it stands."""
        return self.way.visits[-1].cell


def pick_cells(random: Random, definition: Definition, count: int) -> list[CellKey]:
    """Where `count` projects stand: every active cell at least once where there are enough, the rest by shares."""
    active = [cell for cell in definition.cells if cell.status != "blocked"]
    first = [cell.key for cell in random.sample(active, min(count, len(active)))]
    rows = {phase.key: [c for c in active if c.phase == phase.key] for phase in definition.phases}
    weights = [
        PHASE_SHARES[c.phase] * STATUS_SHARES[c.status] / sum(STATUS_SHARES[o.status] for o in rows[c.phase])
        for c in active
    ]
    rest = random.choices([cell.key for cell in active], weights, k=count - len(first))
    return random.sample(first + rest, count)


def plan_project(
    random: Random,
    definition: Definition,
    number: int,
    name: str,
    kind: str,
    target: CellKey,
    firms: Mapping[str, Sequence[tuple[int, Firm]]],
    today: date,
    dealer: str | None,
    alone: bool,
) -> ProjectPlan:
    """One project that stands in `target` today; `alone` there, so it is not a lost one, which boards leave out.

    `firms` holds (number, firm) by kind, the popular ones first.
    """
    text, latitude, longitude, city = _address(random, dealer)
    north = CITIES[city].north
    owner = _weighted(random, dict(OWNERS[north]))
    route = "dealer_led" if dealer else _route(random, definition, kind, owner)
    state = _state(random, target[0])
    state = "active" if alone and state == "lost" else state
    optional = [key for key in definition.route(route).optional if key != target[0]]
    skipped = tuple(key for key in optional if random.random() < 0.45)
    cells = cells_to(random, definition, target, frozenset(skipped))
    main = _main_category(random, definition, cells)
    most = _most_days(definition, main, cells)
    way = dated(random, definition, cells, today, pace=random.uniform(0.45, 0.95), most_days=most)
    rows = definition.phase_index
    passed = tuple(key for key in skipped if rows[key] < rows[target[0]])
    value = _value(random, kind)
    plan = ProjectPlan(
        number, name, kind, route, north, text, (latitude, longitude), _plot(random), _weighted(random, SOURCES),
        value, owner, state, way, passed, dealer=dealer,
    )  # fmt: skip
    plan.buildings = tuple(_buildings(random, definition, kind, way))
    plan.lines = tuple(_lines(random, main, state, value))
    plan.parties = tuple(_parties(random, firms, dealer is None and route == "dealer_led"))
    plan.circle = tuple(_circle(random, firms, plan.parties, definition.phase_index[target[0]]))
    return plan


def _weighted(random: Random, shares: Mapping[str, float]) -> str:
    return random.choices(list(shares), list(shares.values()))[0]


def _address(random: Random, dealer: str | None) -> tuple[str, float, float, str]:
    home = {"dealer1": "郑州市", "dealer2": "合肥市"}.get(dealer or "")
    return names.address_in(random, home) if home else names.address(random)


def _route(random: Random, definition: Definition, kind: str, owner: str) -> str:
    if definition.picklist("project_types").get(kind).extra.get("public_funds") and random.random() < 0.85:
        return "public_tender"
    if owner == "keyaccount":
        return "central_procurement"
    shares = {"design_led": 34, "contractor_buy": 44, "central_procurement": 8, "dealer_led": 8, "quick_supply": 6}
    return _weighted(random, shares)


def _state(random: Random, phase: str) -> str:
    draw = random.random()
    if phase in ("deliver", "settle"):
        return "won"
    if phase == "contract":
        return "won" if draw < 0.45 else "active"
    return "lost" if draw < 0.07 else "suspended" if draw < 0.11 else "active"


def _before_contract(definition: Definition, cells: Sequence[CellKey]) -> list[CellKey]:
    last = definition.phase_index["contract"]
    return [cell for cell in cells if definition.phase_index[cell[0]] < last]


def _main_category(random: Random, definition: Definition, cells: Sequence[CellKey]) -> str:
    """One of ours whose chance was not gone at the last step before the contract."""
    index = definition.step_index
    furthest = max(index[step] for _, step in _before_contract(definition, cells))
    fitting = {key: share for key, share in OURS.items() if index[definition.window(key).lost_step] >= furthest}
    return _weighted(random, fitting)


def _most_days(definition: Definition, main: str, cells: Sequence[CellKey]) -> int | None:
    """How long the building may have been in its present step before the main category would be lost."""
    window, (_phase, step) = definition.window(main), cells[-1]
    if window.lost_step != step or cells[-1] not in _before_contract(definition, cells):
        return None
    low, high = definition.step(step).duration_days
    return round((low + high) / 2 * MOST_IN_STEP[window.lost_at])


def _value(random: Random, kind: str) -> Decimal:
    """Between 200,000 and 30,000,000 yuan, the small ones more often."""
    low, high = (200_000, 3_000_000) if kind in ("urban_renewal", "industrial") else (200_000, 30_000_000)
    return Decimal(round(low * (high / low) ** random.betavariate(1.6, 1.9), -4))


def _plot(random: Random) -> str | None:
    letters = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=2))
    year = random.randint(2022, 2026)
    return f"{letters}-{year}-{random.randint(1, 88):02d}" if random.random() < 0.55 else None


def _buildings(random: Random, definition: Definition, kind: str, way: Way) -> Sequence[BuildingPlan]:
    lead: list[tuple[str, date]] = []
    for visit in way.visits:
        if not lead or lead[-1][0] != visit.step:
            lead.append((visit.step, visit.since))
    count = random.choices((1, 2, 3, 4), (46, 28, 16, 10))[0]
    high = {"residential_fitted": 33, "residential_shell": 33, "office": 26, "hotel": 20}.get(kind, 15)
    found = []
    for number in range(count):
        lag = timedelta(days=number * random.randint(12, 50))
        steps = tuple((step, day + lag if at else day) for at, (step, day) in enumerate(lead))
        steps = tuple((step, day) for step, day in steps if day <= way.today)
        floors = random.randint(max(3, high // 3), high)
        floor = _floor(definition, floors, *steps[-1], way.today)
        found.append(BuildingPlan(f"{number + 1}#", floors, floor, steps))
    return found


def _floor(definition: Definition, floors: int, step: str, since: date, today: date) -> int | None:
    """Counted while the structure rises; later nobody counts any more."""
    if step != "structure":
        return None
    low, high = definition.step(step).duration_days
    share = (today - since).days / ((low + high) / 2)
    return max(1, min(floors - 1, round(floors * share)))


def _lines(random: Random, main: str, state: str, value: Decimal) -> Sequence[LinePlan]:
    others = [key for key in OURS if key != main]
    keys = [main, *random.sample(others, random.choices((0, 1, 2, 3), (30, 36, 22, 12))[0])]
    shares = [1.0, *(random.uniform(0.15, 0.6) for _ in keys[1:])]
    found = []
    for key, share in zip(keys, shares, strict=True):
        amount = Decimal(round(float(value) * share / sum(shares), -3))
        found.append(LinePlan(key, key == main, _result(random, state, key == main), amount))
    return found


def _result(random: Random, state: str, main: bool) -> str:
    match state:
        case "won" | "closed":
            return "won" if main or random.random() < 0.6 else "lost"
        case "lost":
            return "lost"
    return "open" if main or random.random() < 0.9 else "dropped"


def _one_of(random: Random, firms: Sequence[tuple[int, Firm]]) -> int:
    """The number of a firm; the first ones of the list come up far more often, as in life."""
    return firms[int(random.expovariate(1 / 14)) % len(firms)][0]


def _parties(
    random: Random, firms: Mapping[str, Sequence[tuple[int, Firm]]], dealer: bool
) -> Sequence[tuple[int, str]]:
    roles = ["owner", *(role for role in ("design_institute", "main_contractor") if random.random() < 0.85)]
    roles += [role for role in EXTRA_PARTIES if random.random() < 0.35]
    roles += ["dealer"] if dealer else []
    return [(_one_of(random, firms[role]), role) for role in roles]


def _circle(
    random: Random, firms: Mapping[str, Sequence[tuple[int, Firm]]], parties: Sequence[tuple[int, str]], row: int
) -> Sequence[tuple[int, int, str | None, str]]:
    """Whom we know there: the further the project, the more of them."""
    by_number = {number: firm for group in firms.values() for number, firm in group}
    everybody = [
        (number, person)
        for number, role in parties
        if role != "dealer"
        for person in range(len(by_number[number].people))
    ]
    known = random.sample(everybody, min(len(everybody), 1 + row // 2 + random.randint(0, 3)))
    roles: list[str | None] = [*random.sample(ROLES, len(ROLES)), None, None, None]
    if row:
        roles.remove("decision_maker")
        roles.insert(0, "decision_maker")
    found = []
    for (number, person), role in zip(known, roles, strict=False):
        attitude = "supportive" if role == "coach" else _weighted(random, ATTITUDES)
        found.append((number, person, role, attitude))
    return found

"""Invented leads of every state and source, planned from a seed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tracker.demo import names
from tracker.demo.firms import Firm
from tracker.demo.places import CITIES
from tracker.demo.plans import KINDS, OWNERS, SOURCES
from tracker.demo.words import GIVEN_UP, LEAD_NOTES, NURTURED

STATES = {"new": 62, "nurturing": 22, "invalid": 16}
AGES = {"new": (0, 55), "nurturing": (40, 260), "invalid": (20, 300)}  # days since they were found
STEPS = {"land": 18, "concept": 12, "drawings": 18, "tender": 16, "ground": 14, "structure": 12, "masonry": 6,
         "envelope": 3, "fitout": 1}  # fmt: skip
UNASSIGNED = 0.18
PHOTOGRAPHED = frozenset({"street_canvassing", "planning_permit", "media_land"})


@dataclass(frozen=True, slots=True)
class LeadPlan:
    """A lead to be added. `owner` None: it lies in the region's pool. `picture` shows the site as it was found, a
    notice board at the gate where the step is `tender`; `talks` are (days after it was found, kind, text)."""

    name: str
    state: str
    source: str
    kind: str
    step: str
    found_on: date
    north: bool
    owner: str | None
    dealer: str | None
    firm: int | None
    address: str
    place: tuple[float, float] | None
    plot_number: str | None
    value: Decimal | None
    area: Decimal | None
    note: str
    picture: bool
    talks: tuple[tuple[int, str, str], ...]
    because: str | None

    @property
    def owes_evidence(self) -> bool:
        """Nothing was handed in that proves it."""
        return not self.picture and not self.talks


def plan_leads(random: Random, firms: Sequence[Firm], today: date, count: int) -> list[LeadPlan]:
    """`count` leads found up to `today`, the oldest first."""
    owners = [number for number, firm in enumerate(firms) if firm.kind == "owner"]
    taken: set[str] = set()
    plans = [_plan(random, owners, today, taken) for _ in range(count)]
    return sorted(plans, key=lambda plan: plan.found_on)


def _plan(random: Random, firms: Sequence[int], today: date, taken: set[str]) -> LeadPlan:
    source, state = _draw(random, SOURCES), _draw(random, STATES)
    kind, step = _draw(random, KINDS), _draw(random, STEPS)
    dealer = random.choice(("dealer1", "dealer2")) if source == "dealer" else None
    home = {"dealer1": "郑州市", "dealer2": "合肥市"}.get(dealer or "")
    text, latitude, longitude, city = names.address_in(random, home) if home else names.address(random)
    north = CITIES[city].north
    found = today - timedelta(days=random.randint(*AGES[state]))
    picture = source in PHOTOGRAPHED and random.random() < 0.6
    pooled = dealer or (state == "new" and random.random() < UNASSIGNED)
    return LeadPlan(
        name=_name(random, kind, taken),
        state=state,
        source=source,
        kind=kind,
        step=step,
        found_on=found,
        north=north,
        owner=None if pooled else _draw(random, dict(OWNERS[north])),
        dealer=dealer,
        firm=random.choice(firms) if random.random() < 0.7 else None,
        address=text,
        place=(latitude, longitude) if picture or random.random() < 0.5 else None,
        plot_number=_plot(random, found) if source in ("media_land", "planning_permit") else None,
        value=Decimal(random.randrange(300_000, 18_000_000, 50_000)) if random.random() < 0.6 else None,
        area=Decimal(random.randrange(4_000, 180_000, 500)) if random.random() < 0.5 else None,
        note=LEAD_NOTES[source],
        picture=picture,
        talks=() if pooled else tuple(_talks(random, step, (today - found).days)),
        because=_because(random, state),
    )


def _draw(random: Random, shares: dict[str, int]) -> str:
    return random.choices(list(shares), list(shares.values()))[0]


def _name(random: Random, kind: str, taken: set[str]) -> str:
    while True:
        name = names.project_name(random, kind)
        if name not in taken:
            taken.add(name)
            return name


def _plot(random: Random, found: date) -> str:
    return f"{random.choice(('TD', 'GY', 'ZC'))}-{found.year}-{random.randint(1, 120):03d}"


def _talks(random: Random, step: str, age: int) -> Sequence[tuple[int, str, str]]:
    days = sorted(random.randint(0, min(age, 30)) for _ in range(random.choices((0, 1, 2, 3), (38, 34, 20, 8))[0]))
    kinds = [random.choice(("call", "office_visit", "message", "site_visit")) for _ in days]
    return [(day, kind, names.record_sentence(random, step, kind)) for day, kind in zip(days, kinds, strict=True)]


def _because(random: Random, state: str) -> str | None:
    return random.choice({"nurturing": NURTURED, "invalid": GIVEN_UP}[state]) if state != "new" else None

"""Leads that are not projects yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random

from tracker import clock
from tracker.demo.names import address, project_name
from tracker.events import Event, Kind
from tracker.generating.bulk import Bulk
from tracker.generating.circle import Circle
from tracker.generating.company import Person
from tracker.leads.models import Lead, LeadParty
from tracker.matrix.definitions import current_definition

STATES = {"new": 70, "nurturing": 15, "invalid": 15}
OWNED = 0.8  # the others wait for somebody to be given them
CHUNK = 5000


def add_leads(bulk: Bulk, random: Random, people: Sequence[Person], circle: Circle, count: int) -> None:
    """Add so many leads of all states, most of them somebody's."""
    definition, today, now = current_definition(), clock.today(), clock.now()
    sources = definition.picklist("lead_sources").keys
    steps = [step.key for step in definition.steps[:8]]
    sellers = [person for person in people if person.sells]
    for number, state in enumerate(random.choices(list(STATES), list(STATES.values()), k=count)):
        seller, developer = random.choice(sellers), random.choice(circle.firms["owner"])
        where, latitude, longitude, _city = address(random)
        lead = bulk.add(
            Lead,
            name=project_name(random),
            state=state,
            source=random.choice(sources),
            step=random.choice(steps),
            found_on=today - timedelta(random.randrange(300)),
            owner_id=seller.id if random.random() < OWNED else None,
            team_id=seller.team_id,
            region_id=seller.region_id,
            developer_id=developer,
            address=where,
            plot_number=plot_number(random),
            latitude=latitude,
            longitude=longitude,
            value=Decimal(random.randint(5, 900) * 10_000),
            currency="CNY",
            owes_evidence=random.random() < 0.5,
            created_at=now,
            created_by_id=seller.id,
            version=1,
        )
        bulk.add(LeadParty, lead_id=lead, party_id=developer, role="owner")
        event = {"kind": Kind.LEAD_ADDED, "subject": Lead.__tablename__, "subject_id": lead, "project_id": None}
        bulk.add(Event, at=now, by_id=seller.id, data={}, **event)
        if number % CHUNK == 0:
            bulk.write()


def plot_number(random: Random) -> str:
    """An invented number of a plot, as land offices write them."""
    return f"负政出〔{random.randint(2019, 2026)}〕{random.randint(1, 400)}号"

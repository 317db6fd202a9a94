"""Dealers and what they registered: one registration for every five projects."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sqlalchemy import select

from tracker import clock
from tracker.dealers.models import Dealer
from tracker.demo.names import address, firm_name, project_name
from tracker.generating.bulk import Bulk
from tracker.generating.circle import Circle
from tracker.generating.leads import plot_number
from tracker.matrix.definitions import current_definition
from tracker.registrations.models import Registration
from workflows.registering import answer_due

STATES = {"submitted": 8, "in_check": 7, "pre_registered": 20, "registered": 5, "expired": 30, "rejected": 20,
          "converted": 10}  # fmt: skip
EACH = 400  # registrations of a dealer, at most so many
CHUNK = 5000


def add_registrations(bulk: Bulk, random: Random, by_id: int, circle: Circle, count: int) -> None:
    """Add so many registrations of all states but drafts. They stand in no project and have no line in the register."""
    dealers = _dealers(bulk, circle, by_id, max(1, -(-count // EACH)))
    bulk.write()
    due = answer_due(clock.today())
    definition, today, now = current_definition(), clock.today(), clock.now()
    kinds, steps = definition.picklist("project_types").keys, [step.key for step in definition.steps[:8]]
    categories = [window.category for window in definition.windows]
    for number, state in enumerate(random.choices(list(STATES), list(STATES.values()), k=count)):
        where, latitude, longitude, _city = address(random)
        kept = state in ("pre_registered", "registered")
        bulk.add(
            Registration,
            dealer_id=dealers[number % len(dealers)],
            state=state,
            name=project_name(random),
            kind=random.choice(kinds),
            step=random.choice(steps),
            address=where,
            plot_number=plot_number(random),
            latitude=latitude,
            longitude=longitude,
            developer=firm_name(random, "owner")[:200],
            categories=random.sample(categories, random.randint(1, 3)),
            buildings=[],
            source="现场走访",
            word="look" if state == "in_check" else "free",
            submitted_at=now - timedelta(days=random.randrange(0 if kept else 1, 300)),
            answer_due=due,
            protected_to=today + timedelta(days=random.randrange(10, 90)) if kept else None,
            progress_on=today if kept else None,
            progress_days=30 if kept else None,
            renewals=0,
            created_at=now,
            created_by_id=None,
            held_by_id=None,
            version=1,
        )
        if number % CHUNK == 0:
            bulk.write()
    bulk.write()


def _dealers(bulk: Bulk, circle: Circle, by_id: int, count: int) -> list[int]:
    """The first dealers' firms become our dealers; those who are there already stay."""
    known = dict(bulk.session.execute(select(Dealer.party_id, Dealer.id)).all())
    today, now = clock.today(), clock.now()
    since = today - timedelta(days=400)
    return [
        known.get(party)
        or bulk.add(
            Dealer, party_id=party, state="qualified", state_since=since, since=today, categories=["tiles"],
            created_at=now, created_by_id=by_id, version=1,
        )
        for party in circle.firms["dealer"][:count]
    ]  # fmt: skip

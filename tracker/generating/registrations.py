"""Dealers and what they registered: one registration for every five projects."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker import clock
from tracker.dealers.models import Dealer
from tracker.demo.names import address, firm_name, project_name
from tracker.generating.bulk import Bulk
from tracker.generating.circle import Circle
from tracker.generating.leads import plot_number
from tracker.matrix.definitions import current_definition
from tracker.registrations.models import RegisterEntry, Registration
from tracker.registrations.operations.registering import content_of, hash_of, last_hash
from workflows.registering import answer_due

STATES = {"submitted": 8, "in_check": 7, "pre_registered": 20, "registered": 5, "expired": 30, "rejected": 20,
          "converted": 10}  # fmt: skip
DEEDS = {"pre_registered": "approved", "registered": "formal", "expired": "lapsed", "rejected": "rejected",
         "converted": "converted"}  # fmt: skip
"""With which deed a registration came to its state; what waits for an answer was only handed in."""
EACH = 400  # registrations of a dealer, at most so many
CHUNK = 5000


class Line(NamedTuple):
    """A line of the register before it is chained."""

    at: datetime
    registration_id: int
    deed: str
    content: str
    by_id: int | None


def add_registrations(bulk: Bulk, random: Random, by_id: int, circle: Circle, count: int) -> None:
    """Add so many registrations of all states but drafts, with their lines in the register; none has a project."""
    dealers = _dealers(bulk, circle, by_id, max(1, -(-count // EACH)))
    bulk.write()
    due = answer_due(clock.today())
    definition, today, now = current_definition(), clock.today(), clock.now()
    kinds, steps = definition.picklist("project_types").keys, [step.key for step in definition.steps[:8]]
    categories = [window.category for window in definition.windows]
    lines: list[Line] = []
    for number, state in enumerate(random.choices(list(STATES), list(STATES.values()), k=count)):
        where, latitude, longitude, _city = address(random)
        kept = state in ("pre_registered", "registered")
        values: dict[str, Any] = {
            "dealer_id": dealers[number % len(dealers)],
            "project_id": None,
            "state": state,
            "name": project_name(random),
            "kind": random.choice(kinds),
            "step": random.choice(steps),
            "address": where,
            "plot_number": plot_number(random),
            "latitude": latitude,
            "longitude": longitude,
            "developer": firm_name(random, "owner")[:200],
            "categories": random.sample(categories, random.randint(1, 3)),
            "buildings": [],
            "quantity": None,
            "source": "现场走访",
            "word": "look" if state == "in_check" else "free",
            "submitted_at": now - timedelta(days=random.randrange(0 if kept else 1, 300)),
            "answer_due": due,
            "protected_to": today + timedelta(days=random.randrange(10, 90)) if kept else None,
            "progress_on": today if kept else None,
            "progress_days": 30 if kept else None,
            "renewals": 0,
            "created_at": now,
            "created_by_id": None,
            "held_by_id": None,
            "version": 1,
        }
        lines += _told(bulk.add(Registration, **values), values, by_id, now)
        if number % CHUNK == 0:
            bulk.write()
    _register(bulk, lines)
    bulk.write()


def _told(number: int, values: dict[str, Any], by_id: int, now: datetime) -> list[Line]:
    """What the register says of a registration: that it was handed in, and how it came to its state."""
    handed_in = {**values, "state": "submitted" if values["word"] == "free" else "in_check", "protected_to": None}
    found = [Line(values["submitted_at"], number, "submitted", content_of(SimpleNamespace(**handed_in)), None)]
    if deed := DEEDS.get(values["state"]):
        answered = min(now, values["submitted_at"] + timedelta(days=1))
        by = None if deed == "lapsed" else by_id
        found.append(Line(answered, number, deed, content_of(SimpleNamespace(**values)), by))
    return found


def _register(bulk: Bulk, lines: list[Line]) -> None:
    """Chain the lines in the order of their moments to what the register ends with."""
    previous = last_hash(bulk.session)
    for line in sorted(lines):
        kept = {"registration_id": line.registration_id, "deed": line.deed, "content": line.content, "at": line.at,
                "by_id": line.by_id, "previous": previous}  # fmt: skip
        previous = hash_of(SimpleNamespace(**kept))
        bulk.add(RegisterEntry, **kept, hash=previous)


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

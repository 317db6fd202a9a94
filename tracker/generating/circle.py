"""Firms and the people who work there."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tracker import clock
from tracker.demo.names import firm_name, person_name, phone, post
from tracker.generating.bulk import Bulk
from tracker.matching.normalise import firm_key
from tracker.parties.models import Contact, Party

KINDS = {
    "owner": 30, "main_contractor": 20, "design_institute": 12, "interior_designer": 10, "fitout_contractor": 10,
    "supervisor_firm": 6, "dealer": 8, "property_manager": 4,
}  # fmt: skip
CHUNK = 5000


@dataclass(slots=True)
class Circle:
    """Ids of firms by kind, and of contacts by firm."""

    firms: dict[str, list[int]] = field(default_factory=dict)
    contacts: dict[int, list[int]] = field(default_factory=dict)


def add_circle(bulk: Bulk, random: Random, by_id: int, *, firms: int, contacts: int) -> Circle:
    """Add firms, of each kind at least one, and people evenly among them."""
    circle, at = Circle(), clock.now()
    kinds = [*KINDS, *random.choices(list(KINDS), list(KINDS.values()), k=max(0, firms - len(KINDS)))]
    plain = {"created_at": at, "created_by_id": by_id, "version": 1}
    for kind in kinds:
        name = firm_name(random, kind)
        key = bulk.add(Party, name=name, name_key=firm_key(name)[:200], kind=kind, phone=phone(random), **plain)
        circle.firms.setdefault(kind, []).append(key)
        circle.contacts[key] = []
    homes = [(firm, kind) for kind, found in circle.firms.items() for firm in found]
    for number in range(contacts):
        firm, kind = homes[number % len(homes)]
        values = {"name": person_name(random), "post": post(random, kind), "phone": phone(random)}
        circle.contacts[firm].append(bulk.add(Contact, party_id=firm, **values, **plain))
        if number % CHUNK == 0:
            bulk.write()
    bulk.write()
    return circle

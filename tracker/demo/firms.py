"""The firms Anhe deals with and the people there: planned from a seed, then added in a few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from tracker.demo import names
from tracker.demo.chronicle import Chronicle
from tracker.demo.people import Company
from tracker.demo.places import CITIES
from tracker.events import Kind
from tracker.matching.normalise import firm_key
from tracker.parties.models import Contact, Party
from tracker.team.models import User

SHARES: dict[str, int] = {  # of a hundred firms, about
    "owner": 17, "operator": 3, "agent_builder": 2, "concept_designer": 4, "design_institute": 10,
    "interior_designer": 9, "specialist_consultant": 2, "cost_consultant": 3, "tender_agent": 3, "supervisor_firm": 6,
    "main_contractor": 14, "fitout_contractor": 9, "facade_sub": 2, "waterproofing_sub": 2, "electrical_sub": 2,
    "painting_sub": 2, "dealer": 5, "property_manager": 3, "competitor": 2,
}  # fmt: skip
POPULAR = ("owner", "main_contractor", "design_institute", "interior_designer", "fitout_contractor")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a firm."""

    name: str
    post: str
    phone: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm with its people; `north` None where its name says no city."""

    name: str
    kind: str
    north: bool | None
    address: str | None
    phone: str | None
    people: tuple[Person, ...]

    @property
    def short_name(self) -> str:
        """What people call it."""
        return names.short_firm_name(self.name)


def plan_firms(random: Random, count: int, people: int, taken: Iterable[str] = ()) -> list[Firm]:
    """`count` firms whose folded names differ from each other and from `taken`, with `people` people together."""
    kinds = random.choices(list(SHARES), list(SHARES.values()), k=count)
    keys = set(taken)
    found = [(kind, _new_name(random, kind, keys)) for kind in kinds]
    heads = _heads(random, kinds, people)
    return [_firm(random, kind, name, heads[index]) for index, (kind, name) in enumerate(found)]


def _new_name(random: Random, kind: str, keys: set[str]) -> str:
    while True:
        name = names.firm_name(random, kind)
        key = firm_key(name)
        if key not in keys:
            keys.add(key)
            return name


def _heads(random: Random, kinds: Sequence[str], people: int) -> Counter[int]:
    """How many people each firm has: one at least, the rest by chance, more where we go more often."""
    heads = Counter(range(len(kinds)))
    weights = [3.0 if kind in POPULAR else 1.0 for kind in kinds]
    heads.update(random.choices(range(len(kinds)), weights, k=people - len(kinds)))
    return heads


def _firm(random: Random, kind: str, name: str, heads: int) -> Firm:
    city = next((key for key in CITIES if name.startswith(key.removesuffix("市"))), None)
    return Firm(
        name=name,
        kind=kind,
        north=CITIES[city].north if city else None,
        address=names.address_in(random, city)[0] if city and random.random() < 0.6 else None,
        phone=names.phone(random) if random.random() < 0.4 else None,
        people=tuple(_person(random, kind) for _ in range(heads)),
    )


def _person(random: Random, kind: str) -> Person:
    email = names.email(random) if random.random() < 0.4 else None
    return Person(names.person_name(random), names.post(random, kind), names.phone(random), email)


@dataclass(frozen=True, slots=True)
class Added:
    """The rows of planned firms: ids in the order of the plan."""

    party_ids: Sequence[int]
    contact_ids: Sequence[Sequence[int]]


def add_firms(
    session: Session, random: Random, firms: Sequence[Firm], company: Company, since: datetime, chronicle: Chronicle
) -> Added:
    """Add the firms and their people as if they had been met one after the other from `since` until yesterday."""
    by = [user for user in company.users.values() if user.username.startswith(("sales", "keyaccount", "designpromo"))]
    makers = [random.choice(by) for _ in firms]
    moments = sorted(since + timedelta(seconds=random.random() * 86_400 * 900) for _ in firms)
    parties = [_party(firm, company, maker, at) for firm, maker, at in zip(firms, makers, moments, strict=True)]
    session.add_all(parties)
    session.flush()
    contacts = [
        [_contact(person, party, maker, at) for person in firm.people]
        for firm, party, maker, at in zip(firms, parties, makers, moments, strict=True)
    ]
    session.add_all(contact for people in contacts for contact in people)
    session.flush()
    _note(chronicle, parties, contacts)
    return Added([party.id for party in parties], [[contact.id for contact in people] for people in contacts])


def _party(firm: Firm, company: Company, maker: User, at: datetime) -> Party:
    return Party(
        name=firm.name,
        short_name=firm.short_name,
        name_key=firm_key(firm.name),
        kind=firm.kind,
        region_id=company.region_of(firm.north).id if firm.north is not None else None,
        address=firm.address,
        phone=firm.phone,
        created_at=at,
        created_by_id=maker.id,
    )


def _contact(person: Person, party: Party, maker: User, at: datetime) -> Contact:
    return Contact(
        party_id=party.id,
        name=person.name,
        post=person.post,
        phone=person.phone,
        email=person.email,
        created_at=at,
        created_by_id=maker.id,
    )


def _note(chronicle: Chronicle, parties: Sequence[Party], contacts: Sequence[Sequence[Contact]]) -> None:
    """One event for each firm and person."""
    for party, people in zip(parties, contacts, strict=True):
        at, by_id = party.created_at, party.created_by_id
        chronicle.note(Kind.PARTY_ADDED, party, at, by_id, name=party.name)
        for contact in people:
            chronicle.note(Kind.CONTACT_ADDED, contact, at, by_id, name=contact.name, party=party.name)

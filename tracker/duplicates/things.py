"""Rows of the database as the plain things that the matcher compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session

from tracker.contacts.models import ContactWay
from tracker.contacts.wording import NUMBERS
from tracker.leads.models import Lead, LeadContact
from tracker.leads.unnamed import is_unnamed
from tracker.matching.blocking import firm_keys, person_keys, place_keys, site_keys
from tracker.matching.comparing import compare_firms, compare_people, compare_sites
from tracker.matching.likeness import Likeness
from tracker.matching.things import Firm, Person, Site
from tracker.parties.models import Contact, Party, PartyLicence, PartyName
from tracker.projects.models import Project, ProjectContact, SiteName
from tracker.registrations.models import Registration
from tracker.team.models import Region

Thing = Site | Firm | Person
MODELS: dict[str, Any] = {model.__tablename__: model for model in (Lead, Project, Party, Contact, Registration)}
"""The kinds of rows that may be entered twice."""
SITES = (Lead.__tablename__, Project.__tablename__)
CLAIM = Registration.__tablename__
NAMED = (*SITES, Party.__tablename__, Contact.__tablename__)
"""What has other names in rows of their own."""
ALIKE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SITES, SITES),
    Registration.__tablename__: (*SITES, Registration.__tablename__),
    Party.__tablename__: (Party.__tablename__,),
    Contact.__tablename__: (Contact.__tablename__,),
}
"""Which kinds each kind is held against. One of ours who enters a lead or project is told of registrations as well
(`queries.told_of`); the rules for entering hold it against leads and projects alone."""
SOURCES: dict[str, tuple[str, ...]] = {
    "lead": ("name", "address", "plot_number", "latitude", "longitude", "kind", "developer_id", "phone", "project_id",
             "merged_into_id"),
    "project": ("name", "address", "plot_number", "latitude", "longitude", "kind", "developer_id", "merged_into_id"),
    "registration": ("name", "address", "plot_number", "latitude", "longitude", "kind", "developer", "submitted_at"),
    "party": ("name", "short_name", "address", "phone", "region_id", "credit_code", "merged_into_id"),
    "contact": ("name", "phone", "email", "party_id", "merged_into_id", "forgotten_at"),
}  # fmt: skip
"""From which columns a row's keys follow."""


@dataclass(frozen=True, slots=True)
class Alias:
    """What belongs to rows beside their columns: other names, phones of the people at a site and further phones of a
    person, a firm's certificates."""

    names: Mapping[int, Sequence[str]]
    phones: Mapping[int, Sequence[str]]
    licences: Mapping[int, Sequence[str]]


def keys_of(thing: Thing) -> frozenset[str]:
    """Under which keys a thing is stored."""
    match thing:
        case Site():
            return site_keys(thing)
        case Firm():
            return firm_keys(thing)
        case Person():
            return person_keys(thing)


def wanted_keys(thing: Thing) -> frozenset[str]:
    """By which keys one asks for what is like a thing: its own, and the cells around its place."""
    near = place_keys(thing.place) if isinstance(thing, Site) and thing.place else frozenset()
    return keys_of(thing) | near


def compare(one: Thing, other: Thing) -> Likeness:
    """How alike two things of a kind are."""
    match one, other:
        case Site(), Site():
            return compare_sites(one, other)
        case Firm(), Firm():
            return compare_firms(one, other)
        case Person(), Person():
            return compare_people(one, other)
    raise TypeError(f"{type(one).__name__} is never {type(other).__name__}")


def query_of(kind: str, *further: Any) -> Select[Any]:
    """A select of what the matcher wants of rows of a kind, and `further` columns; rows that stand for another (merged,
    or a lead that is a project) and people who were forgotten are left out."""
    model, columns = MODELS[kind], _columns(kind)
    if kind == "registration":
        return select(*columns, *further).where(Registration.submitted_at.is_not(None))
    standing = model.merged_into_id.is_(None)
    query = select(*columns, *further).where(standing)
    if kind == "party":
        return query.outerjoin(Region, Region.id == Party.region_id)
    if kind == "contact":
        return query.where(Contact.forgotten_at.is_(None)).outerjoin(Party, Party.id == Contact.party_id)
    query = query.outerjoin(Party, Party.id == model.developer_id)
    return query.where(Lead.project_id.is_(None)) if model is Lead else query


def _columns(kind: str) -> Sequence[Any]:
    if kind == "party":
        return (Party.id, Party.name, Party.short_name, Party.address, Party.phone, Party.credit_code,
                Region.name.label("region"))  # fmt: skip
    if kind == "contact":
        return (Contact.id, Contact.name, Contact.phone, Contact.email, Party.name.label("firm"))
    model = MODELS[kind]
    firm = Registration.developer if model is Registration else Party.name
    return (model.id, model.name, model.address, model.plot_number, model.latitude, model.longitude, model.kind,
            firm.label("firm"), (Lead.phone if model is Lead else null()).label("phone"))  # fmt: skip


def thing_of(kind: str, row: Any, alias: Alias | None = None) -> Thing:
    """The thing that a row of `query_of` says."""
    alias = alias or Alias({}, {}, {})
    if kind == "party":
        names = tuple(name for name in (row.name, row.short_name, *alias.names.get(row.id, ())) if name)
        licences = tuple(alias.licences.get(row.id, ()))
        return Firm(names, row.address, _some(row.phone), row.region, row.credit_code, licences)
    if kind == "contact":
        phones = tuple(dict.fromkeys((*_some(row.phone), *alias.phones.get(row.id, ()))))
        return Person(row.name, phones, row.email, row.firm)
    place = (row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None
    return Site(
        tuple(dict.fromkeys(name for name in (row.name, *alias.names.get(row.id, ())) if not is_unnamed(name))),
        row.address,
        row.plot_number,
        place,
        tuple(dict.fromkeys((*_some(row.phone), *alias.phones.get(row.id, ())))),
        _some(row.firm),
        row.kind,
    )


def _some(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def aliases_of(session: Session, ids: Mapping[str, Sequence[int]], *, people: bool) -> dict[str, Alias]:
    """Other names of these sites and firms, the certificates of firms, further phones of people, and with `people` the
    phones of sites' contacts, by kind; in one statement."""
    wanted = {kind: rows for kind in NAMED if (rows := ids.get(kind))}
    found: dict[tuple[str, str], dict[int, list[str]]] = {}
    if wanted:
        for kind, what, row_id, text in session.execute(_beside(tuple(wanted), people), wanted):
            found.setdefault((kind, what), defaultdict(list))[row_id].append(text)
    return {kind: Alias(*(found.get((kind, what), {}) for what in ("names", "phones", "licences"))) for kind in NAMED}


@cache
def _beside(kinds: tuple[str, ...], people: bool) -> Any:
    """Kind, what it is, the row's id and the text of everything that `aliases_of` wants; the ids are parameters."""
    parts: list[Any] = []
    for kind in kinds:
        wanted: Any = bindparam(kind, expanding=True)
        if kind == "party":
            name, number = PartyName, PartyLicence
            parts.append(
                select(literal(kind), literal("names"), name.party_id, name.name).where(name.party_id.in_(wanted))
            )
            parts.append(
                select(literal(kind), literal("licences"), number.party_id, number.number).where(
                    number.party_id.in_(wanted)
                )
            )
            continue
        if kind == "contact":
            own = select(literal(kind), literal("phones"), ContactWay.contact_id, ContactWay.value)
            parts.append(own.where(ContactWay.contact_id.in_(wanted), ContactWay.kind.in_(NUMBERS)))
            continue
        owner = SiteName.lead_id if kind == "lead" else SiteName.project_id
        parts.append(select(literal(kind), literal("names"), owner, SiteName.name).where(owner.in_(wanted)))
        if people:
            link: Any = LeadContact if kind == "lead" else ProjectContact
            site = link.lead_id if kind == "lead" else link.project_id
            query = select(literal(kind), literal("phones"), site, ContactWay.value)
            query = query.join(ContactWay, ContactWay.contact_id == link.contact_id)
            parts.append(query.where(site.in_(wanted), ContactWay.kind.in_(NUMBERS)))
    return union_all(*parts)

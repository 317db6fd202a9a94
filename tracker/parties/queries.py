"""Reads about parties and contacts. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from tracker.access import visible
from tracker.errors import NotFound
from tracker.matching.normalise import firm_key
from tracker.paging import Page, page_of
from tracker.parties.models import Contact, Party
from tracker.search.indexing import holds
from tracker.team.models import User

if TYPE_CHECKING:
    from tracker.projects.models import Project, ProjectContact


def get_party(session: Session, by: User, party_id: int) -> Party:
    """One party with its contacts, or NotFound. Contacts the user may not see are left out by `list_contacts`."""
    found = session.scalar(select(Party).where(Party.id == party_id, visible(Party, by)))
    if found is None:
        raise NotFound
    return found


def list_parties(session: Session, by: User, *, q: str = "", kind: str = "", page: int = 1) -> Page[Party]:
    """A page of parties by name."""
    query = select(Party).where(visible(Party, by)).order_by(Party.name, Party.id)
    if q:
        query = query.where(holds(Party, q))
    if kind:
        query = query.where(Party.kind == kind)
    return page_of(session, query, page)


def find_same_firm(session: Session, name: str) -> Party | None:
    """The party whose folded name is the same, so that a firm is not entered twice."""
    return session.scalar(select(Party).where(Party.name_key == firm_key(name)).order_by(Party.id).limit(1))


def suggest_parties(session: Session, by: User, q: str, limit: int = 10) -> Sequence[Party]:
    """Parties in whose name the words of `q` are, for choosing one in a form."""
    return session.scalars(
        select(Party)
        .where(visible(Party, by), holds(Party, q) | (Party.name_key == firm_key(q)))
        .order_by(Party.name)
        .limit(limit)
    ).all()


def get_contact(session: Session, by: User, contact_id: int) -> Contact:
    """One contact with his party, or NotFound."""
    found = session.scalar(
        select(Contact).where(Contact.id == contact_id, visible(Contact, by)).options(joinedload(Contact.party))
    )
    if found is None:
        raise NotFound
    return found


def list_contacts(
    session: Session, by: User, *, q: str = "", party_id: int | None = None, page: int = 1, size: int = 50
) -> Page[Contact]:
    """A page of contacts by name, with their parties."""
    query = select(Contact).where(visible(Contact, by)).order_by(Contact.name, Contact.id)
    if q:
        query = query.where(holds(Contact, q))
    if party_id is not None:
        query = query.where(Contact.party_id == party_id)
    return page_of(session, query.options(selectinload(Contact.party)), page, size)


def list_joined_projects(session: Session, by: User, party: Party, limit: int = 50) -> Sequence[tuple[Project, str]]:
    """The projects the user sees in which the firm has a role, newest first, with the role."""
    from tracker.projects.models import Project, ProjectParty

    rows = session.execute(
        select(Project, ProjectParty.role)
        .join(ProjectParty, ProjectParty.project_id == Project.id)
        .where(ProjectParty.party_id == party.id, visible(Project, by))
        .order_by(Project.id.desc())
        .limit(limit)
    )
    return [(project, role) for project, role in rows]


def list_circles(session: Session, by: User, contact: Contact, limit: int = 50) -> Sequence[ProjectContact]:
    """The projects the user sees in whose circle the person is, with role, attitude and last meeting."""
    from tracker.projects.models import Project, ProjectContact

    return session.scalars(
        select(ProjectContact)
        .join(ProjectContact.project)
        .where(ProjectContact.contact_id == contact.id, visible(Project, by))
        .options(contains_eager(ProjectContact.project))
        .order_by(ProjectContact.id.desc())
        .limit(limit)
    ).all()


def list_dealers(session: Session, by: User) -> Sequence[Party]:
    """The dealers' companies by name."""
    return session.scalars(
        select(Party).where(Party.kind == "dealer", visible(Party, by)).order_by(Party.name).limit(500)
    ).all()

"""Reads about parties. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.errors import NotFound
from tracker.matching.normalise import firm_key, licence_key
from tracker.parties.models import Contact, Party, PartyName
from tracker.search.indexing import holds
from tracker.team.models import User

if TYPE_CHECKING:
    from tracker.projects.models import Project


def get_party(session: Session, by: User, party_id: int) -> Party:
    """One party with its region and the firm above it, or NotFound. Its contacts are for `list_contacts`."""
    query = select(Party).where(Party.id == party_id, visible(Party, by))
    found = session.scalar(query.options(joinedload(Party.region), joinedload(Party.parent)))
    if found is None:
        raise NotFound
    return found


def find_same_firm(session: Session, name: str, code: str | None = None) -> Party | None:
    """The party of this credit code or of the same folded name, so that none is entered twice; of one merged away, the
    kept one. Where no firm is called so, one that is also known by this name, if it is the only one."""
    number, key = licence_key(code or ""), firm_key(name)
    ways = [Party.code_key == number] if number else []
    for same in (*ways, Party.name_key == key):
        found = session.scalar(select(Party).where(same, Party.withdrawn.is_(False)).order_by(Party.id).limit(1))
        if found is not None:
            return _kept(session, found)
    known = also_called(session, [key]).get(key)
    return _kept(session, session.get_one(Party, known)) if known else None


def also_called(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """The firms that go by these folded names beside their own: by key, where only one firm does."""
    standing = Party.withdrawn.is_(False)
    same = func.coalesce(Party.merged_into_id, Party.id)
    short = select(Party.short_key, same).where(Party.short_key.in_(keys), standing)
    other = select(PartyName.name_key, same).join(Party, Party.id == PartyName.party_id)
    firms: dict[str, set[int]] = {}
    rows: Any = session.execute(union_all(short, other.where(PartyName.name_key.in_(keys), standing)))
    for key, party_id in rows:
        firms.setdefault(key, set()).add(party_id)
    return {key: ids.pop() for key, ids in firms.items() if len(ids) == 1}


def _kept(session: Session, party: Party) -> Party:
    while party.merged_into_id is not None:
        party = session.get_one(Party, party.merged_into_id)
    return party


def suggest_parties(session: Session, by: User, q: str, limit: int = 10) -> Sequence[Party]:
    """Parties in whose name the words of `q` are, for choosing one in a form."""
    return session.scalars(
        select(Party)
        .where(visible(Party, by), or_(holds(Party, q), Party.name_key == firm_key(q)))
        .order_by(Party.name)
        .limit(limit)
    ).all()


def list_people(session: Session, by: User, party: Party, limit: int = 200) -> Sequence[Contact]:
    """The people of one firm by name."""
    here = select(Contact).where(visible(Contact, by), Contact.party_id == party.id)
    return session.scalars(here.order_by(Contact.name, Contact.id).limit(limit)).all()


def list_joined_projects(
    session: Session, by: User, party_ids: Sequence[int], limit: int = 50
) -> Sequence[tuple[Project, str]]:
    """The projects the user sees in which one of the firms has a role, newest first, with the role."""
    from tracker.projects.models import Project, ProjectParty

    rows = session.execute(
        select(Project, ProjectParty.role)
        .join(ProjectParty, ProjectParty.project_id == Project.id)
        .where(ProjectParty.party_id.in_(party_ids), visible(Project, by))
        .order_by(Project.id.desc())
        .limit(limit)
    )
    return [(project, role) for project, role in rows]


def list_dealers(session: Session, by: User) -> Sequence[Party]:
    """The dealers' companies by name."""
    return session.scalars(
        select(Party).where(Party.kind == "dealer", visible(Party, by)).order_by(Party.name).limit(500)
    ).all()

"""What belongs to a firm beside its data: other names, further roles, certificates, estimates, its place in a group."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Invalid, NotFound
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matching.normalise import firm_key, licence_key
from tracker.parties.licences import KINDS
from tracker.parties.models import Party, PartyEstimate, PartyLicence, PartyName, PartyRole
from tracker.parties.queries.families import ids_below
from tracker.team.models import User

Row = TypeVar("Row")
NAME_KINDS = ("short", "former", "english", "brand", "other")
DEEPEST = 12  # firms from the head of a group down


def add_name(session: Session, party: Party, *, by: User, name: str, kind: str) -> PartyName:
    """Add another name by which the firm is known."""
    require(by, Action.PARTY_EDIT)
    name = name.strip()[:200]
    key = firm_key(name)
    if not name:
        raise Invalid("name", _l("Write the other name."))
    if kind not in NAME_KINDS:
        raise Invalid("kind", _l("Say what kind of name it is."))
    known = select(PartyName.id).where(PartyName.party_id == party.id, PartyName.name_key == key)
    if key == party.name_key or session.scalar(known) is not None:
        raise Invalid("name", _l("The firm is known by this name already."))
    row = PartyName(party_id=party.id, kind=kind, name=name, name_key=key, by_id=by.id)
    return _added(session, party, row, Kind.PARTY_NAMED, by, name=name, name_kind=kind)


def drop_name(session: Session, party: Party, name_id: int, *, by: User) -> None:
    """Take out another name."""
    _drop(session, party, PartyName, name_id, Kind.PARTY_NAME_DROPPED, by, "name")


def add_role(session: Session, party: Party, *, by: User, role: str) -> PartyRole:
    """Say what the firm also is to us."""
    require(by, Action.PARTY_EDIT)
    known = select(PartyRole.id).where(PartyRole.party_id == party.id, PartyRole.role == role)
    if role == party.kind or session.scalar(known) is not None:
        raise Invalid("role", _l("The firm is that already."))
    row = PartyRole(party_id=party.id, role=role, by_id=by.id)
    return _added(session, party, row, Kind.PARTY_ROLE_ADDED, by, role=role)


def drop_role(session: Session, party: Party, role_id: int, *, by: User) -> None:
    """Take out a further role."""
    _drop(session, party, PartyRole, role_id, Kind.PARTY_ROLE_DROPPED, by, "role")


def add_licence(
    session: Session,
    party: Party,
    *,
    by: User,
    kind: str,
    number: str,
    grade: str | None = None,
    valid_until: date | None = None,
) -> PartyLicence:
    """Add a certificate; whether its number looks right is for `licences.odd_number` to say."""
    require(by, Action.PARTY_EDIT)
    number, key = number.strip(), licence_key(number)
    if not key:
        raise Invalid("number", _l("Write the number of the certificate."))
    if kind not in KINDS:
        raise Invalid("kind", _l("Say what certificate it is."))
    known = select(PartyLicence.id).where(PartyLicence.party_id == party.id, PartyLicence.number_key == key[:80])
    if session.scalar(known) is not None:
        raise Invalid("number", _l("This certificate is there already."))
    row = PartyLicence(party_id=party.id, kind=kind, number=number[:80], number_key=key[:80], grade=grade,
                       valid_until=valid_until, by_id=by.id)  # fmt: skip
    return _added(session, party, row, Kind.LICENCE_ADDED, by, number=row.number, licence_kind=kind)


def drop_licence(session: Session, party: Party, licence_id: int, *, by: User) -> None:
    """Take out a certificate."""
    _drop(session, party, PartyLicence, licence_id, Kind.LICENCE_DROPPED, by, "number")


def holder_of(session: Session, number: str, *, but: Party) -> Party | None:
    """Another firm that has this number, as its credit code or as a certificate's."""
    key = licence_key(number)[:80]
    if not key:
        return None
    others = (Party.id != but.id, Party.withdrawn.is_(False), Party.merged_into_id.is_(None))
    of_code = session.scalar(select(Party).where(Party.code_key == key, *others).limit(1))
    if of_code is not None:
        return of_code
    held = select(PartyLicence.party_id).where(PartyLicence.number_key == key)
    return session.scalar(select(Party).where(Party.id.in_(held), *others).limit(1))


def add_estimate(
    session: Session,
    party: Party,
    *,
    by: User,
    category: str,
    volume: Decimal | None,
    currency: str,
    grounds: str,
    on: date | None = None,
) -> PartyEstimate:
    """Write down what the firm buys of a category in a year, and on what grounds; the newest counts, all stay."""
    require(by, Action.PARTY_EDIT)
    if volume is None or volume <= 0:
        raise Invalid("volume", _l("Write what they buy in a year."))
    if not grounds.strip():
        raise Invalid("grounds", _l("Say on what grounds: who said it, or from what it is reckoned."))
    today = clock.today()
    if on is not None and on > today:
        raise Invalid("on", _l("The day lies in the future."))
    row = PartyEstimate(party_id=party.id, category=category, volume=volume, currency=currency,
                        grounds=grounds.strip()[:2000], on=on or today, by_id=by.id)  # fmt: skip
    told = {"category": category, "volume": str(volume), "currency": currency}
    return _added(session, party, row, Kind.PARTY_ESTIMATED, by, **told)


def place_in_group(session: Session, party: Party, parent: Party | None) -> None:
    """Put a firm under another one; refuses what would make a circle. The caller requires, and records the change."""
    if parent is None:
        party.parent_id = None
        return
    if parent.id == party.id or parent.id in ids_below(session, party.id):
        raise Invalid("parent", _l("That firm lies below this one; a group cannot be its own part."))
    if len(ids_above(session, parent)) >= DEEPEST:
        raise Invalid("parent", _l("The group would be too deep."))
    party.parent_id = parent.id


def ids_above(session: Session, party: Party) -> list[int]:
    """The firm and those above it up to the head of the group."""
    found: list[int] = []
    above: int | None = party.id
    while above is not None and above not in found:
        found.append(above)
        above = session.scalar(select(Party.parent_id).where(Party.id == above))
    return found


def _added(session: Session, party: Party, row: Row, kind: Kind, by: User, **told: Any) -> Row:
    session.add(row)
    session.flush()
    events.record(session, kind, party, by=by, **told)
    return row


def _drop(session: Session, party: Party, model: Any, key: int, kind: Kind, by: User, field: str) -> None:
    require(by, Action.PARTY_EDIT)
    row = session.scalar(select(model).where(model.id == key, model.party_id == party.id))
    if row is None:
        raise NotFound
    events.record(session, kind, party, by=by, **{field: getattr(row, field)})
    session.delete(row)
    session.flush()

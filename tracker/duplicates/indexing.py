"""The index of match keys beside leads, projects, firms and people.

A session that writes one of these rows, another name of a site or a number of a person writes its keys in the same
flush; what is written in bulk, past the session's objects, calls `add_keys`. `tracker doctor` compares, `rebuild` makes
the index anew.

The phones of people at a site are not among the site's keys: a contact's own keys lead to his sites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import delete, event, insert, inspect, select, tuple_
from sqlalchemy.orm import Session

from tracker.contacts.models import ContactWay
from tracker.duplicates.models import MatchKey
from tracker.duplicates.things import MODELS, SITES, SOURCES, aliases_of, keys_of, query_of, thing_of
from tracker.parties.models import Contact, Party, PartyLicence, PartyName
from tracker.projects.models import SiteName
from tracker.team.models import Region

CHUNK = 2000  # rows whose keys are made together
BESIDE: dict[Any, tuple[tuple[str, str], ...]] = {
    SiteName: (("lead", "lead_id"), ("project", "project_id")),
    PartyName: (("party", "party_id"),),
    PartyLicence: (("party", "party_id"),),
    ContactWay: (("contact", "contact_id"),),
}
"""What beside a row its keys follow from too: of which kinds, and the column that says of which row."""


def add_keys(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Write the keys of new rows of a kind (`things.MODELS`)."""
    for start in range(0, len(ids), CHUNK):
        values = [
            {"kind": kind, "row_id": row_id, "key": key}
            for row_id, keys in keys_of_rows(session, kind, ids[start : start + CHUNK]).items()
            for key in sorted(keys)
        ]
        if values:
            session.execute(insert(MatchKey), values)


def renew_keys(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Write the keys of changed rows anew; only what differs is touched."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        wanted = {(key, row_id) for row_id, keys in keys_of_rows(session, kind, chunk).items() for key in keys}
        stored = _stored(session, kind, chunk)
        gone, fresh = sorted(stored - wanted), sorted(wanted - stored)
        if gone:
            pair = tuple_(MatchKey.key, MatchKey.row_id)
            session.execute(delete(MatchKey).where(MatchKey.kind == kind, pair.in_(gone)))
        if fresh:
            session.execute(insert(MatchKey), [{"kind": kind, "key": key, "row_id": row_id} for key, row_id in fresh])


def keys_of_rows(session: Session, kind: str, ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The keys that follow from rows as they stand; rows that stand for another have none."""
    rows = session.execute(query_of(kind).where(MODELS[kind].id.in_(ids))).all()
    alias = aliases_of(session, {kind: ids}, people=False).get(kind)
    return {row.id: keys_of(thing_of(kind, row, alias)) for row in rows}


def rebuild(session: Session) -> None:
    """Make the whole index anew from the rows."""
    session.execute(delete(MatchKey))
    for kind in MODELS:
        for ids in _chunks(session, kind):
            add_keys(session, kind, ids)


def fill(session: Session) -> None:
    """Make the index where there is none yet: a database of before, or one restored from such a backup."""
    if session.scalar(select(MatchKey.row_id).limit(1)) is None:
        rebuild(session)


def faults(session: Session) -> Iterator[tuple[str, int]]:
    """Kind and id of every row whose keys are missing, not its own, or left over."""
    for kind, model in MODELS.items():
        for ids in _chunks(session, kind):
            wanted = keys_of_rows(session, kind, ids)
            stored: dict[int, set[str]] = {}
            for key, row_id in _stored(session, kind, ids):
                stored.setdefault(row_id, set()).add(key)
            yield from ((kind, row_id) for row_id in ids if stored.get(row_id, set()) != wanted.get(row_id, set()))
        gone = select(MatchKey.row_id).where(MatchKey.kind == kind, MatchKey.row_id.not_in(select(model.id))).distinct()
        yield from ((kind, row_id) for row_id in session.scalars(gone))


def _stored(session: Session, kind: str, ids: Sequence[int]) -> set[tuple[str, int]]:
    query = select(MatchKey.key, MatchKey.row_id).where(MatchKey.kind == kind, MatchKey.row_id.in_(ids))
    return {(key, row_id) for key, row_id in session.execute(query)}


def _chunks(session: Session, kind: str) -> Iterator[Sequence[int]]:
    model, last = MODELS[kind], 0
    while ids := session.scalars(select(model.id).where(model.id > last).order_by(model.id).limit(CHUNK)).all():
        yield ids
        last = ids[-1]


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Write the keys of what this flush added or changed; drop those of what it deleted."""
    fresh: dict[str, set[int]] = {}
    stale: dict[str, set[int]] = {}
    for row in session.new:
        kind = row.__tablename__
        if kind in SOURCES:
            fresh.setdefault(kind, set()).add(row.id)
        elif type(row) in BESIDE:
            _note(stale, _named_by(row))
    for row in session.dirty:
        if row.__tablename__ in SOURCES and _changed(row, SOURCES[row.__tablename__]):
            stale.setdefault(row.__tablename__, set()).add(row.id)
        elif type(row) in BESIDE:
            _note(stale, _named_by(row))
        _note(stale, _led_to(session, row))
    for row in session.deleted:
        if row.__tablename__ in SOURCES:
            stale.setdefault(row.__tablename__, set()).add(row.id)
        elif type(row) in BESIDE:
            _note(stale, _named_by(row))
    for kind, ids in fresh.items():
        add_keys(session, kind, sorted(ids))
    for kind, ids in stale.items():
        renew_keys(session, kind, sorted(ids - fresh.get(kind, set())))


def _note(stale: dict[str, set[int]], found: Iterable[tuple[str, int]]) -> None:
    for kind, row_id in found:
        stale.setdefault(kind, set()).add(row_id)


def _named_by(row: Any) -> list[tuple[str, int]]:
    """The sites, firm or person that a row beside them belongs to or did: merging hands one on."""
    found = []
    for kind, name in BESIDE[type(row)]:
        history = inspect(row).attrs[name].history
        found += [(kind, value) for value in {*history.sum(), *history.deleted} if value is not None]
    return found


def _led_to(session: Session, row: Any) -> list[tuple[str, int]]:
    """What bears the name of a firm or region that was renamed: its sites and people, or its firms."""
    if isinstance(row, Party) and _changed(row, ("name",)):
        found = [
            (kind, row_id)
            for kind in SITES
            for row_id in session.scalars(select(MODELS[kind].id).where(MODELS[kind].developer_id == row.id))
        ]
        return found + [
            ("contact", each) for each in session.scalars(select(Contact.id).where(Contact.party_id == row.id))
        ]
    if isinstance(row, Region) and _changed(row, ("name",)):
        return [("party", each) for each in session.scalars(select(Party.id).where(Party.region_id == row.id))]
    return []


def _changed(row: Any, names: Sequence[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)

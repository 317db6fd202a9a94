"""The register: every submission, answer and ruling as one more entry, chained by its hash to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.dealers.models import Dealer
from tracker.duplicates.operations.judging import hold_entries
from tracker.events import Kind
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project
from tracker.registrations.models import RegisterEntry, Registration
from tracker.team.models import User
from workflows.protection import put

BEGINNING = "0" * 64
KEPT = (
    "dealer_id",
    "project_id",
    "state",
    "name",
    "kind",
    "step",
    "address",
    "plot_number",
    "latitude",
    "longitude",
    "developer",
    "categories",
    "buildings",
    "quantity",
    "source",
    "word",
    "protected_to",
    "renewals",
)
"""What of a registration an entry keeps."""
CHUNK = 1000


def become(
    session: Session,
    registration: Registration,
    state: str,
    deed: str,
    *,
    by: User | None,
    reason: str = "",
    on: date | None = None,
    kept: Mapping[str, Any] | None = None,
    as_it_stood: bool = False,
    **told: Any,
) -> RegisterEntry:
    """Put a registration into a state: the days of its protection, its event, its line in the register.

    Protection counts from `on` (today), or goes on `as_it_stood`; `kept`: what its line in the register keeps beside
    the registration.
    """
    on, before = on or clock.today(), registration.state
    facts = registration.facts(firm_of(session, registration))
    facts = replace(facts, state=state) if as_it_stood else put(current_definition(), facts, state, on)
    registration.state, registration.renewals = state, facts.renewals
    registration.protected_to = facts.protected_to
    registration.progress_on, registration.progress_days = facts.progress_on, facts.progress_days
    registration.looked_on = None
    session.flush()
    told = {"before": {"state": before}, "state": state, "reason": reason or None, **told}
    events.record(session, Kind.REGISTRATION_STATE, registration, by=by, project_id=registration.project_id, **told)
    entry = write_down(session, registration, deed, by=by, reason=reason, **(kept or {}))
    follow(session, registration)
    return entry


def follow(session: Session, registration: Registration) -> None:
    """Let what is derived of its project follow: a registration is one of its facts."""
    if registration.project_id is not None:
        refresh(session, session.get_one(Project, registration.project_id))


def firm_of(session: Session, registration: Registration) -> str:
    """The registering firm, as facts name it."""
    return str(session.get_one(Dealer, registration.dealer_id).party_id)


def write_down(
    session: Session, registration: Registration, deed: str, *, by: User | None, reason: str = "", **more: Any
) -> RegisterEntry:
    """Add an entry to the register; one at a time, so that the chain has no branches."""
    hold_entries(session)
    session.flush()
    entry = RegisterEntry(
        registration_id=registration.id,
        deed=deed,
        content=content_of(registration, reason, **more),
        at=clock.now(),
        by_id=by.id if by else None,
        previous=last_hash(session),
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()
    return entry


def last_hash(session: Session) -> str:
    """The hash with which the chain ends now."""
    query = select(RegisterEntry.hash).order_by(RegisterEntry.id.desc()).limit(1)
    return session.scalar(query) or BEGINNING


def content_of(registration: Any, reason: str = "", **more: Any) -> str:
    """What an entry keeps of a registration, or of anything with its fields; always the same text for the same."""
    kept = {name: _plain(getattr(registration, name)) for name in KEPT}
    return json.dumps({**kept, "reason": reason, **more}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(entry: Any) -> str:
    """The hash over all that an entry (or anything with its fields) says, and over the entry before."""
    parts = (entry.previous, str(entry.registration_id), entry.deed, _moment(entry.at), str(entry.by_id), entry.content)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def broken_entries(session: Session) -> Iterator[tuple[int, str]]:
    """Number and fault of every entry that is not what it was, or does not follow the one before."""
    previous, last = BEGINNING, 0
    while True:
        query = select(RegisterEntry).where(RegisterEntry.id > last).order_by(RegisterEntry.id).limit(CHUNK)
        entries = session.scalars(query).all()
        if not entries:
            return
        for entry in entries:
            if entry.hash != hash_of(entry):
                yield entry.id, "was changed"
            if entry.previous != previous:
                yield entry.id, "does not follow the entry before it"
            previous, last = entry.hash, entry.id


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

"""The whole examination, from the ground up: what rests on something broken is not examined."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import Config
from tracker import clock, migrating
from tracker.database import read_snapshot
from tracker.doctor.clocks import examine_worker
from tracker.doctor.findings import Finding, Told
from tracker.doctor.forecasts import examine_forecasts
from tracker.doctor.installation import examine_database, examine_settings, examine_storage
from tracker.doctor.merges import examine_merges
from tracker.doctor.people import examine_people
from tracker.doctor.pictures import examine_bytes, examine_pictures
from tracker.doctor.projects import examine_definitions, examine_projects, examine_sums
from tracker.doctor.register import examine_register
from tracker.storage import Storage


def examine(
    config: Config, session: Session, storage: Storage, tell: Told, *, every_byte: bool = False
) -> Iterator[Finding]:
    """Everything, in the application's context. It sees one moment of the database and holds nobody up.

    `every_byte`: the stored originals and documents are read and compared with their hashes, too.
    """
    wrong = list(examine_settings(config))
    yield from wrong
    if any(finding.fault for finding in wrong):
        return
    clock.use_zone(config.timezone)
    yield from examine_storage(storage)
    try:
        with read_snapshot(session):
            yield from _examine_database(session, storage, tell)
            if every_byte and not _standing(session):
                yield from examine_bytes(session, storage, tell)
    except DBAPIError as error:
        yield Finding(f"database: it does not answer: {' '.join(str(error.orig).split())}")


def _examine_database(session: Session, storage: Storage, tell: Told) -> Iterator[Finding]:
    why = _standing(session)
    if why:
        yield Finding(f"database: {why}")
        return
    yield from examine_database(session.connection())
    yield from examine_people(session)
    yield from examine_definitions(session)
    yield from examine_pictures(session, storage, tell)
    yield from examine_projects(session, tell)
    yield from examine_sums(session)
    yield from examine_merges(session)
    yield from examine_register(session)
    yield from examine_forecasts(session)
    yield from examine_worker(session, clock.today())


def _standing(session: Session) -> str | None:
    """Why the database cannot be examined further, if so."""
    missing = migrating.missing_file(session.get_bind().engine)
    if missing:
        return f"there is none at {missing}; `tracker init` starts an empty company"
    revision, head = migrating.revision_of(session.connection()), migrating.head_revision()
    if revision != head:
        return f"it is at revision {revision or 'none'}, the newest is {head}; `tracker serve` brings it there"
    return None

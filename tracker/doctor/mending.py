"""Writing derived state anew from the facts, where a restore, a mended row or a new rule left it behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.contacts import keeping as contact_rows
from tracker.doctor.findings import Told
from tracker.doctor.pictures import examine_pictures
from tracker.duplicates import indexing as match_keys
from tracker.gallery.models import Photo
from tracker.gallery.operations.marking import mark_some, restore_sizes
from tracker.history import keeping
from tracker.matrix.operations.refreshing import CHUNK, refresh_many
from tracker.parties import tallying as firms
from tracker.projects import tallying
from tracker.projects.models import Project
from tracker.search import indexing
from tracker.storage import Storage

GRACE = timedelta(days=7)  # a file whose row is not written yet is younger


def mend_derived(session: Session, tell: Told, commit: Callable[[], None]) -> None:
    """Derive every project, the board's tally, the past days, what follows from contacts, the indexes. Facts stay.

    `commit` is called after each chunk by the entry point's own hand, so that nobody waits long for the database.
    """
    ids = session.scalars(select(Project.id).order_by(Project.id)).all()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        refresh_many(session, chunk)
        commit()
        session.expunge_all()
        tell("projects derived", start + len(chunk), len(ids))
    tallying.recount(session)
    firms.recount(session)
    keeping.rebuild(session)
    contact_rows.mend(session)
    indexing.rebuild(session)
    match_keys.rebuild(session)
    commit()


def mend_media(session: Session, storage: Storage, tell: Told, commit: Callable[[], None]) -> tuple[int, int]:
    """Delete files to which nothing has referred for a week, make lost shown sizes anew, and keep the marks of pictures
    that have none. Returns how many files went, and how many pictures got their marks."""
    stray = [finding.key for finding in examine_pictures(session, storage, tell) if finding.key]
    gone = 0
    for key in stray:
        try:
            if storage.stored_at(key) < clock.now() - GRACE:
                storage.delete(key)
                gone += 1
        except FileNotFoundError:
            continue
    kept = select(Photo).where(Photo.purged_at.is_(None)).order_by(Photo.id)
    for photo in session.scalars(kept.execution_options(yield_per=CHUNK)):
        restore_sizes(storage, photo)
    at: int | None = 0
    marked = 0
    while at is not None:
        at, number = mark_some(session, storage, at, CHUNK)
        marked += number
        commit()
        session.expunge_all()
    return gone, marked

"""Writing derived state anew from the facts, where a restore, a mended row or a new rule left it behind."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.contacts import keeping as contact_rows
from tracker.doctor.findings import Told
from tracker.duplicates import indexing as match_keys
from tracker.history import keeping
from tracker.matrix.operations.refreshing import CHUNK, refresh_many
from tracker.parties import tallying as firms
from tracker.projects import tallying
from tracker.projects.models import Project
from tracker.search import indexing


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

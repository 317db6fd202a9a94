"""Writing derived state anew from the facts, where a restore, a mended row or a new rule left it behind."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.doctor.findings import Told
from tracker.history import keeping
from tracker.matrix.operations.refreshing import CHUNK, refresh_many
from tracker.projects import tallying
from tracker.projects.models import Project
from tracker.search import indexing


def mend_derived(session: Session, tell: Told, commit: Callable[[], None]) -> None:
    """Derive every project, the board's tally, the past days and the index of words. Facts stay as they are.

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
    keeping.rebuild(session)
    indexing.rebuild(session)
    commit()

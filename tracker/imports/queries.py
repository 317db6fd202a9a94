"""Reads about imports. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.dealers.models import StockLine
from tracker.errors import NotFound
from tracker.imports.models import ImportChange, ImportRun
from tracker.leads.models import Lead
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.team.models import User

MODELS: dict[str, Any] = {"leads": Lead, "projects": Project, "parties": Party, "contacts": Contact,
                          "stock": StockLine}  # fmt: skip
SHOWN = 100  # things named on a run's page
RUNS = 50  # shown


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing that an import made or changed, as its page names it."""

    thing_id: int
    name: str
    action: str
    fate: str


def get_run(session: Session, by: User, run_id: int) -> ImportRun:
    """One import, or NotFound."""
    found = session.scalar(select(ImportRun).where(ImportRun.id == run_id, visible(ImportRun, by)))
    if found is None:
        raise NotFound
    return found


def runs_asked(by: User, kind: str = "") -> Select[ImportRun]:
    """Imports of one kind or of all, the newest first."""
    query = select(ImportRun).where(visible(ImportRun, by)).order_by(ImportRun.id.desc())
    if kind:
        query = query.where(ImportRun.kind == kind)
    return query.options(joinedload(ImportRun.by))


def list_runs(session: Session, by: User, kind: str = "") -> Sequence[ImportRun]:
    """The newest imports."""
    return session.scalars(runs_asked(by, kind).limit(RUNS)).all()


def list_changed(session: Session, by: User, run: ImportRun, action: str = "", fate: str = "") -> Sequence[Changed]:
    """The first of the things that a run made or changed and that the user still sees."""
    model = MODELS[run.kind]
    query = (
        select(model.id, model.name, ImportChange.action, ImportChange.fate)
        .join(ImportChange, ImportChange.subject_id == model.id)
        .where(ImportChange.run_id == run.id, ImportChange.subject == model.__tablename__, visible(model, by))
        .order_by(ImportChange.id)
        .limit(SHOWN)
    )
    if action:
        query = query.where(ImportChange.action == action)
    if fate:
        query = query.where(ImportChange.fate == fate)
    return [Changed(*row) for row in session.execute(query)]


def count_doubles(session: Session, run: ImportRun) -> int:
    """How many rows of an import came in as duplicates of what was on record. The caller has checked the run."""
    marked = Lead.duplicate_of_id.is_not(None) | Lead.duplicate_project_id.is_not(None)
    return session.scalar(select(func.count()).where(Lead.import_run_id == run.id, marked)) or 0


def count_fates(session: Session, run: ImportRun) -> dict[str, int]:
    """How many of a run's changes stand, were undone, or were kept."""
    query = select(ImportChange.fate, func.count()).where(ImportChange.run_id == run.id).group_by(ImportChange.fate)
    return dict(session.execute(query).all())

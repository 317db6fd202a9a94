"""Reads of definitions: versions and drafts, and what a new version would do to the open projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import Action, may
from tracker.definitions.models import OPEN, DefinitionDraft, Publication
from tracker.errors import NotFound
from tracker.matrix.definitions import get_definition, list_published
from tracker.matrix.models import DefinitionVersion
from tracker.projects.models import Project
from tracker.projects.queries import LIVE
from tracker.team.models import User
from workflows.definition import Definition
from workflows.loading import DEFINITIONS

Groups = Sequence[tuple[str, int]]


def _only_administrators(by: User) -> None:
    if not may(by, Action.ADMINISTER):
        raise NotFound


def in_groups(groups: Groups) -> ColumnElement[bool]:
    """The condition for open projects of these versions. Lost and closed projects keep theirs for ever."""
    if not groups:
        return false()
    of = [and_(Project.definition_key == key, Project.definition_version == version) for key, version in groups]
    return and_(or_(*of), Project.state.in_(LIVE))


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version: when, by whom and why, and how many projects keep it, how many of them open."""

    key: str
    version: int
    published_at: Any
    by: User | None
    publication: Publication | None
    projects: int
    live: int


def list_versions(session: Session, by: User) -> Sequence[VersionLine]:
    """All published versions, by definition, the newest first."""
    _only_administrators(by)
    stored = session.execute(
        select(DefinitionVersion, User, Publication)
        .outerjoin(User, User.id == DefinitionVersion.published_by_id)
        .outerjoin(
            Publication,
            and_(Publication.key == DefinitionVersion.key, Publication.version == DefinitionVersion.version),
        )
        .order_by(DefinitionVersion.key, DefinitionVersion.version.desc())
    ).all()
    counts = _project_counts(session)
    lines = [
        VersionLine(v.key, v.version, v.published_at, user, publication, *counts.pop((v.key, v.version), (0, 0)))
        for v, user, publication in stored
    ]
    known = {(line.key, line.version) for line in lines}
    bare = [group for group in list_published(session) if group not in known]
    return lines + [VersionLine(*group, None, None, None, *counts.get(group, (0, 0))) for group in bare]


def _project_counts(session: Session) -> dict[tuple[str, int], tuple[int, int]]:
    """(all, open) projects by version."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    columns = (Project.definition_key, Project.definition_version, Project.state)
    for key, version, state, count in session.execute(select(*columns, func.count()).group_by(*columns)):
        total, live = found.get((key, version), (0, 0))
        found[key, version] = (total + count, live + (count if state in LIVE else 0))
    return found


def get_version(session: Session, by: User, key: str, version: int) -> Definition:
    """A published version, or NotFound."""
    _only_administrators(by)
    try:
        return get_definition(session, key, version)
    except LookupError:
        raise NotFound from None


def list_drafts(session: Session, by: User) -> Sequence[DefinitionDraft]:
    """The open drafts, the last changed first."""
    _only_administrators(by)
    query = select(DefinitionDraft).where(DefinitionDraft.state == OPEN).order_by(DefinitionDraft.changed_at.desc())
    return session.scalars(query.options(joinedload(DefinitionDraft.started_by))).all()


def get_draft(session: Session, by: User, draft_id: int) -> DefinitionDraft:
    """An open draft, or NotFound."""
    _only_administrators(by)
    found = session.scalar(
        select(DefinitionDraft)
        .where(DefinitionDraft.id == draft_id, DefinitionDraft.state == OPEN)
        .options(joinedload(DefinitionDraft.started_by))
    )
    if found is None:
        raise NotFound
    return found


def get_publication(session: Session, by: User, publication_id: int) -> Publication:
    """A publication, or NotFound."""
    _only_administrators(by)
    query = select(Publication).where(Publication.id == publication_id).options(joinedload(Publication.by))
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_shipped(session: Session) -> Sequence[str]:
    """The keys of definitions that come with the product and are not published yet."""
    published = {key for key, _version in list_published(session)}
    return sorted(path.stem for path in DEFINITIONS.glob("*.yaml") if path.stem not in published)


def list_groups(session: Session) -> Sequence[tuple[str, int, int]]:
    """(key, version, open projects) of every version that open projects keep."""
    counts = _project_counts(session)
    return [(key, version, live) for (key, version), (_all, live) in sorted(counts.items()) if live]

"""Other names of a site: what promotion calls it, what it is registered as, what people at the gate say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.projects.models import Project, SiteName
from tracker.team.models import User

KINDS = ("promotion", "registered", "site")


def add_site_name(session: Session, project: Project, kind: str, name: str, *, by: User) -> SiteName:
    """Add another name of a project's site."""
    require(by, Action.PROJECT_EDIT, project)
    return name_site(session, project, kind, name, by=by)


def drop_site_name(session: Session, project: Project, row: SiteName, *, by: User) -> None:
    """Take another name of a project's site away; the history keeps it."""
    require(by, Action.PROJECT_EDIT, project)
    unname_site(session, project, row, by=by)


def name_site(session: Session, thing: Any, kind: str, name: str, *, by: User) -> SiteName:
    """Write down another name of a lead's or project's site. The caller has asked whether he may."""
    name = name.strip()
    if kind not in KINDS:
        raise Invalid("kind", _l("Choose what kind of name it is."))
    if not name:
        raise Invalid("name", _l("Write the name."))
    if len(name) > 200:
        raise Invalid("name", _l("At most 200 characters, please."))
    mine = SiteName.project_id if isinstance(thing, Project) else SiteName.lead_id
    known = session.scalars(select(SiteName.name).where(mine == thing.id)).all()
    if name in (thing.name, *known):
        raise Invalid("name", _l("The site is called so already."))
    row = SiteName(**{mine.key: thing.id}, kind=kind, name=name, by_id=by.id)
    session.add(row)
    session.flush()
    events.record(session, Kind.SITE_NAMED, thing, by=by, project_id=_project_id(thing), name=name, name_kind=kind)
    return row


def unname_site(session: Session, thing: Any, row: SiteName, *, by: User) -> None:
    """Take a name away again; who did so and what it was stays in the history."""
    session.delete(row)
    session.flush()
    told = {"name": row.name, "name_kind": row.kind}
    events.record(session, Kind.SITE_NAME_DROPPED, thing, by=by, project_id=_project_id(thing), **told)


def _project_id(thing: Any) -> int | None:
    return thing.id if isinstance(thing, Project) else None

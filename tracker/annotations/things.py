"""What may be annotated: how it is found, what it is called, whose work it is, where its page is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.annotations.models import Annotation
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.reports.models import Report
from tracker.team.models import User

MODELS: dict[str, Any] = {
    "record": Record,
    "photo": Photo,
    "project": Project,
    "lead": Lead,
    "registration": Registration,
    "report": Report,
}
_PARTS: dict[str, tuple[Any, ...]] = {
    "record": (joinedload(Record.project).joinedload(Project.team),),
    "photo": (joinedload(Photo.project).joinedload(Project.team),),
    "project": (joinedload(Project.team),),
    "lead": (joinedload(Lead.team),),
    "registration": (joinedload(Registration.project),),
    "report": (
        joinedload(Report.user),
        joinedload(Report.team),
        joinedload(Report.region),
        joinedload(Report.project).joinedload(Project.team),
    ),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing to annotate. `home`: what decides who leads there (its project or lead, else itself); `worker_id`: whose
    work it is; `site`: the name of its site, firm or person, as users typed it."""

    on: str
    row: Any
    home: Any
    worker_id: int | None
    site: str

    @property
    def key(self) -> str:
        """By what its address names it: pictures by their token."""
        return str(self.row.token if self.on == "photo" else self.row.id)


def get_thing(session: Session, by: User, on: str, key: str) -> Thing:
    """A thing that the user sees, by its kind and its key; or NotFound."""
    model: Any = MODELS.get(on)
    named: Any = None
    if on == "photo":
        named = Photo.token == key
    elif model is not None and key.isascii() and key.isdecimal() and len(key) < 10:
        named = model.id == int(key)
    if named is None:
        raise NotFound
    row = session.scalar(select(model).where(named, visible(model, by)).options(*_PARTS[on]))
    if row is None:
        raise NotFound
    return thing_of(session, on, row)


def thing_of(session: Session, on: str, row: Any) -> Thing:
    """The row as a thing to annotate."""
    home = row
    if on in ("record", "photo"):
        home = row.project or (_lead_of(session, row.lead_id) if row.lead_id else None)
        if home is None:
            raise NotFound
    match on:
        case "record":
            worker = row.author_id
        case "photo":
            worker = row.uploader_id
        case "registration":
            worker = row.created_by_id
        case "report":
            worker = row.user_id or (row.team.supervisor_id if row.team else None)
        case _:
            worker = row.owner_id
    return Thing(on, row, home, worker, site_of(home))


def _lead_of(session: Session, lead_id: int) -> Lead:
    return session.get_one(Lead, lead_id, options=(joinedload(Lead.team),))


def site_of(home: Any) -> str:
    """What users called it: a site's name; of a report the person, team, region or project it is about."""
    if isinstance(home, Report):
        subject = home.project or home.user or home.team or home.region
        return subject.name if subject else ""
    return str(home.name)


def sees(session: Session, user: User, annotation: Annotation) -> bool:
    """Whether somebody sees an annotation, and so the thing it is on (role and team loaded)."""
    query = select(Annotation.id).where(Annotation.id == annotation.id, visible(Annotation, user))
    return session.scalar(query) is not None


def sees_thing(session: Session, user: User, thing: Thing) -> bool:
    """Whether somebody sees the thing."""
    model = MODELS[thing.on]
    return session.scalar(select(model.id).where(model.id == thing.row.id, visible(model, user))) is not None

"""Who and what belongs to a project, for its page: read in one round trip, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.access import is_dealer, sight, visible
from tracker.database import Money
from tracker.parties.models import Contact, Party
from tracker.projects.models import CategoryLine, Project, ProjectContact, ProjectParty, SiteName
from tracker.remembering import remembered
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class JoinedParty:
    """A firm in a role on a project."""

    party_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class JoinedContact:
    """A person in a project's circle."""

    contact_id: int
    name: str
    post: str | None
    role: str | None
    attitude: str
    last_met_on: date | None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A material category of a project."""

    category: str
    main: bool
    phase: str | None
    result: str
    value: Decimal | None


LINKED: ColumnElement[bool] = and_(
    or_(
        Project.parent_id == bindparam("project"),
        Project.id == bindparam("parent"),
        Project.parent_id == bindparam("parent"),
    ),
    Project.id != bindparam("project"),
)
"""The condition under which a project is linked to another: its parent, its siblings, its own parts."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A project linked to this one: its parent, a sibling, or a part of it."""

    id: int
    name: str
    phase: str
    state: str


@dataclass(frozen=True, slots=True)
class Circle:
    """Who and what belongs to a project beside its team and buildings, each in the order of joining.

    `linked`: its kin as far as the user sees it. For ours alone: `waiting`, the ids of its open requests; `annotated`,
    whether it or what was done there bears annotations; `off_corridor`, whether it left that of projects won.
    """

    parties: Sequence[JoinedParty]
    contacts: Sequence[JoinedContact]
    categories: Sequence[Line]
    linked: Sequence[Kin]
    waiting: Sequence[int]
    names: Sequence[tuple[str, str]] = ()  # other names of the site, as (kind, name)
    annotated: bool = False
    off_corridor: bool = False


def load_circle(session: Session, by: User, project: Project) -> Circle:
    """The circle of a project that the user sees, in one round trip."""
    rows = sorted(session.execute(_circle(by), kinship(project)).all(), key=itemgetter(1))
    return Circle(
        [JoinedParty(key, name, role) for mark, _at, key, name, role, *_more in rows if mark == "p"],
        [
            JoinedContact(key, name, post, role, attitude, met, left)
            for mark, _at, key, name, role, post, attitude, met, left, _value in rows
            if mark == "c"
        ],
        [
            Line(name, bool(main), phase, result, value)
            for mark, _at, main, name, phase, result, _none, _never, _not, value in rows
            if mark == "l"
        ],
        [Kin(key, name, phase, state) for mark, _at, key, name, phase, state, *_more in rows if mark == "k"],
        [key for mark, _at, key, *_more in rows if mark == "w"],
        [(kind, name) for mark, _at, _key, name, kind, *_more in rows if mark == "n"],
        annotated=any(row[0] == "a" for row in rows),
        off_corridor=any(row[0] == "o" for row in rows),
    )


@remembered(sight)
def _circle(by: User) -> CompoundSelect[Any]:
    from tracker.annotations.models import Annotation
    from tracker.annotations.queries import is_on
    from tracker.history.models import OffCorridor
    from tracker.matrix.models import Approval

    kin = select(
        literal("k"),
        Project.id,
        Project.id,
        Project.name,
        Project.phase,
        Project.state,
        _NO_TEXT,
        _NO_DAY,
        _NO_DAY,
        _NO_VALUE,
    ).where(LINKED, visible(Project, by))
    waiting = select(
        literal("w"), Approval.id, Approval.id, _NO_TEXT, _NO_TEXT, _NO_TEXT, _NO_TEXT, _NO_DAY, _NO_DAY, _NO_VALUE
    ).where(Approval.project_id == bindparam("project"), Approval.state == "open")
    if is_dealer(by):
        return union_all(*_JOINED, kin)
    here = bindparam("project", type_=Integer)
    nothing = (literal(0), literal(0), *(_NO_TEXT,) * 4, _NO_DAY, _NO_DAY, _NO_VALUE)
    annotated = select(literal("a"), *nothing).where(exists(select(Annotation.id).where(is_on("project", here))))
    off = select(literal("o"), *nothing).where(exists().where(OffCorridor.project_id == here))
    return union_all(*_JOINED, kin, waiting, annotated, off)


def kinship(project: Project) -> dict[str, int | None]:
    """What `LINKED` wants to know of the project whose kin is asked for."""
    return {"project": project.id, "parent": project.parent_id}


_NO_TEXT, _NO_DAY, _NO_VALUE = cast(null(), String), cast(null(), Date), cast(null(), Money)
_JOINED: Sequence[Any] = (
    select(
        literal("p"), ProjectParty.id, ProjectParty.party_id, Party.name, ProjectParty.role, _NO_TEXT, _NO_TEXT,
        _NO_DAY, _NO_DAY, _NO_VALUE,
    )
    .join(Party, Party.id == ProjectParty.party_id)
    .where(ProjectParty.project_id == bindparam("project")),
    select(
        literal("c"), ProjectContact.id, Contact.id, Contact.name, ProjectContact.role, Contact.post,
        ProjectContact.attitude, ProjectContact.last_met_on, Contact.left_on, _NO_VALUE,
    )
    .join(Contact, Contact.id == ProjectContact.contact_id)
    .where(ProjectContact.project_id == bindparam("project")),
    select(
        literal("l"), CategoryLine.id, cast(CategoryLine.main, Integer), CategoryLine.category, CategoryLine.phase,
        CategoryLine.result, _NO_TEXT, _NO_DAY, _NO_DAY, CategoryLine.value,
    ).where(CategoryLine.project_id == bindparam("project")),
    select(
        literal("n"), SiteName.id, SiteName.id, SiteName.name, SiteName.kind, _NO_TEXT, _NO_TEXT, _NO_DAY,
        _NO_DAY, _NO_VALUE,
    ).where(SiteName.project_id == bindparam("project")),
)  # fmt: skip


def list_lines(session: Session, project: Project) -> Sequence[CategoryLine]:
    """The rows of a project's material categories, in the order in which they were added."""
    query = select(CategoryLine).where(CategoryLine.project_id == project.id).order_by(CategoryLine.id)
    return session.scalars(query).all()

"""Reads of annotations. The user comes first; what one sees follows the thing they are on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import sight, visible
from tracker.annotations.models import THINGS, Annotation, AnnotationAnswer, AnnotationPerson
from tracker.dealers.models import Dealer
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.matrix.models import Record
from tracker.paging import Page, page_of
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.remembering import remembered
from tracker.reports.models import Report
from tracker.team.models import User

MOST = 30  # threads on the page of a thing
FIRST = 8  # on Today
_ROW: Any = bindparam("row", type_=Integer)


def _things() -> tuple[Any, ...]:
    """The names of the things, of which nothing else is shown."""
    report = joinedload(Annotation.report)
    return (
        joinedload(Annotation.project),
        joinedload(Annotation.lead),
        joinedload(Annotation.registration),
        joinedload(Annotation.record).joinedload(Record.project),
        joinedload(Annotation.photo).joinedload(Photo.project),
        report.joinedload(Report.user),
        report.joinedload(Report.team),
        report.joinedload(Report.region),
        report.joinedload(Report.project),
    )


def whole() -> tuple[Any, ...]:
    """What a thing must bring along to say who leads there."""
    report = joinedload(Annotation.report)
    return (
        joinedload(Annotation.project).joinedload(Project.team),
        joinedload(Annotation.lead),
        joinedload(Annotation.registration),
        joinedload(Annotation.record).joinedload(Record.project).joinedload(Project.team),
        joinedload(Annotation.photo).joinedload(Photo.project).joinedload(Project.team),
        report.joinedload(Report.user),
        report.joinedload(Report.team),
        report.joinedload(Report.region),
        report.joinedload(Report.project).joinedload(Project.team),
    )


_PEOPLE = (joinedload(Annotation.by), joinedload(Annotation.to))


def get_annotation(session: Session, by: User, annotation_id: int) -> Annotation:
    """One annotation with its thing, people and answers, or NotFound."""
    answers = selectinload(Annotation.answers).joinedload(AnnotationAnswer.by)
    people = selectinload(Annotation.people).joinedload(AnnotationPerson.user)
    query = select(Annotation).where(Annotation.id == annotation_id, visible(Annotation, by))
    found = session.scalar(query.options(*whole(), *_PEOPLE, answers, people))
    if found is None:
        raise NotFound
    return found


WHICH = ("mine", "asked", "all")


def annotations_asked(by: User, which: str = "mine") -> Select[Annotation]:
    """`mine`: open and said to him; `asked`: open, of his own saying or with him in it; `all`: all he has part in."""
    open_ = Annotation.state == "open"
    with_him = (AnnotationPerson.annotation_id == Annotation.id, AnnotationPerson.user_id == by.id)
    joined = exists().where(*with_him).correlate(Annotation)
    if which == "mine":
        chosen = and_(Annotation.to_id == by.id, open_)
    elif which == "asked":
        chosen = and_(open_, Annotation.to_id != by.id, joined)
    else:
        chosen = or_(Annotation.to_id == by.id, joined)
    query = select(Annotation).where(chosen, visible(Annotation, by)).order_by(Annotation.id.desc())
    return query.options(*_things(), *_PEOPLE)


def list_annotations(session: Session, by: User, which: str = "mine", page: int = 1) -> Page[Annotation]:
    """A page of those in which the user has part, the newest first."""
    return page_of(session, annotations_asked(by, which), page)


def list_to_answer(session: Session, by: User, limit: int = FIRST) -> Sequence[Annotation]:
    """What waits for the user's answer, the oldest first, for Today."""
    return session.scalars(_to_answer(limit, by)).all()


@remembered(sight)
def _to_answer(limit: int, by: User) -> Any:
    return annotations_asked(by, "mine").order_by(None).order_by(Annotation.id).limit(limit)


def threads_on(session: Session, by: User, on: str, row_id: int) -> Sequence[Annotation]:
    """The annotations on a thing that the user sees, open ones first; of a project also on what was done there.

    Most things bear none, so that is asked first, in a statement that costs next to nothing.
    """
    if session.scalar(_SOME[on], {"row": row_id}) is None:
        return ()
    return session.scalars(_threads(on, by), {"row": row_id}).all()


def is_on(thing: str, row: Any = _ROW) -> ColumnElement[bool]:
    """The condition that an annotation is on a thing; of a project or lead also on what was done there."""
    own: ColumnElement[bool] = getattr(Annotation, f"{thing}_id") == row
    if thing not in ("project", "lead"):
        return own
    inside = [
        column.in_(select(model.id).where(getattr(model, f"{thing}_id") == row))
        for model, column in ((Record, Annotation.record_id), (Photo, Annotation.photo_id))
    ]
    return or_(own, *inside)


_SOME = {thing: select(Annotation.id).where(is_on(thing)).limit(1) for thing in THINGS}


@remembered(sight)
def _threads(on: str, by: User) -> Any:
    query = select(Annotation).where(is_on(on), visible(Annotation, by))
    query = query.order_by(Annotation.state != "open", Annotation.id.desc()).limit(MOST)
    return query.options(joinedload(Annotation.photo), *_PEOPLE)


def count_open(session: Session, by: User) -> int:
    """How many wait for the user's answer."""
    return session.scalar(select(number_open(by))) or 0


def number_open(by: User) -> Any:
    """The same as a part of another statement."""
    query = select(func.count()).select_from(Annotation)
    return query.where(Annotation.to_id == by.id, Annotation.state == "open").scalar_subquery()


def list_people_of(session: Session, by: User, registration: Registration) -> Sequence[User]:
    """The people of the dealer whose registration it is, to whom something may be said about it."""
    query = (
        select(User)
        .join(Dealer, Dealer.party_id == User.party_id)
        .where(Dealer.id == registration.dealer_id, visible(Dealer, by), User.active)
        .order_by(User.name)
    )
    return session.scalars(query).all()

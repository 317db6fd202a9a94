"""Reads about who is away. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker import clock
from tracker.absences.models import TRIP, Absence
from tracker.access import overseen, visible
from tracker.errors import NotFound
from tracker.matrix.models import Record
from tracker.team.models import User

SHOWN = 20  # absences of one person
MOST_AWAY = 200  # on one page

Away = Mapping[int, Absence]
"""Who is away, by the number of the person."""


def load_away(session: Session, by: User | None) -> Away:
    """Who of ours is away today and who stands in for each, in one statement; `by` None: asked by the system itself."""
    query = select(Absence).where(_today())
    if by is not None:
        query = query.where(visible(Absence, by))
    options = (joinedload(Absence.user), joinedload(Absence.stand_in))
    return {one.user_id: one for one in session.scalars(query.options(*options))}


def _today() -> ColumnElement[bool]:
    """The condition that an absence holds today."""
    today = clock.company_day(clock.now())
    return and_(Absence.starts_on <= today, Absence.ends_on >= today, Absence.ended_at.is_(None))


def list_colleagues_and_absences(session: Session, by: User) -> Sequence[tuple[User, Absence | None]]:
    """Our own active people by name, each with today's absence; in one statement, for pages that count theirs."""
    query = (
        select(User, Absence)
        .outerjoin(Absence, and_(Absence.user_id == User.id, _today(), visible(Absence, by)))
        .where(visible(User, by), User.active, User.party_id.is_(None))
        .order_by(User.name, User.id)
    )
    return [(person, absence) for person, absence in session.execute(query)]


def list_absences(session: Session, by: User, person: User, since: date | None = None) -> Sequence[Absence]:
    """One person's absences, the latest first; with `since` only those that count and are not over on that day."""
    query = select(Absence).where(Absence.user_id == person.id, visible(Absence, by))
    if since is not None:
        query = query.where(Absence.ends_on >= since, Absence.ended_at.is_(None))
    query = query.order_by(Absence.starts_on.desc(), Absence.id.desc()).limit(SHOWN)
    options = (joinedload(Absence.stand_in), joinedload(Absence.by), joinedload(Absence.record))
    return session.scalars(query.options(*options)).all()


def list_away(
    session: Session, by: User, first: date, last: date, *, person: int = 0, team: int = 0
) -> Sequence[Absence]:
    """Who is away on a day from one to another: everybody the user covers, or one person, or a team."""
    query = select(Absence).join(Absence.user).where(Absence.starts_on <= last, Absence.ends_on >= first)
    query = query.where(Absence.ended_at.is_(None), visible(Absence, by))
    if person:
        query = query.where(Absence.user_id == person)
    else:
        query = query.where(or_(overseen(User, by), User.id == by.id))
    if team:
        query = query.where(User.team_id == team)
    query = query.order_by(Absence.starts_on, Absence.id).limit(MOST_AWAY)
    whole = (contains_eager(Absence.user).joinedload(User.team), joinedload(Absence.stand_in))
    return session.scalars(query.options(*whole)).all()


def list_proofs(session: Session, by: User, person: User, absences: Iterable[Absence]) -> Sequence[Record]:
    """What the person did during trips of his of which nothing proves yet that he was there, the newest first."""
    open_trips = [one for one in absences if one.kind == TRIP and one.record_id is None and one.ended_at is None]
    if not open_trips:
        return ()
    days = or_(*(Record.happened_on.between(one.starts_on, one.ends_on) for one in open_trips))
    query = select(Record).where(Record.author_id == person.id, days, Record.is_plan.is_(False), visible(Record, by))
    query = query.order_by(Record.happened_on.desc(), Record.id.desc()).limit(SHOWN)
    return session.scalars(query.options(joinedload(Record.project))).all()


def list_register(session: Session, by: User, first: date, last: date) -> Sequence[Absence]:
    """Who of ours is away on a day from one to another, by the day on which he goes."""
    query = select(Absence).where(Absence.starts_on <= last, Absence.ends_on >= first, Absence.ended_at.is_(None))
    query = query.where(visible(Absence, by)).order_by(Absence.starts_on, Absence.id).limit(MOST_AWAY)
    options = (joinedload(Absence.user).joinedload(User.team), joinedload(Absence.stand_in), joinedload(Absence.record))
    return session.scalars(query.options(*options)).all()


def get_absence(session: Session, by: User, person: User, absence_id: int) -> Absence:
    """One absence of a person, or NotFound."""
    query = select(Absence).where(Absence.id == absence_id, Absence.user_id == person.id, visible(Absence, by))
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found

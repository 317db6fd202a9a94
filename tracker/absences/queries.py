"""Reads about who is away. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker import clock
from tracker.absences.models import Absence
from tracker.access import overseen, visible
from tracker.errors import NotFound
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
    return session.scalars(query.options(joinedload(Absence.stand_in), joinedload(Absence.by))).all()


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


def get_absence(session: Session, by: User, person: User, absence_id: int) -> Absence:
    """One absence of a person, or NotFound."""
    query = select(Absence).where(Absence.id == absence_id, Absence.user_id == person.id, visible(Absence, by))
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found

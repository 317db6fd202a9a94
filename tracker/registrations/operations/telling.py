"""Telling people of a registration: its dealer's own, and of ours those who look after him."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access.of_dealers import DESK
from tracker.access.of_registrations import decides_conflicts_above
from tracker.dealers.models import Dealer
from tracker.dealers.operations.telling import managers_of, people_of
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, tell_once
from tracker.projects.models import Project, ProjectMember
from tracker.registrations.models import Conflict, Registration
from tracker.team.models import User

PHASE = "registration"  # where things of registrations are: in no cell
NEWS = "claim_news"
_WHOLE = (joinedload(User.role), joinedload(User.team))


def tell_dealer(
    session: Session, registration: Registration, key: str, zh: str, en: str, mailing: Mailing | None = None
) -> bool:
    """Tell the dealer's people, once for each `key`."""
    dealer = session.get_one(Dealer, registration.dealer_id)
    return _tell(session, registration, key, "dealer", people_of(session, dealer), zh, en, mailing=mailing)


def tell_desk(
    session: Session,
    registration: Registration,
    key: str,
    zh: str,
    en: str,
    *,
    level: str = "remind",
    due_on: date | None = None,
    mailing: Mailing | None = None,
) -> bool:
    """Tell who looks after the dealer."""
    dealer = session.get_one(Dealer, registration.dealer_id)
    people = managers_of(session, dealer)
    return _tell(session, registration, key, DESK[:12], people, zh, en, level, due_on, mailing)


def tell_directors(
    session: Session,
    registration: Registration,
    key: str,
    zh: str,
    en: str,
    *,
    due_on: date | None = None,
    mailing: Mailing | None = None,
) -> bool:
    """Tell who decides what the orders before leave open, and appeals."""
    query = select(User).where(User.active, User.party_id.is_(None)).options(*_WHOLE).order_by(User.id)
    people = [one for one in session.scalars(query) if decides_conflicts_above(one)]
    return _tell(session, registration, key, "above", people, zh, en, "decide", due_on, mailing)


def tell_ours(session: Session, conflict: Conflict, key: str, zh: str, en: str, mailing: Mailing | None = None) -> bool:
    """Tell the direct side of a conflict: who owns the project, and its team."""
    project = session.get_one(Project, conflict.project_id)
    members = select(ProjectMember.user_id).where(ProjectMember.project_id == project.id)
    query = select(User).where(
        or_(User.id == project.owner_id, User.id.in_(members)), User.active, User.party_id.is_(None)
    )
    saying = Saying(
        key=key,
        kind="conflict",
        level="remind",
        due_on=conflict.evidence_by,
        audience="owner",
        zh=zh,
        en=en,
        phase=project.phase,
        step=project.step,
        rule="G27",
    )
    people = session.scalars(query.options(*_WHOLE).order_by(User.id)).all()
    return tell_once(session, project, saying, people, mailing)


def _tell(
    session: Session,
    registration: Registration,
    key: str,
    audience: str,
    people: Iterable[User],
    zh: str,
    en: str,
    level: str = "remind",
    due_on: date | None = None,
    mailing: Mailing | None = None,
) -> bool:
    saying = Saying(
        key=f"{key}:{audience}",
        kind=NEWS,
        level=level,
        due_on=due_on or clock.company_day(clock.now()),
        audience=audience,
        zh=zh,
        en=en,
        phase=PHASE,
        step=registration.step,
    )
    return tell_once(session, registration, saying, people, mailing)

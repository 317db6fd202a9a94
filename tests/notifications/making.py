"""What the tests of notifications set up and look at."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOON
from tracker import clock
from tracker.matrix.operations.refreshing import refresh
from tracker.notifications.models import DueThing, Notification
from tracker.notifications.operations.delivering import deliver, take_up
from tracker.notifications.operations.mailing import Mailing
from tracker.projects.models import Project
from tracker.team.models import User

TODAY = NOON.date()


def later(days: int) -> datetime:
    """Noon so many days after the day on which tests live."""
    return NOON + timedelta(days=days)


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def wind_up(session: Session, *projects: Project) -> None:
    """Bring what is derived of the projects up to date, as every operation does."""
    for project in projects:
        refresh(session, project)
    session.commit()


def tick(session: Session, days: int = 0, mailing: Mailing | None = None) -> int:
    """What the worker delivers so many days after the day on which tests live."""
    done = 0
    with clock.frozen(later(days)):
        take_up(session, clock.today())
        session.commit()
        for number in deliver(session, clock.today(), mailing):
            done += number
            session.commit()
    return done


def told(session: Session, user: User, kind: str = "") -> list[str]:
    """The keys of what somebody was told, in order."""
    query = (
        select(DueThing.key)
        .join(Notification, Notification.due_thing_id == DueThing.id)
        .where(Notification.user_id == user.id)
        .order_by(Notification.id)
    )
    return list(session.scalars(query.where(DueThing.kind == kind) if kind else query))


class MailBox:
    """Takes the place of a mail server: keeps what it was given, or fails."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.fails: Exception | None = None

    def send(self, _smtp_url: str, **message: Any) -> None:
        if self.fails:
            raise self.fails
        self.sent.append(message)

    @property
    def mailing(self) -> Mailing:
        return Mailing("smtp://mail.example.com", "https://tracker.example.com", "en", self.send)

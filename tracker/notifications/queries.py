"""What somebody was told. The user comes first; what belongs to a project he does not see any more is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import sight, visible
from tracker.errors import NotFound
from tracker.notifications.models import DueThing, MailWish, Notification
from tracker.paging import Page, page_of
from tracker.projects.models import Project
from tracker.remembering import remembered
from tracker.team.models import User

OVER_HIS_HEAD = ("escalate", "decide")
"""Levels of what a supervisor is told."""
_SHOWN = (joinedload(Notification.thing), joinedload(Notification.project))


@dataclass(frozen=True, slots=True)
class Group:
    """The notifications of one project on a page."""

    project: Project
    items: Sequence[Notification]


def list_notifications(session: Session, by: User, which: str = "unread", page: int = 1) -> Page[Notification]:
    """A page of what the user was told, the unread first and then the newest; `which`: unread or all."""
    query = select(Notification).where(visible(Notification, by))
    if which == "all":
        query = query.order_by(Notification.read_at.is_not(None), Notification.id.desc())
    else:
        query = query.where(Notification.read_at.is_(None)).order_by(Notification.id.desc())
    return page_of(session, query.options(*_SHOWN), page)


def by_project(items: Sequence[Notification]) -> Sequence[Group]:
    """The notifications of a page by project, in the order in which the projects come up."""
    groups: dict[int, list[Notification]] = {}
    for item in items:
        groups.setdefault(item.project_id, []).append(item)
    return [Group(group[0].project, group) for group in groups.values()]


def get_notification(session: Session, by: User, notification_id: int) -> Notification:
    """One of his own, or NotFound."""
    query = select(Notification).where(Notification.id == notification_id, visible(Notification, by))
    found = session.scalar(query.options(*_SHOWN))
    if found is None:
        raise NotFound
    return found


def list_escalations(session: Session, by: User, most: int) -> Sequence[Notification]:
    """What was brought before the user and he has not read, what needs his decision first."""
    return session.scalars(_escalations(by), {"most": most}).all()


@remembered(sight)
def _escalations(by: User) -> Any:
    return (
        select(Notification)
        .join(DueThing, DueThing.id == Notification.due_thing_id)
        .where(visible(Notification, by), Notification.read_at.is_(None), DueThing.level.in_(OVER_HIS_HEAD))
        .order_by(DueThing.level, Notification.id.desc())
        .limit(bindparam("most"))
        .options(*_SHOWN)
    )


def find_mail_wish(session: Session, by: User) -> MailWish:
    """What the user wants by mail; what counts for him where he never said."""
    return session.get(MailWish, by.id) or MailWish(user_id=by.id, reminders=False, escalations=True)

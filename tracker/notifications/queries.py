"""What somebody was told. The user comes first; what belongs to a project he does not see any more is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import sight, visible
from tracker.accounts.models import Account
from tracker.annotations.models import Annotation
from tracker.dealers.models import Dealer
from tracker.errors import NotFound
from tracker.leads.models import Lead
from tracker.notifications.models import DueThing, MailWish, Notification
from tracker.paging import Page, page_of
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.remembering import remembered
from tracker.rewards.models import Reward
from tracker.team.models import User
from tracker.todos.models import Todo

SITES = ("project", "lead", "account", "dealer", "registration", "reward", "todo", "annotation")
"""What a notification may be about; one of them."""
OVER_HIS_HEAD = ("escalate", "decide")
"""Levels of what a supervisor is told."""
_SHOWN = (
    joinedload(Notification.thing),
    joinedload(Notification.project),
    joinedload(Notification.lead),
    joinedload(Notification.account).joinedload(Account.party),
    joinedload(Notification.dealer).joinedload(Dealer.party),
    joinedload(Notification.registration),
    joinedload(Notification.reward),
    joinedload(Notification.todo),
    joinedload(Notification.annotation).joinedload(Annotation.by),
)


@dataclass(frozen=True, slots=True)
class Group:
    """The notifications of one project, lead, account, dealer, registration, reward, to-do or annotation on a page."""

    project: Project | None
    lead: Lead | None
    account: Account | None
    dealer: Dealer | None
    registration: Registration | None
    reward: Reward | None
    todo: Todo | None
    annotation: Annotation | None
    items: Sequence[Notification]


def notifications_asked(by: User, which: str = "unread") -> Select[Notification]:
    """What the user was told, the unread first and then the newest; `which`: unread or all."""
    query = select(Notification).where(visible(Notification, by))
    if which == "all":
        query = query.order_by(Notification.read_at.is_not(None), Notification.id.desc())
    else:
        query = query.where(Notification.read_at.is_(None)).order_by(Notification.id.desc())
    return query.options(*_SHOWN)


def list_notifications(session: Session, by: User, which: str = "unread", page: int = 1) -> Page[Notification]:
    """A page of what the user was told."""
    return page_of(session, notifications_asked(by, which), page)


def by_site(items: Sequence[Notification]) -> Sequence[Group]:
    """The notifications of a page by what they are about, in the order in which these come up."""
    groups: dict[tuple[int | None, ...], list[Notification]] = {}
    for item in items:
        groups.setdefault(tuple(getattr(item, f"{name}_id") for name in SITES), []).append(item)
    return [Group(**{name: getattr(of[0], name) for name in SITES}, items=of) for of in groups.values()]


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
    return session.get(MailWish, by.id) or MailWish(user_id=by.id, reminders=False, escalations=True, muted=[])

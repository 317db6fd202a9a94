"""What readers do for themselves: mark things as read, say what they want by mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.notifications.holding import GROUPS
from tracker.notifications.models import MailWish, Notification
from tracker.team.models import User

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def mark_read(
    session: Session,
    *,
    by: User,
    only: int | None = None,
    **about: int | None,
) -> int:
    """Mark what the user was told as read: one, those `about` a thing (`project_id=7`), or all; how many."""
    unread = [Notification.user_id == by.id, Notification.read_at.is_(None)]
    if only is not None:
        unread.append(Notification.id == only)
    unread += [getattr(Notification, column) == number for column, number in about.items() if number is not None]
    statement = update(Notification).where(*unread).values(read_at=clock.now())
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)


@dataclass(frozen=True, slots=True)
class Wish:
    """What one wants by mail: reminders, escalations, which groups of kinds not; from when to when it is quiet, and at
    which time the one mail of the day comes ("" none)."""

    reminders: bool
    escalations: bool
    muted: tuple[str, ...] = ()
    quiet_from: str = ""
    quiet_to: str = ""
    digest_at: str = ""


def wish_mail(session: Session, wanted: Wish, *, by: User) -> None:
    """Say what one wants by mail."""
    for name in ("quiet_from", "quiet_to", "digest_at"):
        if getattr(wanted, name) and not CLOCK.fullmatch(getattr(wanted, name)):
            raise Invalid(name, _l("Write the time as hours and minutes, such as 09:30."))
    if bool(wanted.quiet_from) != bool(wanted.quiet_to):
        raise Invalid("quiet_to", _l("Quiet hours need a beginning and an end."))
    wish = session.get(MailWish, by.id)
    if wish is None:
        wish = MailWish(user_id=by.id, reminders=False, escalations=True, muted=[])
        session.add(wish)
    before = {"mail": _told(wish)}
    wish.reminders, wish.escalations = wanted.reminders, wanted.escalations
    wish.muted = [group for group in GROUPS if group in wanted.muted]
    wish.quiet_from, wish.quiet_to = wanted.quiet_from or None, wanted.quiet_to or None
    wish.digest_at = wanted.digest_at or None
    session.flush()
    events.record(session, Kind.USER_EDITED, by, by=by, before=before, mail=_told(wish))


def _told(wish: MailWish) -> list[Any]:
    further = [wish.muted or [], wish.quiet_from, wish.quiet_to, wish.digest_at]
    return [wish.reminders, wish.escalations, *(further if any(further) else [])]

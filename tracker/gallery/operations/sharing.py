"""Giving pictures out by a link that expires, shows only what was chosen, can be taken back, and counts its views."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.errors import Forbidden, Invalid
from tracker.events import Kind
from tracker.gallery.models import Photo, PhotoShare, PhotoShareItem
from tracker.gallery.operations.describing import may_publish
from tracker.i18n import _l
from tracker.team.models import User

LONGEST = 90  # days that a link may hold
MOST = 60  # pictures that one link may show


def share_photos(
    session: Session, photos: Sequence[Photo], title: str, days: int, *, by: User, publishing: bool = False
) -> PhotoShare:
    """A link to pictures that `by` sees. Outside nobody learns more of them than caption and day.

    `publishing`: whoever gets it will publish them, for which each needs a consent that still holds.
    """
    require(by, Action.RECORD_LOG)
    if is_dealer(by):
        raise Forbidden(_l("Only our own people give pictures out."))
    if not photos:
        raise Invalid("photos", _l("Choose at least one picture."))
    if len(photos) > MOST:
        raise Invalid("photos", _l("At most %(max)s pictures in one link, please.", max=MOST))
    without = [photo for photo in photos if publishing and not may_publish(photo)]
    if without:
        raise Invalid("for_publishing", _l("%(n)s of these pictures may not be published; ask for consent first, and"
                                           " write down who gave it.", n=len(without)))  # fmt: skip
    if not 1 <= days <= LONGEST:
        raise Invalid("days", _l("A link holds from 1 to %(max)s days.", max=LONGEST))
    if not title.strip():
        raise Invalid("title", _l("Say what the pictures show; who opens the link reads it."))
    share = PhotoShare(token=secrets.token_urlsafe(24), by_id=by.id, title=title.strip()[:120], views=0)
    share.expires_at = clock.now() + timedelta(days=days)
    session.add(share)
    session.flush()
    session.add_all(
        PhotoShareItem(share_id=share.id, position=place, photo_id=photo.id) for place, photo in enumerate(photos, 1)
    )
    session.flush()
    for photo in photos:
        told = {
            "share": share.id,
            "publishing": publishing,
            "title": share.title,
            "until": share.expires_at.isoformat(),
        }
        events.record(session, Kind.PHOTO_SHARED, photo, by=by, project_id=photo.project_id, **told)
    return share


def take_back(session: Session, share: PhotoShare, *, by: User) -> None:
    """The link shows nothing any more, from now on."""
    if share.revoked_at is None:
        share.revoked_at = clock.now()
        session.flush()
        events.record(session, Kind.PHOTO_UNSHARED, share, by=by)


def count_view(session: Session, share: PhotoShare) -> None:
    """Somebody opened the link."""
    counted = update(PhotoShare).where(PhotoShare.id == share.id).values(views=PhotoShare.views + 1)
    session.execute(counted.execution_options(synchronize_session=False))

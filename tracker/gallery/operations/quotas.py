"""How much one person may send on a day: beyond it a picture or paper is refused kindly, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.documents.models import Document
from tracker.errors import Refused
from tracker.gallery.models import Photo
from tracker.i18n import _l
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Quota:
    """Of one person and day: pictures, and megabytes of pictures and papers."""

    pictures: int
    megabytes: int


def require_room(session: Session, quota: Quota, size: int, *, by: User) -> None:
    """Raise Refused where `size` bytes more would be more than a person may send on a day of his."""
    today = clock.day_begins(clock.today())
    pictures, bytes_sent = 0, size
    for model in (Photo, Document):
        mine = (model.uploaded_at >= today, model.uploader_id == by.id)
        number, sent = session.execute(select(func.count(), func.coalesce(func.sum(model.size), 0)).where(*mine)).one()
        pictures += number if model is Photo else 0
        bytes_sent += int(sent)
    if pictures >= quota.pictures or bytes_sent > quota.megabytes * 1_000_000:
        raise Refused(_l("You have sent very much today. The rest can be sent tomorrow, or ask your administrator for"
                         " more room."))  # fmt: skip

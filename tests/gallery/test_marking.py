"""Pictures of before get their marks, and lost sizes come back."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_photo
from tests.gallery.making import noise, photo, picture
from tracker.gallery.models import PhotoBand, PhotoSignal
from tracker.gallery.operations import shown_key, stage_photo
from tracker.gallery.operations.marking import mark_some, restore_sizes
from tracker.storage import FolderStorage

pytestmark = pytest.mark.usefixtures("media")


def test_a_picture_of_before_is_marked_once_and_then_found_by_its_copy(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    view = noise(640, 480)
    old = stage_photo(session, media, picture(view), "old.jpg", by=cast.sales1)
    lost = make_photo(session, cast.sales1)
    session.execute(delete(PhotoBand))
    assert mark_some(session, media) == (lost.id, 1)
    assert mark_some(session, media, lost.id) == (None, 0)
    assert session.scalars(select(PhotoBand.photo_id)).unique().all().count(old.id) > 0
    copy = stage_photo(session, media, picture(view, quality=60), "copy.jpg", by=cast.sales2)
    assert session.scalars(select(PhotoSignal.other_id).where(PhotoSignal.photo_id == copy.id)).all() == [old.id]


def test_a_lost_size_is_made_anew_from_the_original(session: Session, cast: Cast, media: FolderStorage) -> None:
    taken = stage_photo(session, media, photo(), "site.jpg", by=cast.sales1)
    with media.open(shown_key(taken, "800")) as file:
        before = file.read()
    media.delete(shown_key(taken, "800"))
    assert restore_sizes(media, taken)
    with media.open(shown_key(taken, "800")) as file:
        assert file.read() == before
    media.delete(shown_key(taken, "800"))
    media.delete(taken.original_key)
    assert not restore_sizes(media, taken)

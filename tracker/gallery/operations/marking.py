"""Pictures of before get what finds their copies, and the shown sizes that got lost are made anew."""

from __future__ import annotations

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from tracker.gallery import likeness
from tracker.gallery.models import Photo, PhotoBand
from tracker.gallery.operations import LOOKED_AT
from tracker.gallery.operations.asking import keep_marks
from tracker.gallery.operations.files import shown_key
from tracker.images import SIZES, PictureRefused, examine
from tracker.storage import Storage


def mark_some(session: Session, storage: Storage, after: int = 0, most: int = 20) -> tuple[int | None, int]:
    """Keep the marks of the next pictures behind `after` that have none yet; nobody is asked about what is old.

    Returns the last one looked at, None where there is no further one, and how many got their marks.
    """
    bare = (Photo.id > after, Photo.purged_at.is_(None), Photo.drawn_from_id.is_(None))
    unmarked = ~exists().where(PhotoBand.photo_id == Photo.id, PhotoBand.band >= likeness.POINTS - 1)
    photos = session.scalars(select(Photo).where(*bare, unmarked).order_by(Photo.id).limit(most)).all()
    marked = 0
    for photo in photos:
        try:
            with storage.open(shown_key(photo, LOOKED_AT)) as file:
                shown = file.read()
            session.execute(delete(PhotoBand).where(PhotoBand.photo_id == photo.id))  # those of before
            keep_marks(session, photo, shown)
            marked += 1
        except OSError:
            continue  # its file is gone or broken, which `tracker doctor` tells
    session.flush()
    return (photos[-1].id if photos else None), marked


def restore_sizes(storage: Storage, photo: Photo) -> bool:
    """Make the shown sizes of a picture anew from its original, where one is missing; False where that cannot be."""
    keys = {str(size): shown_key(photo, str(size)) for size in SIZES}
    if all(storage.exists(key) for key in keys.values()):
        return True
    try:
        with storage.open(photo.original_key) as file:
            derived = examine(file.read()).derived
    except (OSError, PictureRefused):
        return False
    for size, key in keys.items():
        storage.put(key, derived[size])
    return True

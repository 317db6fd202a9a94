"""Where the files of a picture lie."""

from __future__ import annotations

from tracker.gallery.models import Photo


def derived_key(token: str, size: str) -> str:
    """Where a derived size lies in storage."""
    return f"derived/{token[:2]}/{token}-{size}.jpg"


def shown_key(photo: Photo, size: str) -> str:
    """Where a shown size of a picture lies: beside its original, which several pictures may share."""
    return derived_key(photo.original_key.rpartition("/")[2], size)

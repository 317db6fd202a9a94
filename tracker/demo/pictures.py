"""The demo's pictures: a few are drawn of each kind, and every row gets its own copy with its own EXIF.

Drawing and reducing a picture costs some tenths of a second, copying one nothing worth mentioning.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tracker import clock
from tracker.demo.paper_pictures import PAPERS, draw_paper
from tracker.demo.site_pictures import draw_site, phone_exif
from tracker.gallery.models import Photo
from tracker.gallery.operations import derived_key
from tracker.images import Picture, examine
from tracker.storage import Storage
from tracker.team.models import User

VARIANTS = 3  # distinct sites; the same site is drawn at every construction step
HOURS = (time(9, 40), time(12, 20), time(15, 10))  # when each variant was taken: the light must fit the clock
SPREAD = 25  # minutes around it
_START = b"\xff\xd8"
_EXIF_SEGMENT = 0xE1
_SCAN = 0xDA

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn picture and what the intake made of it."""

    data: bytes
    picture: Picture


class Pictures:
    """Draws on demand, keeps what was drawn, and puts copies into storage."""

    def __init__(self, storage: Storage, random: Random) -> None:
        self.storage = storage
        self.random = random
        self._drawn: dict[tuple[str, int], Drawn] = {}

    def take(self, subject: str, variant: int, on: date, place: Place | None, *, by: User) -> Photo:
        """A staged picture, not yet added to a session, of a construction step or of a paper (`PAPERS`).

        `variant` says which site; `on` is the day it was taken and uploaded (never later than now), `place` where
        (WGS-84 degrees).
        """
        variant %= VARIANTS
        drawn = self._drawing(subject, variant)
        seconds = self.random.randint(-SPREAD * 60, SPREAD * 60)
        taken_at = datetime.combine(on, HOURS[variant], clock.zone()) + timedelta(seconds=seconds)
        taken_at = min(taken_at, clock.local(clock.now()) - timedelta(minutes=2))
        data = with_exif(drawn.data, phone_exif(taken_at, place).tobytes())
        photo = _row(drawn.picture, data, taken_at, place)
        photo.uploader_id = by.id
        photo.file_name = f"IMG_{taken_at:%Y%m%d_%H%M%S}.jpg"
        self.storage.put(photo.original_key, data)
        for size, content in drawn.picture.derived.items():
            self.storage.put(derived_key(photo.token, size), content)
        return photo

    def _drawing(self, subject: str, variant: int) -> Drawn:
        variant = 0 if subject in PAPERS else variant  # one paper looks like the other
        known = self._drawn.get((subject, variant))
        if known is None:
            moment = datetime.combine(date(2025, 5, 12), HOURS[variant], clock.zone())
            draw = draw_paper if subject in PAPERS else draw_site
            data = draw(subject, 11 + variant * 7, moment, None)
            known = self._drawn[subject, variant] = Drawn(data, examine(data))
        return known


def _row(picture: Picture, data: bytes, taken_at: datetime, place: Place | None) -> Photo:
    token = secrets.token_urlsafe(18)
    photo = Photo(
        token=token,
        phase="",
        step="",
        uploaded_at=taken_at + timedelta(minutes=1),
        taken_at=taken_at,
        taken_from="exif",
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        dhash=picture.dhash - 2**64 if picture.dhash >= 2**63 else picture.dhash,
        camera=picture.camera,
        original_key=f"originals/{token[:2]}/{token}",
    )
    if place:
        photo.latitude, photo.longitude, photo.place_from = round(place[0], 6), round(place[1], 6), "exif"
    return photo


def with_exif(data: bytes, exif: bytes) -> bytes:
    """A JPEG with another EXIF block (beginning with `Exif`); its picture is not touched.

    Raises ValueError for what is no JPEG.
    """
    if not data.startswith(_START):
        raise ValueError("not a JPEG")
    kept, at = [], 2
    while data[at] == 0xFF and data[at + 1] != _SCAN:
        length = int.from_bytes(data[at + 2 : at + 4], "big") + 2
        if data[at + 1] != _EXIF_SEGMENT:
            kept.append(data[at : at + length])
        at += length
    segment = bytes((0xFF, _EXIF_SEGMENT)) + (len(exif) + 2).to_bytes(2, "big") + exif
    return b"".join((_START, segment, *kept, data[at:]))

"""By what a gallery is narrowed: conditions with parameters, so that a statement is put together once for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, or_, select

from tracker import clock
from tracker.database import UtcDateTime
from tracker.gallery.models import Photo, PhotoTag

NEAR = 0.02  # degrees around a place
FIRST = date(1990, 1, 1)
EQUAL = ("project_id", "building_id", "phase", "step", "uploader_id", "category")
_SINCE, _UNTIL = (bindparam(name, type_=UtcDateTime()) for name in ("begins", "ends"))
_TAKEN = and_(Photo.taken_at >= _SINCE, Photo.taken_at < _UNTIL)
_SENT = and_(Photo.taken_at.is_(None), Photo.uploaded_at >= _SINCE, Photo.uploaded_at < _UNTIL)
_STILL = or_(Photo.publish_until.is_(None), Photo.publish_until >= bindparam("today", type_=Date))
CONDITIONS: dict[str, ColumnElement[bool]] = {
    **{name: getattr(Photo, name) == bindparam(name) for name in EQUAL},
    "tag": Photo.id.in_(select(PhotoTag.photo_id).where(PhotoTag.tag == bindparam("tag"))),
    "publish": and_(Photo.publish_note.is_not(None), _STILL),
    "near": and_(
        Photo.latitude.between(bindparam("south"), bindparam("north")),
        Photo.longitude.between(bindparam("west"), bindparam("east")),
    ),
    "days": or_(_TAKEN, _SENT),
}


@dataclass(frozen=True, slots=True)
class PhotoFilters:
    """By what a gallery is narrowed; empty values do not narrow. `since` and `until` are days on which a picture was
    taken (sent, where that is not known); `near` is a place (WGS-84 degrees), of some two kilometres around."""

    project_id: int | None = None
    building_id: int | None = None
    phase: str = ""
    step: str = ""
    uploader_id: int | None = None
    tag: str = ""
    category: str = ""
    since: date | None = None
    until: date | None = None
    near: tuple[float, float] | None = None
    publish: bool = False  # only what may be published today

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the conditions this makes."""
        found = [name for name in (*EQUAL, "tag", "publish", "near") if getattr(self, name)]
        return (*found, *(["days"] if self.since or self.until else []))

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the conditions."""
        found: dict[str, Any] = {name: value for name in (*EQUAL, "tag") if (value := getattr(self, name))}
        if self.publish:
            found["today"] = clock.today()
        if self.near:
            latitude, longitude = self.near
            found |= {"south": latitude - NEAR, "north": latitude + NEAR}
            found |= {"west": longitude - NEAR, "east": longitude + NEAR}
        if self.since or self.until:
            found["begins"] = clock.day_begins(self.since or FIRST)
            found["ends"] = clock.day_ends(self.until or clock.today())
        return found

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a picture has to fulfil; the statement takes `values` as its parameters."""
        return [CONDITIONS[name] for name in self.asked]

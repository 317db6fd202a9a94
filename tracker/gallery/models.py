"""Site photos. The address of a picture is its random token, never its row number."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.projects.models import Project
from tracker.team.models import User

if TYPE_CHECKING:
    from tracker.matrix.models import Record


class Photo(Base):
    """A picture with its facts. `taken_from`/`place_from`: `exif`, `browser` (at capture) or `stated`; None: unknown.

    What the browser said is kept beside (`browser_…`), whatever the picture says; `uploaded_at` is the receipt.
    The original is kept untouched and private at `original_key`, which pictures of the same bytes share; the shown
    sizes lie beside it (`operations.shown_key`). `seen_step` is the step its sender says it shows, `category` of what.
    `contact_id`: it is the picture of a person's card, seen by whoever sees the person and part of no gallery.
    `purged_at`: an administrator had the bytes destroyed; the row stays as proof that there was a picture.
    `drawn_from_id`: the untouched picture of which this is a copy with arrows and words on it. `publish_note` says who
    agreed that it may be published, and how; `publish_until` is the last day for which he agreed (None: no end).
    """

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id", use_alter=True), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    registration_note_id: Mapped[int | None] = mapped_column(ForeignKey("registration_note.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    phase: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32))
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_from: Mapped[str | None] = mapped_column(String(8))
    latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    place_from: Mapped[str | None] = mapped_column(String(8))
    browser_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    browser_latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    browser_longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    caption: Mapped[str | None] = mapped_column(String(300))
    floor: Mapped[int | None] = mapped_column()
    category: Mapped[str | None] = mapped_column(String(32))
    seen_step: Mapped[str | None] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(40))
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    dhash: Mapped[int | None] = mapped_column(BigInteger)
    camera: Mapped[str | None] = mapped_column(String(80))
    software: Mapped[str | None] = mapped_column(String(80))
    original_key: Mapped[str] = mapped_column(String(120))
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    publish_note: Mapped[str | None] = mapped_column(String(300))
    publish_on: Mapped[date | None] = mapped_column(Date)
    publish_until: Mapped[date | None] = mapped_column(Date)
    publish_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    drawn_from_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"), index=True)

    project: Mapped[Project | None] = related(Project)
    uploader: Mapped[User | None] = related(User, foreign_keys=[uploader_id])
    publish_by: Mapped[User | None] = related(User, foreign_keys=[publish_by_id])
    drawn_from: Mapped[Photo | None] = related("Photo", remote_side=[id])
    record: Mapped[Record | None] = related("Record", back_populates="photos")
    tags: Mapped[list[PhotoTag]] = related("PhotoTag", order_by="PhotoTag.tag")


class PhotoTag(Base):
    """A word that somebody put on a picture: a key of `gallery.tags.PICKS`, or his own words."""

    __tablename__ = "photo_tag"
    __table_args__ = {"sqlite_with_rowid": False}

    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), primary_key=True, index=True, autoincrement=False)


class Upload(Base):
    """A picture on its way: `received` of `size` bytes are here, in pieces under `uploads/<token>/`.

    `sha256` is what its sender says the whole has; the same person's same picture goes on where it stopped.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    received: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"), index=True)


class PhotoBand(Base):
    """A part of one of a picture's hashes, by which its copies are found (see `gallery.likeness`)."""

    __tablename__ = "photo_band"
    __table_args__ = {"sqlite_with_rowid": False}

    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), primary_key=True, index=True, autoincrement=False)
    hash: Mapped[int] = mapped_column(BigInteger)


class PhotoSignal(Base):
    """Something about a picture that somebody may ask about; never an accusation. `kind`: see `gallery.signals.KINDS`.

    `amount`: metres for `far`, days for `time`. `other_id`: the picture it is like. Settled by a sentence.
    """

    __tablename__ = "photo_signal"

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    amount: Mapped[int | None] = mapped_column()
    other_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"), index=True)
    seen: Mapped[str | None] = mapped_column(String(80))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answer: Mapped[str | None] = mapped_column(String(300))

    photo: Mapped[Photo] = related(Photo, foreign_keys=[photo_id])
    other: Mapped[Photo | None] = related(Photo, foreign_keys=[other_id])
    project: Mapped[Project | None] = related(Project)
    settled_by: Mapped[User | None] = related(User)


class PhotoShare(Base):
    """Pictures given to somebody outside, by an address that expires and can be taken back. `views`: pages opened."""

    __tablename__ = "photo_share"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(48), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    views: Mapped[int] = mapped_column(default=0)

    by: Mapped[User] = related(User)
    items: Mapped[list[PhotoShareItem]] = related("PhotoShareItem", order_by="PhotoShareItem.position")


class PhotoShareItem(Base):
    """One picture of a share, at its place (from 1), by which its address names it."""

    __tablename__ = "photo_share_item"
    __table_args__ = {"sqlite_with_rowid": False}

    share_id: Mapped[int] = mapped_column(ForeignKey("photo_share.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), index=True)

    photo: Mapped[Photo] = related(Photo)


class PhotoPair(Base):
    """Two pictures of one place, an earlier and a later one."""

    __tablename__ = "photo_pair"
    __table_args__ = (UniqueConstraint("before_id", "after_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("photo.id"))
    after_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), index=True)
    title: Mapped[str | None] = mapped_column(String(120))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    before: Mapped[Photo] = related(Photo, foreign_keys=[before_id])
    after: Mapped[Photo] = related(Photo, foreign_keys=[after_id])
    by: Mapped[User] = related(User)


class PhotoParcel(Base):
    """Pictures put together into one file (`kind`: `zip` or `report`) for who asked, by the worker.

    `state`: waiting, working, ready, failed or gone (the file was removed after some days). `wishes` holds the ids of
    the pictures and what else was asked; `done` of `total` pictures are in.
    """

    __tablename__ = "photo_parcel"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="waiting", index=True)
    total: Mapped[int] = mapped_column()
    done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int | None] = mapped_column()
    file_key: Mapped[str | None] = mapped_column(String(120))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[User] = related(User)


Index("ix_photo_project", Photo.project_id, Photo.phase, Photo.step, Photo.id)
Index("ix_photo_step", Photo.step, Photo.id)
Index("ix_photo_uploader", Photo.uploader_id, Photo.id)
Index("ix_photo_building", Photo.building_id, Photo.id)
Index("ix_photo_category", Photo.category, Photo.id)
Index("ix_photo_taken", Photo.taken_at, Photo.id)
Index("ix_photo_sent", Photo.uploaded_at, Photo.uploader_id, Photo.size)
Index("ix_photo_place", Photo.latitude, Photo.longitude)
Index("ix_photo_spot", Photo.project_id, Photo.latitude, Photo.longitude)
_AGREED = Photo.publish_note.is_not(None)
Index("ix_photo_publish", Photo.id, sqlite_where=_AGREED, postgresql_where=_AGREED)
Index("ix_photo_of_project", Photo.project_id, Photo.id)
Index("ix_upload_resumed", Upload.user_id, Upload.sha256)
Index("ix_photo_signal_open", PhotoSignal.settled_at, PhotoSignal.id)

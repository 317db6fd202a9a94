"""Site photos. The address of a picture is its random token, never its row number."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.projects.models import Project
from tracker.team.models import User

if TYPE_CHECKING:
    from tracker.matrix.models import Record


class Photo(Base):
    """A picture with its facts. `taken_from`/`place_from`: `exif`, `browser` (at capture) or `stated`; None: unknown.

    The original is kept untouched and private at `original_key`; derived sizes lie at `derived/<token>/<size>.jpg`.
    """

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id", use_alter=True), index=True)
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
    caption: Mapped[str | None] = mapped_column(String(300))
    file_name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(40))
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    dhash: Mapped[int | None] = mapped_column(BigInteger)
    camera: Mapped[str | None] = mapped_column(String(80))
    original_key: Mapped[str] = mapped_column(String(120))

    project: Mapped[Project | None] = related(Project)
    uploader: Mapped[User | None] = related(User)
    record: Mapped[Record | None] = related("Record", back_populates="photos")


Index("ix_photo_project", Photo.project_id, Photo.phase, Photo.step, Photo.id)

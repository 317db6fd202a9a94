"""Documents. The address of one is its random token, never its row number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.projects.models import Project
from tracker.team.models import User


class Document(Base):
    """A paper or drawing as somebody sent it, untouched at `storage_key`. `kind` (`documents.kinds`) is by content.

    It is staged by its uploader until it belongs to a record of a lead or project, to a frame agreement, to what a
    partner maker supplies, to a dealer's papers or registrations, to a reward or an occasion, and stays with it.
    `sort` says what it is (`kinds.SORTS`), as people say it. A new version names the one before (`previous_id`), counts
    on (`version`), and belongs to where that one belongs; `newer` says that there is one after it.
    """

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("frame_agreement.id"), index=True)
    share_id: Mapped[int | None] = mapped_column(ForeignKey("project_share.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealer.id"), index=True)
    registration_note_id: Mapped[int | None] = mapped_column(ForeignKey("registration_note.id"), index=True)
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("reward.id"), index=True)
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id"), index=True)
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    kind: Mapped[str] = mapped_column(String(8))
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column()  # bytes
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    storage_key: Mapped[str] = mapped_column(String(120))
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sort: Mapped[str | None] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    newer: Mapped[bool] = mapped_column(default=False)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), unique=True)

    uploader: Mapped[User | None] = related(User)
    project: Mapped[Project | None] = related(Project)
    record: Mapped[Record | None] = related("Record", back_populates="documents")


Index("ix_document_sent", Document.uploaded_at, Document.uploader_id, Document.size)
Index("ix_document_project", Document.project_id, Document.id)

from tracker.matrix.models import Record  # noqa: E402  the annotation above names it

"""Imports: the runs, what each changed, and the mappings that are remembered by a file's shape."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.team.models import User


class ImportRun(Base):
    """One import of a file of one kind (a key of `sheets.kinds.SCHEMAS`). The file lies in storage at `file_key`.

    `state`: uploaded, ready, running, failed, done, undone; of a trial, which is never stored, tried.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), default="leads")
    file_name: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str | None] = mapped_column(String(120))
    rejected_key: Mapped[str | None] = mapped_column(String(120))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="uploaded")
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last sign of life while it runs
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    fault: Mapped[str | None] = mapped_column(Text)

    by: Mapped[User | None] = related(User, foreign_keys=[by_id])


class ImportChange(Base):
    """What a run did to one thing: `action` created or updated; `before` and `after` hold the updated fields.

    `fate`: stands, undone, or kept where somebody had touched the thing before the import was undone.
    """

    __tablename__ = "import_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    subject: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(String(8))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fate: Mapped[str] = mapped_column(String(8), default="stands")


class ImportMapping(Base):
    """The columns that were last confirmed for files of one shape: the set of their folded headers, as a digest."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("kind", "shape"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    shape: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, str]] = mapped_column(JSON)  # field -> folded header
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


Index("ix_import_change_run", ImportChange.run_id, ImportChange.id)
Index("ix_import_change_subject", ImportChange.subject, ImportChange.subject_id)

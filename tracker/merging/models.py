"""What was merged into what, and all that is needed to take it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.team.models import User


class Merge(Base):
    """One merging. `kind`: lead, project, party or contact; the gone row stays and says which one is kept.

    `moved`: table.column -> the keys of the rows that were made to point to the kept one; `taken`: field -> [what the
    kept one had, what it took over]; `before`: what the gone one was.
    """

    __tablename__ = "merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    kept_id: Mapped[int] = mapped_column()
    gone_id: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(300))
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    taken: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = related(User, foreign_keys=[by_id])
    undone_by: Mapped[User | None] = related(User, foreign_keys=[undone_by_id])


Index("ix_merge_kept", Merge.kind, Merge.kept_id)
Index("ix_merge_gone", Merge.kind, Merge.gone_id)

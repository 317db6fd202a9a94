"""What a newcomer has read and whom he has met; his practice projects, each with all he tried in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime


class NewcomerTick(Base):
    """Somebody says that he has read or met something of his first week (`key`, see `week`)."""

    __tablename__ = "newcomer_tick"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PracticeProject(Base):
    """A project to play in: nothing but what its player did there (`acts`, see `workflows.practising`), on days of its
    own from `begun_on`. It is no project of the company, so that no list, figure or report can hold it. Of somebody's
    the one that is not over (`over_at`) is played."""

    __tablename__ = "practice_project"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    definition_key: Mapped[str] = mapped_column(String(40))
    definition_version: Mapped[int] = mapped_column()
    category: Mapped[str] = mapped_column(String(40), default="")
    begun_on: Mapped[date] = mapped_column(Date)
    acts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    won_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

"""Who is away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.team.models import User


class Absence(Base):
    """Somebody is out of office from one day to another, both included; those of one person never overlap.

    `ended_at`: since when it counts no more, for he was back earlier or it was called off.
    """

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    place: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = related(User, foreign_keys=[user_id])
    stand_in: Mapped[User | None] = related(User, foreign_keys=[stand_in_id])
    by: Mapped[User] = related(User, foreign_keys=[by_id])


Index("ix_absence_days", Absence.ends_on, Absence.starts_on)

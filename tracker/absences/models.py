"""Who is away."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.team.models import User
from workflows.calendar import add_working_days
from workflows.holidays import load_china

if TYPE_CHECKING:
    from tracker.matrix.models import Record

TRIP, OTHER = "trip", "other"
KINDS = (TRIP, "leave", "training", "sick", OTHER)


class Absence(Base):
    """Somebody is out of office from one day to another, both included; those of one person never overlap.

    `ended_at`: since when it counts no more, for he was back earlier or it was called off. `kind`: one of KINDS;
    `record_id`: what he logged elsewhere in these days, which proves a trip.
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
    kind: Mapped[str] = mapped_column(String(12), default=OTHER, server_default=OTHER)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", use_alter=True))

    user: Mapped[User] = related(User, foreign_keys=[user_id])
    stand_in: Mapped[User | None] = related(User, foreign_keys=[stand_in_id])
    by: Mapped[User] = related(User, foreign_keys=[by_id])
    record: Mapped[Record | None] = related("Record")

    @property
    def back_on(self) -> date:
        """The working day on which he is back."""
        return add_working_days(self.ends_on, 1, load_china())


Index("ix_absence_days", Absence.ends_on, Absence.starts_on)

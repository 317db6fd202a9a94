"""What a planned record has beside its day: a time, company, and what became of it; the addresses of private feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.matrix.models import Record
from tracker.team.models import User


class Plan(Base):
    """More of a record that is a plan; one without such a row stands as it was logged, all day and by its author alone.

    `at` is the time of day as a clock in `zone` shows it ("09:30"). `kept_by_id`: the record of what was done then.
    `turn` counts the changes that the record's own version does not.
    """

    __tablename__ = "plan"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    at: Mapped[str | None] = mapped_column(String(5))
    minutes: Mapped[int | None] = mapped_column()
    zone: Mapped[str] = mapped_column(String(40))
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    called_off_why: Mapped[str | None] = mapped_column(String(300))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    turn: Mapped[int] = mapped_column(default=0)

    kept_by: Mapped[Record | None] = related(Record, foreign_keys=[kept_by_id])


class PlanPerson(Base):
    """A colleague who comes along."""

    __tablename__ = "plan_person"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)

    user: Mapped[User] = related(User)


class CalendarFeed(Base):
    """The secret address under which a calendar program reads what is its owner's; a new one ends the old one."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = related(User)

"""How far a designer stands up for us, as somebody judged it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.parties.models import Contact
from tracker.team.models import User


class AdvocacyEntry(Base):
    """A level (`workflows.advocacy.LEVELS`) that somebody set, and why; the newest of a person counts."""

    __tablename__ = "advocacy_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    level: Mapped[str] = mapped_column(String(16))
    before: Mapped[str | None] = mapped_column(String(16))
    on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    contact: Mapped[Contact] = related(Contact)
    by: Mapped[User | None] = related(User)

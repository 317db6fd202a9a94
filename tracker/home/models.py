"""When somebody last said that he has seen what changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime


class LastLook(Base):
    """Up to which event of the trail somebody has looked."""

    __tablename__ = "last_look"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

"""Suggestions to management with their answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.team.models import Team, User


class Suggestion(Base):
    """What one of ours suggests. `state`: open, taken_up or declined; the answer says why. `team_id`: his then."""

    __tablename__ = "suggestion"

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="open")
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    by: Mapped[User] = related(User, foreign_keys=[by_id])
    team: Mapped[Team | None] = related(Team)
    answered_by: Mapped[User | None] = related(User, foreign_keys=[answered_by_id])


Index("ix_suggestion_by", Suggestion.by_id, Suggestion.id)
Index("ix_suggestion_state", Suggestion.state, Suggestion.id)

"""That somebody's things went to others at once, and who took over what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.leads.models import Lead
from tracker.matrix.models import OwnTask
from tracker.projects.models import Project
from tracker.team.models import User


class Handing(Base):
    """What was somebody's went to others in one step. `leaves`: he left the company with it.

    `counts` says how many of each kind went, by the names of `handover.holdings`; `successor_id` took all that nobody
    else was chosen for.
    """

    __tablename__ = "handing"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    leaves: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(Text)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    user: Mapped[User] = related(User, foreign_keys=[user_id])
    by: Mapped[User] = related(User, foreign_keys=[by_id])
    successor: Mapped[User | None] = related(User, foreign_keys=[successor_id])


class Takeover(Base):
    """A project or lead that one took over from another, with what he was told of it.

    `task_id` is the task to meet the decision maker that a leaver's project keeps (G42). One of many has the `Handing`
    it belongs to, whose note counts for it beside its own.
    """

    __tablename__ = "takeover"

    id: Mapped[int] = mapped_column(primary_key=True)
    handing_id: Mapped[int | None] = mapped_column(ForeignKey("handing.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    note: Mapped[str | None] = mapped_column(Text)
    introduced: Mapped[bool] = mapped_column(default=False)
    leaver: Mapped[bool] = mapped_column(default=False)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("own_task.id"))

    handing: Mapped[Handing | None] = related(Handing)
    project: Mapped[Project | None] = related(Project)
    lead: Mapped[Lead | None] = related(Lead)
    giver: Mapped[User | None] = related(User, foreign_keys=[from_id])
    taker: Mapped[User] = related(User, foreign_keys=[to_id])
    by: Mapped[User] = related(User, foreign_keys=[by_id])
    task: Mapped[OwnTask | None] = related(OwnTask)


Index("ix_takeover_taker", Takeover.to_id, Takeover.at)

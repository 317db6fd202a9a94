"""To-dos: whose, until when, repeated how, followed by whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.leads.models import Lead
from tracker.projects.models import Project
from tracker.team.models import User


class Todo(Base):
    """Something that somebody does by a day (None: some day). `by_id` set it; where that is another, it is delegated.

    `snoozed_to`: nobody is reminded before. `repeats`: one of `repeating.RULES`, "" for once; the next one appears when
    one is done, and names the one before (`previous_id`). `month_day` keeps the 31st through shorter months. `wake_on`
    is derived: the day on which the worker looks at it next.
    """

    __tablename__ = "todo"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    due_on: Mapped[date | None] = mapped_column(Date)
    snoozed_to: Mapped[date | None] = mapped_column(Date)
    repeats: Mapped[str] = mapped_column(String(8), default="")
    repeats_until: Mapped[date | None] = mapped_column(Date)
    month_day: Mapped[int | None] = mapped_column()
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("todo.id"), unique=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_why: Mapped[str | None] = mapped_column(String(300))
    wake_on: Mapped[date | None] = mapped_column(Date, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    owner: Mapped[User] = related(User, foreign_keys=[owner_id])
    by: Mapped[User] = related(User, foreign_keys=[by_id])
    project: Mapped[Project | None] = related(Project)
    lead: Mapped[Lead | None] = related(Lead)

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.dropped_at is None


class TodoFollower(Base):
    """Somebody who wants to know what becomes of it."""

    __tablename__ = "todo_follower"

    todo_id: Mapped[int] = mapped_column(ForeignKey("todo.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)

    user: Mapped[User] = related(User)


Index("ix_todo_owner", Todo.owner_id, Todo.done_at, Todo.due_on)

"""What fell due and who was told; when each project is to be looked at again; mails on their way; who leads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.accounts.models import Account
from tracker.annotations.models import Annotation
from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.dealers.models import Dealer
from tracker.leads.models import Lead
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.rewards.models import Reward
from tracker.todos.models import Todo


class DueThing(Base):
    """Something that fell due on a project, lead, key account, dealer, registration, reward or to-do, or was said in an
    annotation, and was delivered.
    The key makes it happen once; see `workflows.clocks.DueThing` and its like in `lead_clocks`, `account_clocks`,
    `dealers`, `rewards` and `todos.clocks`."""

    __tablename__ = "due_thing"
    __table_args__ = (
        UniqueConstraint("project_id", "key"),
        UniqueConstraint("lead_id", "key"),
        UniqueConstraint("account_id", "key"),
        UniqueConstraint("dealer_id", "key"),
        UniqueConstraint("registration_id", "key"),
        UniqueConstraint("reward_id", "key"),
        UniqueConstraint("todo_id", "key"),
        UniqueConstraint("annotation_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("key_account.id"))
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealer.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("reward.id"))
    todo_id: Mapped[int | None] = mapped_column(ForeignKey("todo.id"))
    annotation_id: Mapped[int | None] = mapped_column(ForeignKey("annotation.id"))
    key: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(8))
    level: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date] = mapped_column(Date)
    audience: Mapped[str] = mapped_column(String(12))
    phase: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32))
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    project: Mapped[Project | None] = related(Project)
    lead: Mapped[Lead | None] = related(Lead)
    account: Mapped[Account | None] = related(Account)
    dealer: Mapped[Dealer | None] = related(Dealer)
    registration: Mapped[Registration | None] = related(Registration)
    reward: Mapped[Reward | None] = related(Reward)
    todo: Mapped[Todo | None] = related(Todo)
    annotation: Mapped[Annotation | None] = related(Annotation)


class Notification(Base):
    """A due thing as somebody was told of it."""

    __tablename__ = "notification"
    __table_args__ = (UniqueConstraint("user_id", "due_thing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("key_account.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealer.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("reward.id"), index=True)
    todo_id: Mapped[int | None] = mapped_column(ForeignKey("todo.id"), index=True)
    annotation_id: Mapped[int | None] = mapped_column(ForeignKey("annotation.id"), index=True)
    due_thing_id: Mapped[int] = mapped_column(ForeignKey("due_thing.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    project: Mapped[Project | None] = related(Project)
    lead: Mapped[Lead | None] = related(Lead)
    account: Mapped[Account | None] = related(Account)
    dealer: Mapped[Dealer | None] = related(Dealer)
    registration: Mapped[Registration | None] = related(Registration)
    reward: Mapped[Reward | None] = related(Reward)
    todo: Mapped[Todo | None] = related(Todo)
    annotation: Mapped[Annotation | None] = related(Annotation)
    thing: Mapped[DueThing] = related(DueThing)


class ProjectClock(Base):
    """Derived: the day on which a project is to be looked at next.

    `looked_on`: the day of the last look, None while nobody has looked; where it lies ahead of today the clock was set
    back. What fell due before `quiet_before` is history that nobody needs to be told (load data, the demo's past).
    """

    __tablename__ = "project_clock"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    wake_on: Mapped[date | None] = mapped_column(Date, index=True)
    looked_on: Mapped[date | None] = mapped_column(Date, index=True)
    quiet_before: Mapped[date | None] = mapped_column(Date)


class WindowClock(Base):
    """Derived: the window of an open category line that closes next. Owner is the project's, for the radar's order."""

    __tablename__ = "window_clock"
    __table_args__ = (UniqueConstraint("project_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    category: Mapped[str] = mapped_column(String(40))
    activity: Mapped[str] = mapped_column(String(12))
    last_step: Mapped[str] = mapped_column(String(32))
    closes_on: Mapped[date] = mapped_column(Date)
    observed: Mapped[bool] = mapped_column(default=False)

    project: Mapped[Project] = related(Project)


class MailWish(Base):
    """What somebody wants by mail, and when; who never said gets escalations and no reminders, at once.

    `muted` holds the groups of kinds (`wording.GROUPS`) that he does not want by mail. Between `quiet_from` and
    `quiet_to` ("21:30", "07:00" on his own clock) no mail leaves for him; with `digest_at` all but what waits for his
    decision comes in one mail a day.
    """

    __tablename__ = "mail_wish"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    reminders: Mapped[bool] = mapped_column(default=False)
    escalations: Mapped[bool] = mapped_column(default=True)
    muted: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_to: Mapped[str | None] = mapped_column(String(5))
    digest_at: Mapped[str | None] = mapped_column(String(5))


class OutboxMail(Base):
    """A mail on its way. `kind`: `due` (it tells of `things`), or one that is written when it is sent, by what is
    registered for it in `operations.letters`, about the row `about_id`. `state`: waiting, sending (claimed), handing
    (the server has answered), sent, dropped (nothing of it holds any more), failed, unknown (whoever handed it over
    fell over in between; it is not sent again)."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    to: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    things: Mapped[list[Any]] = mapped_column(JSON, default=list)
    kind: Mapped[str] = mapped_column(String(12), default="due", server_default="due")
    about_id: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str | None] = mapped_column(String(300))


class Lease(Base):
    """Who does a job that one process does for all, and until when unless he renews it."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


Index("ix_notification_unread", Notification.user_id, Notification.read_at, Notification.id)
Index("ix_window_clock_next", WindowClock.closes_on, WindowClock.project_id)
Index("ix_window_clock_owner", WindowClock.owner_id, WindowClock.closes_on)
Index("ix_outbox_state", OutboxMail.state, OutboxMail.not_before)

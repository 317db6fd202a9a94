"""Reports as they were sent, the form they take, who wants them when, and to whom they went."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.projects.models import Project
from tracker.team.models import Region, Team, User


class Report(Base):
    """A report about a person, team, region or project and a period (`day`, `week`, `month`).

    `subject` is `person:7` and the like: there is one report for each subject and period. It is `open` while it takes
    remarks (a row is there only where somebody made one) and `sent` once its hour came; then `content` is what it said
    (see `composing`) and never changes. A person's report bears the team that person was in.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("subject", "period", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(24))
    period: Mapped[str] = mapped_column(String(8))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="open")
    remarks: Mapped[str | None] = mapped_column(Text)
    remarked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    remarked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    user: Mapped[User | None] = related(User, foreign_keys=[user_id])
    team: Mapped[Team | None] = related(Team)
    region: Mapped[Region | None] = related(Region)
    project: Mapped[Project | None] = related(Project)
    remarked_by: Mapped[User | None] = related(User, foreign_keys=[remarked_by_id])


class ReportForm(Base):
    """Which sections a kind of report (`person/week` …) has, in their order; a kind without a row has the default."""

    __tablename__ = "report_form"

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ReportSubscription(Base):
    """Somebody wants a kind of report about a subject by mail, on a day (of the week, or of the month) at an hour.

    `wanted` False: he does not want what he would get without having said anything (see `operations.subscribing`).
    """

    __tablename__ = "report_subscription"
    __table_args__ = (UniqueConstraint("user_id", "subject", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    subject: Mapped[str] = mapped_column(String(24), index=True)
    period: Mapped[str] = mapped_column(String(8))
    day: Mapped[int] = mapped_column(default=1)
    hour: Mapped[int] = mapped_column(default=8)
    wanted: Mapped[bool] = mapped_column(default=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = related(User, foreign_keys=[user_id])


class ReportDelivery(Base):
    """A report went to somebody: once, whoever ran when it was due."""

    __tablename__ = "report_delivery"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = related(User)


class ReportRun(Base):
    """The reports of a kind of period that begins on a day were made, all of them (`done_at`)."""

    __tablename__ = "report_run"

    period: Mapped[str] = mapped_column(String(8), primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date, primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


Index("ix_report_period", Report.period, Report.starts_on, Report.subject)

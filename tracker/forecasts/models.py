"""Forecasts. Each change is a row of its own; the newest of a project counts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.projects.models import Project
from tracker.team.models import User


class Forecast(Base):
    """What somebody expects of a project: so much, in its currency, by that day. `sure`: how sure, in percent.

    `latest`: no newer one of this project is there; written with the next one, by `operations` alone.
    """

    __tablename__ = "forecast"
    __table_args__ = (UniqueConstraint("project_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    seq: Mapped[int] = mapped_column()
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    value: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    expected_on: Mapped[date] = mapped_column(Date)
    sure: Mapped[int] = mapped_column(default=50)
    reason: Mapped[str | None] = mapped_column(String(300))
    latest: Mapped[bool] = mapped_column(default=True)

    project: Mapped[Project] = related(Project)
    by: Mapped[User] = related(User)


Index("ix_forecast_latest", Forecast.latest, Forecast.expected_on, Forecast.project_id)

"""Leads and the runs that imported them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.parties.models import Party
from tracker.projects.models import Project
from tracker.team.models import Region, Team, User


class Lead(Base):
    """A potential project. `import_key` is what a second import of the same row finds again."""

    __tablename__ = "lead"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default="new")
    source: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str | None] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32), default="land")
    found_on: Mapped[date] = mapped_column(Date)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    developer_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(300))
    plot_number: Mapped[str | None] = mapped_column(String(80), index=True)
    latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    value: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    area: Mapped[Decimal | None] = mapped_column(Money)  # square metres
    note: Mapped[str | None] = mapped_column(Text)
    owes_evidence: Mapped[bool] = mapped_column(default=False)
    import_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    owner: Mapped[User | None] = related(User, foreign_keys=[owner_id])
    team: Mapped[Team | None] = related(Team)
    region: Mapped[Region | None] = related(Region)
    developer: Mapped[Party | None] = related(Party, foreign_keys=[developer_id])
    project: Mapped[Project | None] = related(Project)
    parties: Mapped[list[LeadParty]] = related("LeadParty", back_populates="lead", order_by="LeadParty.id")


class LeadParty(Base):
    """A party in a role on a lead."""

    __tablename__ = "lead_party"
    __table_args__ = (UniqueConstraint("lead_id", "party_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))

    lead: Mapped[Lead] = related("Lead", back_populates="parties")
    party: Mapped[Party] = related(Party)


class ImportRun(Base):
    """One import of a file: its mapping, progress and counts. The file lies in storage at `file_key`."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), default="leads")
    file_name: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str | None] = mapped_column(String(120))
    rejected_key: Mapped[str | None] = mapped_column(String(120))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="uploaded")
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last sign of life while it runs
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str | None] = mapped_column(Text)

    by: Mapped[User | None] = related(User)


Index("ix_lead_list", Lead.team_id, Lead.state, Lead.found_on)
Index("ix_lead_place", Lead.latitude, Lead.longitude)

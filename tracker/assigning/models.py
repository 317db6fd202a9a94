"""What says who gets a lead: territories, skills, rules, limits of the pool, and who claimed what."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.leads.models import Lead
from tracker.team.models import Region, Role, Team, User


class Territory(Base):
    """What a person, or everybody of a team, covers: a region, a district (a word of the address) or a circle."""

    __tablename__ = "territory"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    district: Mapped[str | None] = mapped_column(String(60))
    latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    radius_km: Mapped[int | None] = mapped_column()

    team: Mapped[Team] = related(Team)
    user: Mapped[User | None] = related(User)
    region: Mapped[Region | None] = related(Region)


class Skill(Base):
    """What a person is good at. `what`: kind (of project), source (of leads) or category (of materials).

    `key` is the pick-list's, or of a category the window's.
    """

    __tablename__ = "skill"
    __table_args__ = (UniqueConstraint("user_id", "what", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    what: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(32))

    user: Mapped[User] = related(User)


class AssignmentRule(Base):
    """Where a lead without an owner goes by itself; the first that fits counts, in the order of `seq`.

    `team_id` is whose leads it looks at, None: all. `to`: person (`user_id`), turns (in `to_team_id`, one after the
    other: `turn` counts), fittest (in it) or pool (of it). A condition that is None does not count.
    """

    __tablename__ = "assignment_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=1)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    source: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str | None] = mapped_column(String(32))
    least_value: Mapped[Decimal | None] = mapped_column(Money)
    to: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    to_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    turn: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    team: Mapped[Team | None] = related(Team, foreign_keys=[team_id])
    region: Mapped[Region | None] = related(Region)
    user: Mapped[User | None] = related(User)
    to_team: Mapped[Team | None] = related(Team, foreign_keys=[to_team_id])


class PoolLimit(Base):
    """How much somebody may take from the pool and have at all; `role_id` None: for roles without their own row."""

    __tablename__ = "pool_limit"

    id: Mapped[int] = mapped_column(primary_key=True)
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"), unique=True)
    waiting: Mapped[int] = mapped_column()
    a_day: Mapped[int] = mapped_column()
    load: Mapped[int] = mapped_column()

    role: Mapped[Role | None] = related(Role)


class LeadClaim(Base):
    """A lead that somebody took from the pool; `ended_at`: since when it is no longer his by this claim."""

    __tablename__ = "lead_claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lead: Mapped[Lead] = related(Lead)
    user: Mapped[User] = related(User)


Index("ix_lead_claim_day", LeadClaim.user_id, LeadClaim.at)

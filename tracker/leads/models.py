"""Leads."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import company_day, now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, SiteName
from tracker.team.models import Region, Team, User

OPEN = ("new", "following", "nurturing")
"""The states in which a lead is still worked on."""


def _this_day() -> date:
    return company_day(now())


class Lead(Base):
    """A potential project. `import_key` is what a second import of the same row finds again.

    `state` is one of the definition's lead states; `review_on` is the day on which a nurtured, invalid or duplicate one
    is looked at again. Its owner was given it at `assigned_at` and answers until `answer_by`. `validity`, `feasibility`
    (points of 100), `outcome`, `scored_on` and `scored_step` repeat the newest scoring. What was merged stays and says
    into which. `wake_on` is the day on which the worker looks at it next: any change, by whatever statement, makes it
    today.
    """

    __tablename__ = "lead"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default="new")
    state_reason: Mapped[str | None] = mapped_column(String(300))
    review_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str | None] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32), default="land")
    found_on: Mapped[date] = mapped_column(Date)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    developer_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    phone: Mapped[str | None] = mapped_column(String(60))
    address: Mapped[str | None] = mapped_column(String(300))
    plot_number: Mapped[str | None] = mapped_column(String(80), index=True)
    latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    value: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    area: Mapped[Decimal | None] = mapped_column(Money)  # square metres
    note: Mapped[str | None] = mapped_column(Text)
    starts_on: Mapped[date | None] = mapped_column(Date)  # building, as expected
    finishes_on: Mapped[date | None] = mapped_column(Date)
    owes_evidence: Mapped[bool] = mapped_column(default=False)
    import_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    validity: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    feasibility: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    outcome: Mapped[str | None] = mapped_column(String(32))
    scored_on: Mapped[date | None] = mapped_column(Date)
    scored_step: Mapped[str | None] = mapped_column(String(32))
    wake_on: Mapped[date | None] = mapped_column(Date, default=_this_day, onupdate=_this_day)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    duplicate_project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    owner: Mapped[User | None] = related(User, foreign_keys=[owner_id])
    team: Mapped[Team | None] = related(Team)
    region: Mapped[Region | None] = related(Region)
    developer: Mapped[Party | None] = related(Party, foreign_keys=[developer_id])
    project: Mapped[Project | None] = related(Project, foreign_keys=[project_id])
    duplicate_of: Mapped[Lead | None] = related("Lead", foreign_keys=[duplicate_of_id], remote_side="Lead.id")
    duplicate_project: Mapped[Project | None] = related(Project, foreign_keys=[duplicate_project_id])
    members: Mapped[list[LeadMember]] = related("LeadMember", back_populates="lead", order_by="LeadMember.id")
    contacts: Mapped[list[LeadContact]] = related("LeadContact", back_populates="lead", order_by="LeadContact.id")
    parties: Mapped[list[LeadParty]] = related("LeadParty", back_populates="lead", order_by="LeadParty.id")
    categories: Mapped[list[LeadCategory]] = related("LeadCategory", back_populates="lead", order_by="LeadCategory.id")
    names: Mapped[list[SiteName]] = related("SiteName", order_by="SiteName.id")


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


class LeadCategory(Base):
    """A material category that may be wanted there (a key of the definition's windows)."""

    __tablename__ = "lead_category"
    __table_args__ = (UniqueConstraint("lead_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    category: Mapped[str] = mapped_column(String(40))

    lead: Mapped[Lead] = related("Lead", back_populates="categories")


class LeadContact(Base):
    """A person on a lead. `role`: one of the pick-list `relationship_roles`, or None while nobody knows."""

    __tablename__ = "lead_contact"
    __table_args__ = (UniqueConstraint("lead_id", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    role: Mapped[str | None] = mapped_column(String(32))

    lead: Mapped[Lead] = related("Lead", back_populates="contacts")
    contact: Mapped[Contact] = related(Contact)


class LeadMember(Base):
    """A colleague with whom a lead is shared."""

    __tablename__ = "lead_member"
    __table_args__ = (UniqueConstraint("lead_id", "user_id"), Index("ix_lead_member_user", "user_id", "lead_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    lead: Mapped[Lead] = related("Lead", back_populates="members")
    user: Mapped[User] = related(User)


class LeadScoring(Base):
    """A score card of a lead as somebody filled it in: it never changes, the newest counts.

    `answers`: criterion -> 0 … 5; `evidence`: criterion -> what supports its points (a sentence); `knockouts`: keys.
    `decided`: the supervisor said the outcome, which the points had left to him. `step`: where the site stood.
    """

    __tablename__ = "lead_scoring"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    knockouts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    validity: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    feasibility: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    outcome: Mapped[str] = mapped_column(String(32))
    decided: Mapped[bool] = mapped_column(default=False)
    step: Mapped[str] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    lead: Mapped[Lead] = related("Lead")
    by: Mapped[User | None] = related(User)


Index("ix_lead_review", Lead.review_on)
Index("ix_lead_wake", Lead.wake_on)
Index("ix_lead_answer", Lead.answer_by)
Index("ix_lead_owner", Lead.owner_id, Lead.state)
Index("ix_lead_list", Lead.team_id, Lead.state, Lead.found_on)
Index("ix_lead_place", Lead.latitude, Lead.longitude)

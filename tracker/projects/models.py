"""Projects and what belongs to them.

`Project.step` (the leading building's) and the columns under "derived" are written by one function,
`matrix.operations.refresh`, and verified by `tracker doctor`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.parties.models import Contact, Party
from tracker.team.models import Region, Team, User


class Project(Base):
    """A project in the matrix. The place is WGS-84 degrees; `value` is in `currency`."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(32))
    definition_key: Mapped[str] = mapped_column(String(40), default="standard")
    definition_version: Mapped[int] = mapped_column(default=1)
    route: Mapped[str] = mapped_column(String(32))
    phase: Mapped[str] = mapped_column(String(32), active_history=True)
    phase_since: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(24), default="active", active_history=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), active_history=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    source: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    plot_number: Mapped[str | None] = mapped_column(String(80))
    latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    value: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), active_history=True)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    note: Mapped[str | None] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    key_project: Mapped[bool] = mapped_column(default=False)
    frame_agreement: Mapped[str | None] = mapped_column(String(60))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    # derived; see the module's docstring
    step: Mapped[str] = mapped_column(String(32), active_history=True)
    step_since: Mapped[date] = mapped_column(Date)
    developer_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    last_record_on: Mapped[date | None] = mapped_column(Date)
    silent_after: Mapped[date | None] = mapped_column(Date)
    next_due_on: Mapped[date | None] = mapped_column(Date)
    open_tasks: Mapped[int] = mapped_column(default=0)
    stranded_on: Mapped[date | None] = mapped_column(Date)

    __mapper_args__ = {"version_id_col": version}

    owner: Mapped[User | None] = related(User, foreign_keys=[owner_id])
    team: Mapped[Team | None] = related(Team)
    region: Mapped[Region | None] = related(Region)
    developer: Mapped[Party | None] = related(Party, foreign_keys=[developer_id])
    dealer: Mapped[Party | None] = related(Party, foreign_keys=[dealer_id])
    buildings: Mapped[list[Building]] = related("Building", back_populates="project", order_by="Building.id")
    categories: Mapped[list[CategoryLine]] = related(
        "CategoryLine", back_populates="project", order_by="CategoryLine.id"
    )
    parties: Mapped[list[ProjectParty]] = related("ProjectParty", back_populates="project", order_by="ProjectParty.id")
    contacts: Mapped[list[ProjectContact]] = related(
        "ProjectContact", back_populates="project", order_by="ProjectContact.id"
    )
    members: Mapped[list[ProjectMember]] = related(
        "ProjectMember", back_populates="project", order_by="ProjectMember.id"
    )
    desks: Mapped[list[ProjectDesk]] = related("ProjectDesk", back_populates="project")
    names: Mapped[list[SiteName]] = related("SiteName", order_by="SiteName.id")


class SiteName(Base):
    """Another name of a lead's or a project's site. `kind`: promotion, registered or site."""

    __tablename__ = "site_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id", use_alter=True), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Building(Base):
    """A building of a project with its own construction progress. Floors are counted above ground."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    step: Mapped[str] = mapped_column(String(32))
    step_since: Mapped[date] = mapped_column(Date)
    unverified: Mapped[bool] = mapped_column(default=False)
    floor: Mapped[int | None] = mapped_column()
    floors: Mapped[int | None] = mapped_column()

    project: Mapped[Project] = related("Project", back_populates="buildings")


class CategoryLine(Base):
    """One material category in a project with its own phase (None: the project's) and result."""

    __tablename__ = "category_line"
    __table_args__ = (UniqueConstraint("project_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    category: Mapped[str] = mapped_column(String(40), index=True)
    main: Mapped[bool] = mapped_column(default=False)
    phase: Mapped[str | None] = mapped_column(String(32))
    result: Mapped[str] = mapped_column(String(16), default="open")
    quantity: Mapped[Decimal | None] = mapped_column(Money)
    unit: Mapped[str | None] = mapped_column(String(16))
    value: Mapped[Decimal | None] = mapped_column(Money)

    project: Mapped[Project] = related("Project", back_populates="categories")


class ProjectParty(Base):
    """A party in a role (pick-list `participant_kinds`) on a project."""

    __tablename__ = "project_party"
    __table_args__ = (UniqueConstraint("project_id", "party_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))

    project: Mapped[Project] = related("Project", back_populates="parties")
    party: Mapped[Party] = related(Party)


class ProjectContact(Base):
    """A contact in a relationship role on a project, with the attitude towards us; whether he leads its design."""

    __tablename__ = "project_contact"
    __table_args__ = (UniqueConstraint("project_id", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    role: Mapped[str | None] = mapped_column(String(32))
    attitude: Mapped[str] = mapped_column(String(16), default="unknown")
    last_met_on: Mapped[date | None] = mapped_column(Date)
    leads_design: Mapped[bool] = mapped_column(default=False, server_default=false())

    project: Mapped[Project] = related("Project", back_populates="contacts")
    contact: Mapped[Contact] = related(Contact)


class ProjectMember(Base):
    """A colleague in the project's cross-department team; he answers for his department's tasks here."""

    __tablename__ = "project_member"
    __table_args__ = (
        UniqueConstraint("project_id", "user_id"),
        Index("ix_project_member_user", "user_id", "project_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    department: Mapped[str | None] = mapped_column(String(32))

    project: Mapped[Project] = related("Project", back_populates="members")
    user: Mapped[User] = related(User)


class ProjectDesk(Base):
    """Derived: a department owes work here and no member of the team is from it, so its desk sees the project."""

    __tablename__ = "project_desk"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    department: Mapped[str] = mapped_column(String(32), primary_key=True)

    project: Mapped[Project] = related("Project", back_populates="desks")


class ProjectTally(Base):
    """Derived: a team's projects in one cell and state, their number and value; written by `projects.tallying`."""

    __tablename__ = "project_tally"
    __table_args__ = {"sqlite_with_rowid": False}  # it lies in the order in which the board sums it up

    phase: Mapped[str] = mapped_column(String(32), primary_key=True)
    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(24), primary_key=True)
    projects: Mapped[int] = mapped_column()
    value: Mapped[Decimal] = mapped_column(Money)


def _in_order(name: str, column: Any) -> None:
    """An index to walk the list in this order: it holds what decides whether a row is shown, so no row is touched."""
    deciding = [Project.state, Project.team_id, Project.owner_id, *([] if name == "silent" else [Project.silent_after])]
    Index(f"ix_project_{name}", column, Project.id, *deciding)


_in_order("name", Project.name)
_in_order("value", Project.value)
_in_order("recent", Project.last_record_on)
_in_order("due", Project.next_due_on)
_in_order("silent", Project.silent_after)
Index("ix_project_owner", Project.owner_id, Project.last_record_on)
Index("ix_project_owner_due", Project.owner_id, Project.next_due_on)
Index("ix_project_owner_silent", Project.owner_id, Project.silent_after)
Index("ix_project_team", Project.team_id, Project.last_record_on)
Index("ix_project_region", Project.region_id, Project.last_record_on)
Index("ix_project_cell", Project.phase, Project.step, Project.last_record_on)
Index("ix_project_stalled", Project.team_id, Project.phase, Project.step, Project.silent_after)
Index("ix_project_desk_department", ProjectDesk.department, ProjectDesk.project_id)
Index("ix_project_place", Project.latitude, Project.longitude)

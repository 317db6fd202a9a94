"""What a partner maker supplies in a project, and who of ours may know."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.documents.models import Document
from tracker.parties.models import Party
from tracker.projects.models import Building, Project
from tracker.team.models import User


class ProjectShare(Base):
    """A category that a partner maker supplies in a project, in one of its buildings or (None) all; `agreed_on`, terms
    and documents say how it was agreed. With `named_only` those named (`ShareViewer`), who made it and who oversees
    the project see it, nobody else. `ended_on`: it holds no more."""

    __tablename__ = "project_share"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    category: Mapped[str] = mapped_column(String(40))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    quantity: Mapped[Decimal | None] = mapped_column(Money)
    unit: Mapped[str | None] = mapped_column(String(16))
    agreed_on: Mapped[date] = mapped_column(Date)
    terms: Mapped[str | None] = mapped_column(Text)
    named_only: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_why: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    project: Mapped[Project] = related(Project)
    party: Mapped[Party] = related(Party)
    building: Mapped[Building | None] = related(Building)
    documents: Mapped[list[Document]] = related(Document, order_by="Document.id", viewonly=True)
    by: Mapped[User | None] = related(User, foreign_keys=[by_id])
    viewers: Mapped[list[ShareViewer]] = related("ShareViewer", order_by="ShareViewer.id")


class ShareViewer(Base):
    """A colleague who may see a share that not everybody of the project may see."""

    __tablename__ = "share_viewer"
    __table_args__ = (UniqueConstraint("share_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("project_share.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    user: Mapped[User] = related(User)

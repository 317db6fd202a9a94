"""The index of match keys, pairs that are not one, and requests about sites that are on record already."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.leads.models import Lead
from tracker.projects.models import Project
from tracker.team.models import Team, User


class MatchKey(Base):
    """Derived: under which keys of `tracker.matching.blocking` a row is found. `kind`: its table's name.

    Two rows that share no key are never held against each other. Written by `duplicates.indexing` alone.
    """

    __tablename__ = "match_key"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  what SQLAlchemy prescribes

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


Index("ix_match_key_row", MatchKey.kind, MatchKey.row_id)


class Difference(Base):
    """Somebody looked: these two are not one, however alike. The pair is kept in order, so it counts both ways."""

    __tablename__ = "difference"
    __table_args__ = (UniqueConstraint("kind", "row_id", "other_kind", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    row_id: Mapped[int] = mapped_column()
    other_kind: Mapped[str] = mapped_column(String(12))
    other_id: Mapped[int] = mapped_column()
    reason: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


Index("ix_difference_other", Difference.other_kind, Difference.other_id)


class SiteRequest(Base):
    """Somebody met a site that is on record: he asks to join it, or for arbitration of the lead he entered anyway.

    `what`: join or arbitration. The site is `lead_id` or `project_id`; `claim_id` is the lead he entered (arbitration).
    `typed` keeps what he knew of the site, for the one who decides and may not see his lead, and under `project` the
    project he was about to open there. `state`: open, granted, declined.
    """

    __tablename__ = "site_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(12))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="open")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[User] = related(User, foreign_keys=[by_id])
    answered_by: Mapped[User | None] = related(User, foreign_keys=[answered_by_id])
    lead: Mapped[Lead | None] = related(Lead, foreign_keys=[lead_id])
    project: Mapped[Project | None] = related(Project, foreign_keys=[project_id])
    claim: Mapped[Lead | None] = related(Lead, foreign_keys=[claim_id])
    team: Mapped[Team | None] = related(Team)


Index("ix_site_request_by", SiteRequest.by_id, SiteRequest.id)
Index("ix_site_request_state", SiteRequest.state, SiteRequest.id)

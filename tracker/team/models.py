"""Regions, teams, roles, users and their sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from flask_login import UserMixin
from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related


class Region(Base):
    """A sales region; leads, projects and teams belong to one."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Team(Base):
    """A team in the tree. `path` holds the ids from the root, as `/1/4/9/`, so that a subtree is one prefix."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    path: Mapped[str] = mapped_column(String(200), default="/", index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", use_alter=True))
    active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped[Team | None] = related("Team", remote_side="Team.id")
    region: Mapped[Region | None] = related("Region")
    supervisor: Mapped[User | None] = related("User", foreign_keys="Team.supervisor_id")


class Role(Base):
    """A set of capabilities (values of `access.Action`) and how far its holder sees (`access.Scope`)."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(16), default="own")
    capabilities: Mapped[list[str]] = mapped_column(JSON, default=list)
    built_in: Mapped[bool] = mapped_column(default=False)

    def name(self, lang: str) -> str:
        """The role's name in `zh` or `en`."""
        return self.name_zh if lang == "zh" else self.name_en


class User(UserMixin, Base):
    """Somebody who signs in: one of ours (with a team, usually a department) or a dealer's (with a party)."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    post: Mapped[str | None] = mapped_column(String(80))
    department: Mapped[str | None] = mapped_column(String(32), index=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id", use_alter=True), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str | None] = mapped_column(String(8))
    timezone: Mapped[str | None] = mapped_column(String(40))
    theme: Mapped[str | None] = mapped_column(String(8))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    role: Mapped[Role] = related("Role")
    team: Mapped[Team | None] = related("Team", foreign_keys=[team_id])
    party: Mapped[Party | None] = related("Party", foreign_keys=[party_id])

    @property
    def is_active(self) -> bool:
        """What Flask-Login asks."""
        return self.active


class UserSession(Base):
    """One signed-in browser. The cookie holds a random token of which only the hash is kept."""

    __tablename__ = "user_session"
    LIFETIME: ClassVar[timedelta] = timedelta(days=30)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    address: Mapped[str | None] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(Text)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = related("User")


class PasswordLink(Base):
    """A one-time link by which somebody sets a password (first sign-in or reset)."""

    __tablename__ = "password_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = related("User", foreign_keys=[user_id])


Index("ix_user_session_live", UserSession.user_id, UserSession.revoked_at)

from tracker.parties.models import Party  # noqa: E402  the annotation above names it

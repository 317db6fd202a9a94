"""Drafts of definitions, what was published when and why, and which definition new projects take.

A published version (`matrix.models.DefinitionVersion`) never changes: the session refuses it here, the database by
triggers of the migration.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.matrix.models import DefinitionVersion
from tracker.team.models import User

OPEN, PUBLISHED, DISCARDED = "open", "published", "discarded"
RUNNING, DONE, BROKEN = "running", "done", "broken"


class DefinitionDraft(Base):
    """A definition being edited, as YAML. `base_version` None: it was brought as a file. One open draft a key."""

    __tablename__ = "definition_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    base_version: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changes: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    started_by: Mapped[User] = related(User)


class Publication(Base):
    """How a version was published: by whom and why, and what its projects do.

    `follow`: the (key, version) of those whose projects follow; all others keep theirs. `mapping`: kind -> old key ->
    new key. While `state` is running, projects up to `after_id` are done; a project not yet done keeps its version.
    """

    __tablename__ = "definition_publication"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    follow: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    mapping: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default=RUNNING)
    after_id: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last sign of life while it runs
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = related(User)


class DefinitionChoice(Base):
    """From this moment on new projects take the newest version of this definition; the newest row counts."""

    __tablename__ = "definition_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


Index(
    "uq_definition_draft_open",
    DefinitionDraft.key,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)


class Immutable(RuntimeError):
    """Somebody tried to change or delete a published version: a fault of the program."""


@event.listens_for(DefinitionVersion, "before_update")
@event.listens_for(DefinitionVersion, "before_delete")
def _refuse(_mapper: Any, _connection: Any, version: DefinitionVersion) -> None:
    raise Immutable(f"definition {version.key} {version.version} is published and never changes")

"""What happens in the cells: records, evidence, moves and approvals. Nothing here is ever deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.parties.models import Contact
from tracker.projects.models import Building, Project
from tracker.team.models import Team, User


class DefinitionVersion(Base):
    """A published matrix definition: its YAML, immutable."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column()
    source: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Record(Base):
    """What somebody did, in a cell of a project or (before the matrix) on a lead.

    `happened_on` is the day in the author's zone; `phase` is `lead` while there is no project.
    """

    __tablename__ = "record"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id", use_alter=True), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    phase: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    department: Mapped[str | None] = mapped_column(String(32))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    happened_on: Mapped[date] = mapped_column(Date)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    text: Mapped[str] = mapped_column(Text)
    is_plan: Mapped[bool] = mapped_column(default=False)
    late_entry: Mapped[bool] = mapped_column(default=False)
    next_step: Mapped[str | None] = mapped_column(String(300))
    next_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    project: Mapped[Project | None] = related(Project)
    building: Mapped[Building | None] = related(Building)
    author: Mapped[User | None] = related(User)
    hints: Mapped[list[RecordHint]] = related("RecordHint")
    contacts: Mapped[list[RecordContact]] = related("RecordContact")
    evidence: Mapped[list[Evidence]] = related("Evidence", back_populates="record")
    corrections: Mapped[list[Correction]] = related("Correction", order_by="Correction.at")
    photos: Mapped[list[Photo]] = related("Photo", order_by="Photo.id", back_populates="record")
    documents: Mapped[list[Document]] = related("Document", order_by="Document.id", back_populates="record")


class RecordHint(Base):
    """A hint the author followed."""

    __tablename__ = "record_hint"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    hint_id: Mapped[str] = mapped_column(String(60), primary_key=True)


class RecordContact(Base):
    """A contact met."""

    __tablename__ = "record_contact"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True, index=True)

    contact: Mapped[Contact] = related(Contact)


class Correction(Base):
    """The old values of a corrected record, with who, when and why."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)

    by: Mapped[User] = related(User)


class Evidence(Base):
    """What closes a task or meets an exit criterion (`target`: a task id `T.…` or an exit id `X.…`).

    `dated_on` is the day of the proof itself (a photo's day), `recorded_on` the day it was handed in.
    """

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    target: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(16))
    dated_on: Mapped[date] = mapped_column(Date)
    recorded_on: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str | None] = mapped_column(String(300))

    record: Mapped[Record | None] = related("Record", back_populates="evidence")


class Move(Base):
    """A move on one axis: the project's phase (`phase`) or a building's construction step (`step`)."""

    __tablename__ = "move"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    axis: Mapped[str] = mapped_column(String(8))
    source: Mapped[str | None] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(32))
    on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(String(300))
    proof: Mapped[str | None] = mapped_column(String(16))
    rules: Mapped[list[str]] = mapped_column(JSON, default=list)
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id", use_alter=True))

    by: Mapped[User | None] = related(User)


class Approval(Base):
    """A request to do what a rule leaves to a supervisor; granted once and bound to exactly that wish.

    One to open a project has none until it is granted; `team_id` says whose supervisors decide it, `lead_id` from which
    lead the project is to come.
    """

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id", use_alter=True), index=True)
    rules: Mapped[list[str]] = mapped_column(JSON, default=list)
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(200), index=True)
    reason: Mapped[str] = mapped_column(Text)
    complete_by: Mapped[date | None] = mapped_column(Date)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    project: Mapped[Project | None] = related(Project)
    team: Mapped[Team | None] = related(Team)
    asked_by: Mapped[User] = related(User, foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = related(User, foreign_keys=[decided_by_id])
    signatures: Mapped[list[Signature]] = related("Signature", back_populates="approval", order_by="Signature.id")

    @property
    def place(self) -> Project | Approval:
        """What of the company it lies in: its project, or, to open one, itself; its `team` says whose it is."""
        return self.project or self


class Signature(Base):
    """One of the consents that a request needs: whose (`part`: supervisor, finance …), and who gave it in that part."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("approval_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"))
    part: Mapped[str] = mapped_column(String(24))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)

    approval: Mapped[Approval] = related("Approval", back_populates="signatures")
    by: Mapped[User | None] = related(User)


class LifecycleChange(Base):
    """A change of a project's state, or (`category`) of the result of one of its lines; `on` is the user's day.

    `told` holds what a loss was told with (winner, gap_percent, winning_price, other_reasons and what the reason
    requires); `review_on` belongs to a suspension.
    """

    __tablename__ = "lifecycle_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    category: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(24))
    target: Mapped[str] = mapped_column(String(24))
    on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason_key: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(Text)
    review_on: Mapped[date | None] = mapped_column(Date)
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rules: Mapped[list[str]] = mapped_column(JSON, default=list)
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id"))

    by: Mapped[User | None] = related(User)


class Circumstance(Base):
    """Something that lasts until it is lifted; `key` is one of the engine's: overdue, credit_exceeded, complaint …"""

    __tablename__ = "circumstance"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    key: Mapped[str] = mapped_column(String(24))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_note: Mapped[str | None] = mapped_column(Text)

    by: Mapped[User | None] = related(User, foreign_keys=[by_id])


class OwnTask(Base):
    """A task that a user added in a cell; evidence for it has the target `U.<id>`."""

    __tablename__ = "own_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    phase: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32))
    department: Mapped[str] = mapped_column(String(32))
    evidence: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date | None] = mapped_column(Date)
    added_on: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_reason: Mapped[str | None] = mapped_column(String(300))

    by: Mapped[User] = related(User)


class Submission(Base):
    """A form's one-time token: the second press of the same form finds the result of the first."""

    __tablename__ = "submission"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    record_id: Mapped[int | None] = mapped_column()


_A_DATE = text("target LIKE 'A.%'")  # what `facts.ANCHOR` begins: a date of the project
Index("ix_record_cell", Record.project_id, Record.phase, Record.step, Record.happened_on)
Index("ix_record_author", Record.author_id, Record.happened_on)
Index("ix_record_plans", Record.happened_on, postgresql_where=Record.is_plan, sqlite_where=Record.is_plan)
Index("ix_record_next_on", Record.next_on)
Index("ix_record_promised", Record.author_id, Record.next_on)
Index("ix_evidence_dates", Evidence.dated_on, postgresql_where=_A_DATE, sqlite_where=_A_DATE)
Index("ix_move_project", Move.project_id, Move.axis, Move.on)
Index("ix_lifecycle_project", LifecycleChange.project_id, LifecycleChange.id)

from tracker.documents.models import Document  # noqa: E402  the annotations above name it and
from tracker.gallery.models import Photo  # noqa: E402  this

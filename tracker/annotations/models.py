"""Annotations on what people did, their answers, and who takes part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.reports.models import Report
from tracker.team.models import User

ASK, INSTRUCT, PRAISE = KINDS = ("ask", "instruct", "praise")
THINGS = ("record", "photo", "project", "lead", "registration", "report")
"""What an annotation may be on; the row names one of them, in the column of its name."""


class Annotation(Base):
    """What somebody who leads says about a thing to the one whose work it is.

    `state`: open, answered, withdrawn, or (of praise, which asks for nothing) said. Seen by whoever sees the thing; a
    dealer's people see one on their registration that is addressed to one of them.
    """

    __tablename__ = "annotation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="open")
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    record: Mapped[Record | None] = related(Record)
    photo: Mapped[Photo | None] = related(Photo)
    project: Mapped[Project | None] = related(Project)
    lead: Mapped[Lead | None] = related(Lead)
    registration: Mapped[Registration | None] = related(Registration)
    report: Mapped[Report | None] = related(Report)
    by: Mapped[User] = related(User, foreign_keys=[by_id])
    to: Mapped[User] = related(User, foreign_keys=[to_id])
    people: Mapped[list[AnnotationPerson]] = related("AnnotationPerson", order_by="AnnotationPerson.user_id")
    answers: Mapped[list[AnnotationAnswer]] = related("AnnotationAnswer", order_by="AnnotationAnswer.id")

    @property
    def on(self) -> str:
        """Which kind of thing it is on."""
        return next(name for name in THINGS if getattr(self, f"{name}_id") is not None)

    @property
    def thing(self) -> Any:
        """The thing itself; it must be loaded."""
        return getattr(self, self.on)


class AnnotationPerson(Base):
    """Who takes part. `part`: author, asked or brought (by a mention). A mail that bears `token` is this person's."""

    __tablename__ = "annotation_person"

    annotation_id: Mapped[int] = mapped_column(ForeignKey("annotation.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    part: Mapped[str] = mapped_column(String(8))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = related(User)


class AnnotationAnswer(Base):
    """What somebody answered. `message_id`: it came by this mail, which is taken in once."""

    __tablename__ = "annotation_answer"
    __table_args__ = (UniqueConstraint("annotation_id", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    annotation_id: Mapped[int] = mapped_column(ForeignKey("annotation.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    text: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(String(200))

    by: Mapped[User] = related(User)


Index("ix_annotation_to", Annotation.to_id, Annotation.state, Annotation.id)
Index("ix_annotation_by", Annotation.by_id, Annotation.state, Annotation.id)
Index("ix_annotation_answer_thread", AnnotationAnswer.annotation_id, AnnotationAnswer.id)

"""Registrations, what was handed in for them, conflicts, and the register itself.

`Registration.state` and the days of its protection are what holds now; the register tells how it came to be so. Its
entries are chained by their hashes and never changed (`operations.registering`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.dealers.models import Dealer
from tracker.documents.models import Document
from tracker.gallery.models import Photo
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.facts import RegistrationFacts
from workflows.registering import Scope

MENDABLE = ("draft", "returned")
WAITING = ("submitted", "in_check", "provisional")
"""States in which our answer is awaited."""
APPROVED = ("pre_registered", "registered", "renewed")
STANDING = (*WAITING, *APPROVED, "in_conflict")
"""States in which a registration stands in the way of others, and counts for the quota."""
REQUEST, REPLY = "request", "reply"
"""Kinds of notes: what a dealer asks for, and our answer to it."""


class Registration(Base):
    """A dealer's claim on a site, or on some buildings (`buildings`, none: all) and categories of it.

    `word`: what he read when he handed it in (free, taken, look). `source`: how he knows. `answer`: our last sentence
    to him. `held_by`: who of his company looks after it. `version` guards against two answers at once; `looked_on`: the
    worker's last look.
    """

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str | None] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    plot_number: Mapped[str | None] = mapped_column(String(80))
    latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    developer: Mapped[str | None] = mapped_column(String(200))
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    buildings: Mapped[list[str]] = mapped_column(JSON, default=list)
    quantity: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(Text)
    word: Mapped[str | None] = mapped_column(String(8))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due: Mapped[date | None] = mapped_column(Date)
    protected_to: Mapped[date | None] = mapped_column(Date)
    progress_on: Mapped[date | None] = mapped_column(Date)
    progress_days: Mapped[int | None] = mapped_column()
    renewals: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str | None] = mapped_column(Text)
    looked_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    dealer: Mapped[Dealer] = related(Dealer)
    project: Mapped[Project | None] = related(Project)
    created_by: Mapped[User | None] = related(User, foreign_keys=[created_by_id])
    held_by: Mapped[User | None] = related(User, foreign_keys=[held_by_id])

    @property
    def scope(self) -> Scope:
        """What of the site it claims."""
        return Scope(frozenset(self.categories), frozenset(self.buildings))

    def facts(self, dealer: str) -> RegistrationFacts:
        """What the engine wants of it; `dealer` is his firm, as facts name it."""
        return RegistrationFacts(
            self.id, dealer, self.state, self.protected_to, self.progress_on, self.progress_days, self.renewals
        )


class RegistrationNote(Base):
    """What somebody handed in: the papers of a registration (`kind` claim), progress, evidence in a conflict, what the
    dealer asks for (request), or our answer to that (reply). Evidence of the company's own side has no registration.
    `strength`: what it proves.
    """

    __tablename__ = "registration_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    conflict_id: Mapped[int | None] = mapped_column(ForeignKey("claim_conflict.id"), index=True)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("diversion_complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    what: Mapped[str | None] = mapped_column(String(16))
    on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    by: Mapped[User | None] = related(User)
    photos: Mapped[list[Photo]] = related(Photo, order_by="Photo.id", viewonly=True)
    documents: Mapped[list[Document]] = related(Document, order_by="Document.id", viewonly=True)


class Conflict(Base):
    """Two claims on one site: a registration against a project of ours, or against another registration (`other_id`).

    `state`: open, ruled, appealed, final. `before` keeps the states from before the freeze; `steps` the orders as they
    were applied; `winner`: registration, other or split; `shares` percentages and what each gets.
    """

    __tablename__ = "claim_conflict"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    opened_on: Mapped[date] = mapped_column(Date)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    evidence_by: Mapped[date] = mapped_column(Date)
    rule_by: Mapped[date] = mapped_column(Date)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    winner: Mapped[str | None] = mapped_column(String(12))
    order_key: Mapped[str | None] = mapped_column(String(32))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    shares: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str | None] = mapped_column(Text)
    ruled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    appeal: Mapped[str | None] = mapped_column(Text)
    appealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    registration: Mapped[Registration] = related(Registration, foreign_keys=[registration_id])
    other: Mapped[Registration | None] = related(Registration, foreign_keys=[other_id])
    project: Mapped[Project | None] = related(Project)
    ruled_by: Mapped[User | None] = related(User, foreign_keys=[ruled_by_id])


class DiversionComplaint(Base):
    """A complaint that a project's price or goods went elsewhere, or that a site is not there (`about` price, goods,
    site). `dealer`: whom it concerns, once that is known; `by_party_id`: the complaining dealer's firm, where it is
    one. `state`: open, upheld, dismissed; `reason` is read by both. Nobody but who decides learns who complained."""

    __tablename__ = "diversion_complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int | None] = mapped_column(ForeignKey("dealer.id"), index=True)
    about: Mapped[str] = mapped_column(String(8))
    site: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    on: Mapped[date] = mapped_column(Date)
    suspect: Mapped[str | None] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(String(12), default="open")
    deliberate: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    dealer: Mapped[Dealer | None] = related(Dealer)
    by: Mapped[User | None] = related(User, foreign_keys=[by_id])
    decided_by: Mapped[User | None] = related(User, foreign_keys=[decided_by_id])


class RegisterEntry(Base):
    """One line of the register: what was done with a registration, with everything it said then (`content`, JSON).

    `hash` is over all of it and over the hash of the entry before, so that nothing can be changed unseen.
    """

    __tablename__ = "register_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    deed: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    by: Mapped[User | None] = related(User)


Index("ix_registration_queue", Registration.state, Registration.answer_due, Registration.id, Registration.submitted_at)
Index("ix_registration_waiting", Registration.looked_on, Registration.id)

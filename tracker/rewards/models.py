"""Occasions people are invited to, and what each of them is given. Amounts are in CNY, as the rules count them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.documents.models import Document
from tracker.matrix.models import Approval
from tracker.parties.models import Contact
from tracker.projects.models import Project
from tracker.team.models import Team, User

STATES = ("asked", "agreed", "given", "refused", "off")
"""asked: others still sign; agreed: may be given; given; refused: declined, taken back or lapsed; off: called off."""


class Occasion(Base):
    """A training, factory visit, study trip or the like (`kind`) to which several people are invited.

    `per_head` is what one place costs. `called_off`: why it does not take place.
    """

    __tablename__ = "occasion"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(120))
    on: Mapped[date] = mapped_column(Date, index=True)
    until: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str | None] = mapped_column(String(120))
    programme: Mapped[str] = mapped_column(Text)
    per_head: Mapped[Decimal] = mapped_column(Money)
    called_off: Mapped[str | None] = mapped_column(String(300))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    by: Mapped[User] = related(User)
    team: Mapped[Team | None] = related(Team)
    documents: Mapped[list[Document]] = related(
        Document, order_by="Document.id", viewonly=True, primaryjoin="Document.occasion_id == Occasion.id"
    )


class Reward(Base):
    """What one person is given: an invitation to an occasion, a gift, a fee, a meal. `kind`: see `workflows.rewards`.

    `needs_papers`: its kind is approved before and filed after (G32). `answer`: accepted or declined, as he said.
    `given_on` and `given_value` say what came of it; `papers_on` when its papers were filed, `papers_note` where.
    """

    __tablename__ = "reward"
    __table_args__ = (UniqueConstraint("occasion_id", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(200))
    value: Mapped[Decimal] = mapped_column(Money)
    on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    needs_papers: Mapped[bool] = mapped_column(default=False)
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id"), index=True)
    answer: Mapped[str | None] = mapped_column(String(12))
    given_on: Mapped[date | None] = mapped_column(Date)
    given_value: Mapped[Decimal | None] = mapped_column(Money)
    papers_on: Mapped[date | None] = mapped_column(Date)
    papers_note: Mapped[str | None] = mapped_column(String(300))
    called_off: Mapped[str | None] = mapped_column(String(300))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    contact: Mapped[Contact] = related(Contact)
    occasion: Mapped[Occasion | None] = related(Occasion)
    project: Mapped[Project | None] = related(Project)
    approval: Mapped[Approval | None] = related(Approval)
    team: Mapped[Team | None] = related(Team)
    by: Mapped[User] = related(User)
    documents: Mapped[list[Document]] = related(
        Document, order_by="Document.id", viewonly=True, primaryjoin="Document.reward_id == Reward.id"
    )

    @property
    def state(self) -> str:
        """One of STATES, from what happened; `approval` must be loaded."""
        if self.called_off is not None:
            return "off"
        if self.given_on is not None:
            return "given"
        if self.approval is None or self.approval.state == "used":
            return "agreed"
        return "asked" if self.approval.state == "open" else "refused"

    @property
    def owes_papers(self) -> bool:
        """Whether it was given and its papers are awaited."""
        return self.needs_papers and self.given_on is not None and self.papers_on is None


def owing_papers() -> ColumnElement[bool]:
    """`Reward.owes_papers` as a condition."""
    return Reward.needs_papers.is_(True) & Reward.given_on.is_not(None) & Reward.papers_on.is_(None)


Index("ix_reward_planned", Reward.given_on, Reward.on)

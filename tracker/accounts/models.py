"""Key accounts and what is kept of them.

What somebody states about an account (an estimate, a step of the ladder, a sign) is a row with who and when; of two
statements the later counts. What is derived (the state of an agreement, what remains of it, our share) is no column.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.documents.models import Document
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.team.models import Team, User


class Account(Base):
    """A party (usually a group's head) that somebody of ours looks after. `team_id` is the owner's team.

    `wake_on`: the day on which the worker looks next, see `accounts.operations.waking`.
    """

    __tablename__ = "key_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    since: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    wake_on: Mapped[date | None] = mapped_column(Date, index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    party: Mapped[Party] = related(Party)
    owner: Mapped[User] = related(User, foreign_keys=[owner_id])
    team: Mapped[Team | None] = related(Team)
    firms: Mapped[list[AccountParty]] = related("AccountParty", order_by="AccountParty.id")


class AccountParty(Base):
    """A firm of the account: the party itself and those of its group."""

    __tablename__ = "account_party"
    __table_args__ = (UniqueConstraint("account_id", "party_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("key_account.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    party: Mapped[Party] = related(Party)


class FrameAgreement(Base):
    """A frame agreement with an account; projects name it by its number. Both days belong to it.

    `ended_on`: the last day, where it ended before its time. `renews_id`: the agreement that this one follows.
    """

    __tablename__ = "frame_agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("key_account.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    terms: Mapped[str | None] = mapped_column(Text)
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("frame_agreement.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    account: Mapped[Account] = related(Account)
    renews: Mapped[FrameAgreement | None] = related("FrameAgreement", remote_side=[id])
    categories: Mapped[list[AgreementCategory]] = related("AgreementCategory", order_by="AgreementCategory.id")
    prices: Mapped[list[AgreementPrice]] = related("AgreementPrice", order_by="AgreementPrice.id")
    call_offs: Mapped[list[CallOff]] = related("CallOff", order_by="CallOff.on.desc(), CallOff.id.desc()")
    documents: Mapped[list[Document]] = related(Document, order_by="Document.id", viewonly=True)

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return min(self.valid_until, self.ended_on) if self.ended_on else self.valid_until


class AgreementCategory(Base):
    """A material category that an agreement covers: on what its price rests, and the volume agreed, where one was."""

    __tablename__ = "agreement_category"
    __table_args__ = (UniqueConstraint("agreement_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("frame_agreement.id"))
    category: Mapped[str] = mapped_column(String(40))
    price_basis: Mapped[str] = mapped_column(String(16))
    quantity: Mapped[Decimal | None] = mapped_column(Money)
    unit: Mapped[str | None] = mapped_column(String(16))
    value: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")


class AgreementPrice(Base):
    """A line of an agreement's price list."""

    __tablename__ = "agreement_price"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("frame_agreement.id"), index=True)
    category: Mapped[str] = mapped_column(String(40))
    product: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(16))
    price: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")


class CallOff(Base):
    """What a project's line drew on an agreement on a day. One that was entered wrongly is `void` with the reason."""

    __tablename__ = "call_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("frame_agreement.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    category: Mapped[str] = mapped_column(String(40))
    product: Mapped[str | None] = mapped_column(String(200))
    quantity: Mapped[Decimal | None] = mapped_column(Money)
    unit: Mapped[str | None] = mapped_column(String(16))
    value: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(String(300))
    void: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    project: Mapped[Project] = related(Project)
    by: Mapped[User | None] = related(User)


class AccountGoal(Base):
    """A goal of an account's plan for a year. `kind`: value or category (its `amount` in CNY), step (of the ladder), or
    person (`contact_id`, to be won). One that was given up keeps why."""

    __tablename__ = "account_goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("key_account.id"))
    year: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(12))
    category: Mapped[str | None] = mapped_column(String(40))
    amount: Mapped[Decimal | None] = mapped_column(Money)
    step: Mapped[str | None] = mapped_column(String(16))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    note: Mapped[str | None] = mapped_column(String(300))
    dropped: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    contact: Mapped[Contact | None] = related(Contact)


class AccountAction(Base):
    """A meeting or an action for an account: who does what by when, and what came of it. It may serve a relation of the
    six markets."""

    __tablename__ = "account_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("key_account.id"))
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("account_relation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(300))
    with_whom: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[date] = mapped_column(Date)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    done_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = related(User, foreign_keys=[user_id])
    account: Mapped[Account] = related(Account)


class AccountReview(Base):
    """What a review of the account's plan found."""

    __tablename__ = "account_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("key_account.id"), index=True)
    on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    by: Mapped[User | None] = related(User)


class LadderEntry(Base):
    """Something in the history of an account's loyalty: a step that somebody set (`kind` step, `step` says which), or
    a sign that lifts or lowers it (`accounts.ladder.SIGNS`)."""

    __tablename__ = "ladder_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("key_account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    step: Mapped[str | None] = mapped_column(String(16))
    before: Mapped[str | None] = mapped_column(String(16))
    on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    by: Mapped[User | None] = related(User)


class AccountRelation(Base):
    """Who matters to an account in one of the six markets: a firm, a person there, or a colleague of ours."""

    __tablename__ = "account_relation"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("key_account.id"), index=True)
    market: Mapped[str] = mapped_column(String(12))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    why: Mapped[str | None] = mapped_column(String(300))
    gone_on: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    party: Mapped[Party | None] = related(Party)
    contact: Mapped[Contact | None] = related(Contact)
    user: Mapped[User | None] = related(User, foreign_keys=[user_id])
    actions: Mapped[list[AccountAction]] = related(AccountAction, order_by="AccountAction.due_on")


Index("ix_account_goal_year", AccountGoal.account_id, AccountGoal.year)
Index("ix_account_action_due", AccountAction.account_id, AccountAction.due_on)
Index("ix_frame_agreement_until", FrameAgreement.valid_until)

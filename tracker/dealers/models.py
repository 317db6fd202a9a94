"""What we know of a dealer beside his firm: standing, territory, papers, contract, figures, evaluations, support.

Quantities are kept like money, in whole hundredths. Months and quarters are named by their first day.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    and_,
    exists,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.documents.models import Document
from tracker.parties.models import Party
from tracker.projects.models import Project
from tracker.team.models import Region, User

STATES = ("applicant", "qualified", "warned", "suspended", "disqualified", "ended")
WORKING = ("qualified", "warned")
"""States in which a dealer may be given projects and quotas."""
SHUT_OUT = ("disqualified", "ended")
"""States in which a dealer's people do not sign in."""
PAPERS = ("licence", "capital", "warehouse", "project_team", "references")
"""The checklist of a qualification."""
SUPPORT = ("training", "discount", "samples")


class Dealer(Base):
    """A dealer's profile on his firm. `keeper` is whom of ours he calls; `looked_on`: the day of the worker's last
    look, None where something changed since. `since`: from which day on he reports and is judged."""

    __tablename__ = "dealer"

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="applicant", index=True)
    state_since: Mapped[date] = mapped_column(Date)
    since: Mapped[date] = mapped_column(Date)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    looked_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    party: Mapped[Party] = related(Party)
    keeper: Mapped[User | None] = related(User, foreign_keys=[keeper_id])
    regions: Mapped[list[DealerRegion]] = related("DealerRegion", back_populates="dealer", order_by="DealerRegion.id")


class DealerRegion(Base):
    """A region of a dealer's territory."""

    __tablename__ = "dealer_region"
    __table_args__ = (UniqueConstraint("dealer_id", "region_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)

    dealer: Mapped[Dealer] = related("Dealer", back_populates="regions")
    region: Mapped[Region] = related(Region)


class DealerStanding(Base):
    """A change of a dealer's state with its reason; of a warning, by when he is to improve. The dealer reads it."""

    __tablename__ = "dealer_standing"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"), index=True)
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    improve_by: Mapped[date | None] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = related(User)


class DealerRelease(Base):
    """A project that a change of standing took from the dealer; `returned`: he has it again."""

    __tablename__ = "dealer_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    standing_id: Mapped[int] = mapped_column(ForeignKey("dealer_standing.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    returned: Mapped[bool] = mapped_column(default=False)

    project: Mapped[Project] = related(Project)


class DealerPaper(Base):
    """A paper of the qualification checklist (`kind` of PAPERS): what it says, until when it counts, who checked it."""

    __tablename__ = "dealer_paper"
    __table_args__ = (UniqueConstraint("dealer_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(300))
    expires_on: Mapped[date | None] = mapped_column(Date)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    document: Mapped[Document | None] = related(Document)
    checked_by: Mapped[User | None] = related(User)


class DealerContract(Base):
    """A contract with a dealer. `ended_on`: it was ended before its last day."""

    __tablename__ = "dealer_contract"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    exclusive: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None] = mapped_column(Date)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    document: Mapped[Document | None] = related(Document)
    targets: Mapped[list[DealerTarget]] = related(
        "DealerTarget", back_populates="contract", order_by="DealerTarget.year, DealerTarget.quarter"
    )


class DealerTarget(Base):
    """What a contract wants collected in a quarter (1 to 4), or in the whole year (0)."""

    __tablename__ = "dealer_target"
    __table_args__ = (UniqueConstraint("contract_id", "year", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("dealer_contract.id"))
    year: Mapped[int] = mapped_column()
    quarter: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Decimal] = mapped_column(Money)

    contract: Mapped[DealerContract] = related("DealerContract", back_populates="targets")


class StockReport(Base):
    """A dealer's month of purchase, sale and stock. `source`: dealer, office or import; `collected`: money collected
    for what he sold. `sent_at` is the first time and tells whether it came in time; corrections leave events.
    `withdrawn`: nothing of it counts any more, as if it had not come."""

    __tablename__ = "stock_report"
    __table_args__ = (UniqueConstraint("dealer_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"))
    month: Mapped[date] = mapped_column(Date, index=True)
    collected: Mapped[Decimal | None] = mapped_column(Money)
    source: Mapped[str] = mapped_column(String(8), default="office")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    dealer: Mapped[Dealer] = related(Dealer)
    sent_by: Mapped[User | None] = related(User)
    lines: Mapped[list[StockLine]] = related("StockLine", back_populates="report", order_by="StockLine.id")


class StockLine(Base):
    """What came, went and is left of a category's product in a month: opening + bought - sold = stock.

    `withdrawn`: an import brought it that was undone; it counts for nobody.
    """

    __tablename__ = "stock_line"
    __table_args__ = (UniqueConstraint("report_id", "category", "product", "unit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("stock_report.id"))
    category: Mapped[str] = mapped_column(String(40))
    product: Mapped[str] = mapped_column(String(80), default="")
    unit: Mapped[str] = mapped_column(String(16))
    opening: Mapped[Decimal] = mapped_column(Money)
    bought: Mapped[Decimal] = mapped_column(Money)
    sold: Mapped[Decimal] = mapped_column(Money)
    stock: Mapped[Decimal] = mapped_column(Money)
    withdrawn: Mapped[bool] = mapped_column(default=False)

    @hybrid_property
    def name(self) -> str:
        """What it is called where only a name is shown."""
        return self.category + " " + self.product

    report: Mapped[StockReport] = related("StockReport", back_populates="lines")
    flows: Mapped[list[StockFlow]] = related("StockFlow", back_populates="line", order_by="StockFlow.id")


class StockFlow(Base):
    """How much of what was sold went to one project, or to a site that is none of ours by its name; `outside`: the
    reporter says it lies outside the territory."""

    __tablename__ = "stock_flow"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("stock_line.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    site: Mapped[str | None] = mapped_column(String(120))
    quantity: Mapped[Decimal] = mapped_column(Money)
    outside: Mapped[bool] = mapped_column(default=False)

    line: Mapped[StockLine] = related("StockLine", back_populates="flows")
    project: Mapped[Project | None] = related(Project)


class SignalFinding(Base):
    """What somebody of ours found out about a signal (by its key, which holds its figures): it asks no more."""

    __tablename__ = "signal_finding"
    __table_args__ = (UniqueConstraint("dealer_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"))
    key: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = related(User)


class SupplyQuota(Base):
    """A month's short supply of a category, to be shared out among the dealers. `told_at`: they know their shares."""

    __tablename__ = "supply_quota"
    __table_args__ = (UniqueConstraint("category", "month", "unit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(40))
    month: Mapped[date] = mapped_column(Date, index=True)
    unit: Mapped[str] = mapped_column(String(16))
    quantity: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    made_by: Mapped[User | None] = related(User, foreign_keys=[made_by_id])
    shares: Mapped[list[QuotaShare]] = related("QuotaShare", back_populates="quota", order_by="QuotaShare.id")


class QuotaShare(Base):
    """A dealer's share: what the rule proposed and why, what was granted, and the reason where the two differ."""

    __tablename__ = "quota_share"
    __table_args__ = (UniqueConstraint("quota_id", "dealer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quota_id: Mapped[int] = mapped_column(ForeignKey("supply_quota.id"))
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"), index=True)
    proposed: Mapped[int] = mapped_column()
    granted: Mapped[int] = mapped_column()
    reason: Mapped[str | None] = mapped_column(String(300))
    basis: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # grade, sold, needed

    quota: Mapped[SupplyQuota] = related("SupplyQuota", back_populates="shares")
    dealer: Mapped[Dealer] = related(Dealer)


class DealerEvaluation(Base):
    """A dealer's quarter, judged by the criteria of one version of a definition. It counts once it is confirmed."""

    __tablename__ = "dealer_evaluation"
    __table_args__ = (UniqueConstraint("dealer_id", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"))
    quarter: Mapped[date] = mapped_column(Date, index=True)
    definition_key: Mapped[str] = mapped_column(String(40))
    definition_version: Mapped[int] = mapped_column()
    vetoes: Mapped[list[str]] = mapped_column(JSON, default=list)
    points: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    grade: Mapped[str | None] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(Text)
    improve_by: Mapped[date | None] = mapped_column(Date)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    dealer: Mapped[Dealer] = related(Dealer)
    confirmed_by: Mapped[User | None] = related(User)
    marks: Mapped[list[DealerMark]] = related("DealerMark", back_populates="evaluation", order_by="DealerMark.id")


class DealerMark(Base):
    """A criterion's points (0 to 100), what was suggested from what is known and why, and the evidence in words and
    links, which the dealer reads; the grounds, in both languages, are ours alone."""

    __tablename__ = "dealer_mark"
    __table_args__ = (UniqueConstraint("evaluation_id", "criterion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("dealer_evaluation.id"))
    criterion: Mapped[str] = mapped_column(String(40))
    points: Mapped[int | None] = mapped_column()
    suggested: Mapped[int | None] = mapped_column()
    grounds_zh: Mapped[str | None] = mapped_column(Text)
    grounds_en: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str | None] = mapped_column(Text)

    evaluation: Mapped[DealerEvaluation] = related("DealerEvaluation", back_populates="marks")


class DealerSupport(Base):
    """What we gave a dealer (`kind` of SUPPORT): what, its value, when, by whom, for which project, what came of it."""

    __tablename__ = "dealer_support"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealer.id"))
    kind: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(200))
    value: Mapped[Decimal | None] = mapped_column(Money)
    on: Mapped[date] = mapped_column(Date)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    result: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    project: Mapped[Project | None] = related(Project)
    by: Mapped[User | None] = related(User)


Index("ix_dealer_waiting", Dealer.looked_on, Dealer.id)
Index("ix_dealer_support_day", DealerSupport.dealer_id, DealerSupport.on)


def shut_out() -> ColumnElement[bool]:
    """The condition, for a statement about users, that somebody's company is our dealer no more."""
    out = exists().where(Dealer.party_id == User.party_id, Dealer.state.in_(SHUT_OUT))
    return and_(User.party_id.is_not(None), out.correlate(User))

"""Evaluations: by whose criteria, which there are, and what is known beside each criterion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import visible
from tracker.dealers.models import (
    Dealer,
    DealerContract,
    DealerEvaluation,
    DealerPaper,
    DealerSupport,
    StockReport,
)
from tracker.dealers.queries import doings
from tracker.dealers.queries.signals import open_signals
from tracker.errors import NotFound
from tracker.i18n import _, _n, speaking
from tracker.matrix.definitions import current_definition, get_definition, newest_definition
from tracker.matrix.models import Circumstance
from tracker.paging import Page, page_of
from tracker.projects.models import Project
from tracker.registrations.models import DiversionComplaint, RegisterEntry, Registration
from tracker.team.models import User
from workflows.dealers import LIST, months_in, next_quarter, report_due
from workflows.definition import Definition

STANDARD = "standard"
COSTS = {"payment": ("overdue", 25), "project_service": ("complaint", 20)}
"""Criterion -> circumstance on his projects, and the points that each takes."""
COMPLAINT_COSTS = 30  # points of price discipline that an upheld complaint about diversion takes
SIGNAL_COSTS = 20  # points of price discipline that an open signal takes
TEAM_THERE, TRAINING_ADDS = 60, 20  # points of team skill: a valid project team, each training of the quarter


def definition_for_dealers(session: Session) -> Definition:
    """The definition whose criteria count for new evaluations: the chosen one, or the standard where it has none."""
    chosen = current_definition()
    if LIST in {picklist.key for picklist in chosen.picklists}:
        return chosen
    return newest_definition(session, STANDARD)


def definition_of_evaluation(session: Session, evaluation: DealerEvaluation) -> Definition:
    """The definition by which an evaluation was made."""
    return get_definition(session, evaluation.definition_key, evaluation.definition_version)


def get_evaluation(session: Session, by: User, dealer_id: int, evaluation_id: int) -> DealerEvaluation:
    """One evaluation with its marks, or NotFound."""
    mine = (DealerEvaluation.id == evaluation_id, DealerEvaluation.dealer_id == dealer_id)
    query = select(DealerEvaluation).where(*mine, visible(DealerEvaluation, by))
    whole = (selectinload(DealerEvaluation.marks), joinedload(DealerEvaluation.confirmed_by))
    found = session.scalar(query.options(*whole))
    if found is None:
        raise NotFound
    return found


def list_evaluations(session: Session, by: User, dealer: Dealer, most: int = 12) -> Sequence[DealerEvaluation]:
    """A dealer's evaluations that the user sees, the newest first."""
    query = select(DealerEvaluation).where(DealerEvaluation.dealer_id == dealer.id, visible(DealerEvaluation, by))
    query = query.order_by(DealerEvaluation.quarter.desc()).limit(most)
    return session.scalars(query.options(selectinload(DealerEvaluation.marks))).all()


def list_all_evaluations(session: Session, by: User, quarter: date | None, page: int = 1) -> Page[DealerEvaluation]:
    """A page of evaluations of all dealers, the newest first; of one quarter, or of all."""
    query = select(DealerEvaluation).where(visible(DealerEvaluation, by))
    if quarter:
        query = query.where(DealerEvaluation.quarter == quarter)
    query = query.order_by(DealerEvaluation.quarter.desc(), DealerEvaluation.id.desc())
    return page_of(session, query.options(joinedload(DealerEvaluation.dealer).joinedload(Dealer.party)), page)


def stream_evaluations(session: Session, by: User, quarter: date | None) -> Iterator[DealerEvaluation]:
    """The evaluations of the list, for a file."""
    query = select(DealerEvaluation).where(visible(DealerEvaluation, by))
    if quarter:
        query = query.where(DealerEvaluation.quarter == quarter)
    query = query.order_by(DealerEvaluation.quarter.desc(), DealerEvaluation.id.desc())
    whole = (joinedload(DealerEvaluation.dealer).joinedload(Dealer.party), joinedload(DealerEvaluation.confirmed_by))
    yield from session.scalars(query.options(*whole))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Points that what is known speaks for (None: nothing is known), and what that is."""

    points: int | None
    grounds: str


def suggest_marks(session: Session, dealer: Dealer, quarter: date, criteria: Sequence[str]) -> dict[str, Suggestion]:
    """What is known beside each criterion of a quarter; what only people know is left to them."""
    known = {
        "sales_target": lambda: _sales_target(session, dealer, quarter),
        "price_discipline": lambda: _price_discipline(session, dealer, quarter),
        "team_skill": lambda: _team_skill(session, dealer, quarter),
        "stock_flow_data": lambda: _stock_flow_data(session, dealer, quarter),
        "registration_conversion": lambda: _registration_conversion(session, dealer, quarter),
        "registration_quality": lambda: Suggestion(*doings.quality(session, dealer, quarter)),
        "design_promotion": lambda: Suggestion(*doings.design(session, dealer, quarter)),
        "market_feedback": lambda: Suggestion(*doings.feedback(session, dealer, quarter)),
        **{key: _circumstances(session, dealer, *cost) for key, cost in COSTS.items()},
    }
    nothing = Suggestion(None, _("Nothing kept here speaks of it; only people know."))
    return {key: known[key]() if key in known else nothing for key in criteria}


def suggest_marks_in_both(
    session: Session, dealer: Dealer, quarter: date, criteria: Sequence[str]
) -> dict[str, tuple[Suggestion, Suggestion]]:
    """The same with its words in Chinese and in English: who confirms may read another language than who began."""
    with speaking("zh"):
        zh = suggest_marks(session, dealer, quarter, criteria)
    with speaking("en"):
        en = suggest_marks(session, dealer, quarter, criteria)
    return {key: (zh[key], en[key]) for key in criteria}


def collected_in(session: Session, dealer_id: int, quarter: date) -> Decimal | None:
    """What a dealer reported as collected in a quarter; None where he reported no money."""
    asked = _reports(dealer_id, quarter)
    total = session.scalar(select(func.sum(StockReport.collected)).where(*asked, StockReport.collected.is_not(None)))
    return None if total is None else Decimal(total)


def _reports(dealer_id: int, quarter: date) -> tuple[Any, ...]:
    months = months_in(quarter)
    return StockReport.dealer_id == dealer_id, StockReport.month.in_(months), StockReport.withdrawn.is_(False)


def target_in(contracts: Sequence[DealerContract], quarter: date) -> Decimal | None:
    """What the contract that holds in a quarter wants collected in it: the quarter's target, or a fourth of the year's.

    Their targets are loaded.
    """
    number = (quarter.month + 2) // 3
    for contract in contracts:
        if contract.starts_on < next_quarter(quarter) and contract.ends_on >= quarter:
            wanted = {(target.year, target.quarter): target.amount for target in contract.targets}
            if (quarter.year, number) in wanted:
                return wanted[quarter.year, number]
            if (quarter.year, 0) in wanted:
                return wanted[quarter.year, 0] / 4
    return None


def _sales_target(session: Session, dealer: Dealer, quarter: date) -> Suggestion:
    query = select(DealerContract).where(DealerContract.dealer_id == dealer.id)
    query = query.order_by(DealerContract.starts_on.desc()).options(selectinload(DealerContract.targets))
    target, collected = target_in(session.scalars(query).all(), quarter), collected_in(session, dealer.id, quarter)
    if not target or collected is None:
        return Suggestion(None, _("No target, or no money reported as collected."))
    said = _("%(collected)s collected of %(target)s.", collected=f"{collected:,.0f}", target=f"{target:,.0f}")
    return Suggestion(min(100, int(collected * 100 / target)), said)


def _price_discipline(session: Session, dealer: Dealer, quarter: date) -> Suggestion:
    count, upheld = len(open_signals(session, dealer)), _upheld(session, dealer, quarter)
    said = _n("%(num)d open signal in his figures.", "%(num)d open signals in his figures.", count)
    found = [said if count else _("No open signal.")]
    if upheld:
        many = _n("%(num)d complaint upheld in the quarter.", "%(num)d complaints upheld in the quarter.", len(upheld))
        found.append(many)
    if any(upheld):
        found.append(_("Deliberate diversion: consider the veto."))
    return Suggestion(max(0, 100 - SIGNAL_COSTS * count - COMPLAINT_COSTS * len(upheld)), " ".join(found))


def _upheld(session: Session, dealer: Dealer, quarter: date) -> Sequence[bool]:
    """The complaints upheld against a dealer in a quarter: whether each was deliberate."""
    one = DiversionComplaint
    within = (one.decided_at >= clock.day_begins(quarter), one.decided_at < clock.day_begins(next_quarter(quarter)))
    return session.scalars(
        select(one.deliberate).where(one.dealer_id == dealer.id, one.state == "upheld", *within)
    ).all()


def _team_skill(session: Session, dealer: Dealer, quarter: date) -> Suggestion:
    expires = select(DealerPaper.expires_on).where(
        DealerPaper.dealer_id == dealer.id, DealerPaper.kind == "project_team"
    )
    paper = session.execute(expires).first()
    there = paper is not None and (paper[0] is None or paper[0] >= clock.today())
    trained = session.scalar(
        select(func.count()).where(
            DealerSupport.dealer_id == dealer.id, DealerSupport.kind == "training",
            DealerSupport.on >= quarter, DealerSupport.on < next_quarter(quarter),
        )
    ) or 0  # fmt: skip
    team = _("The project team's paper is valid.") if there else _("No valid paper of a project team.")
    said = team + " " + _n("%(num)d training in the quarter.", "%(num)d trainings in the quarter.", trained)
    return Suggestion(min(100, TEAM_THERE * there + TRAINING_ADDS * trained), said)


def _stock_flow_data(session: Session, dealer: Dealer, quarter: date) -> Suggestion:
    asked = _reports(dealer.id, quarter)
    sent = dict(session.execute(select(StockReport.month, StockReport.sent_at).where(*asked)).all())
    in_time = sum(1 for month, at in sent.items() if clock.company_day(at) <= report_due(month))
    late = len(sent) - in_time
    said = _("Of 3 months %(in_time)s in time, %(late)s late, %(missing)s missing.", in_time=in_time, late=late,
             missing=3 - len(sent))  # fmt: skip
    return Suggestion((in_time * 100 + late * 50) // 3, said)


def _registration_conversion(session: Session, dealer: Dealer, quarter: date) -> Suggestion:
    """How many of the registrations that ended in the quarter led to a contract; if none did, his decided projects."""
    begins = clock.day_begins(quarter)
    ended = (RegisterEntry.at >= begins, RegisterEntry.at < clock.day_begins(next_quarter(quarter)))
    query = (
        select(RegisterEntry.deed, func.count())
        .join(Registration, Registration.id == RegisterEntry.registration_id)
        .where(Registration.dealer_id == dealer.id, RegisterEntry.deed.in_(("lapsed", "converted")), *ended)
        .group_by(RegisterEntry.deed)
    )
    counts = dict(session.execute(query).all())
    won, lapsed = counts.get("converted", 0), counts.get("lapsed", 0)
    if not won + lapsed:
        return Suggestion(*doings.conversion(session, dealer, quarter))
    said = _("%(won)s of %(ended)s registrations that ended led to a contract.", won=won, ended=won + lapsed)
    return Suggestion(won * 100 // (won + lapsed), said)


def _circumstances(session: Session, dealer: Dealer, what: str, cost: int):  # type: ignore[no-untyped-def]
    """How many of his projects are in a circumstance today, as a question to be asked."""

    def ask() -> Suggestion:
        lasting = (Circumstance.key == what, Circumstance.until.is_(None))
        query = select(func.count(Circumstance.id)).join(Project, Project.id == Circumstance.project_id)
        count = session.scalar(query.where(Project.dealer_id == dealer.party_id, *lasting)) or 0
        said = (
            _n("%(num)d of his projects has money overdue.", "%(num)d of his projects have money overdue.", count)
            if what == "overdue"
            else _n("%(num)d complaint is open on his projects.", "%(num)d complaints are open on his projects.", count)
        )
        return Suggestion(max(0, 100 - cost * count), said)

    return ask

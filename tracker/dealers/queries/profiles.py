"""Dealers: one, one's own, the list with its filters, and what stands on a dealer's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from tracker.access import is_dealer, visible
from tracker.dealers.models import (
    WORKING,
    Dealer,
    DealerContract,
    DealerEvaluation,
    DealerPaper,
    DealerRegion,
    DealerRelease,
    DealerStanding,
    DealerSupport,
    StockReport,
)
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.search.indexing import holds
from tracker.team.models import User
from workflows.dealers import month_of, next_month, report_due

_WHOLE = (
    joinedload(Dealer.party),
    joinedload(Dealer.keeper),
    selectinload(Dealer.regions).joinedload(DealerRegion.region),
)
MOST = 50  # rows of each part of a dealer's page


@dataclass(frozen=True, slots=True)
class DealerFilters:
    """What the list is narrowed by; `late`: the newest month that was due is not reported."""

    q: str = ""
    state: str = ""
    grade: str = ""
    region: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A dealer in the list: his newest grade, the last month he reported, whether that is late."""

    dealer: Dealer
    grade: str | None
    points: Any
    month: date | None
    late: bool


def get_dealer(session: Session, by: User, dealer_id: int) -> Dealer:
    """One dealer with his firm, keeper and regions, or NotFound."""
    found = session.scalar(select(Dealer).where(Dealer.id == dealer_id, visible(Dealer, by)).options(*_WHOLE))
    if found is None:
        raise NotFound
    return found


def find_own(session: Session, by: User) -> Dealer | None:
    """The dealer whose people the user belongs to; None where nobody made a profile yet. NotFound for ours."""
    if not is_dealer(by):
        raise NotFound
    return session.scalar(select(Dealer).where(Dealer.party_id == by.party_id, visible(Dealer, by)).options(*_WHOLE))


def find_own_id(session: Session, by: User) -> int | None:
    """The number of the same, where nothing else of it is shown."""
    if not is_dealer(by):
        raise NotFound
    return session.scalar(select(Dealer.id).where(Dealer.party_id == by.party_id, visible(Dealer, by)))


def get_own(session: Session, by: User) -> Dealer:
    """The same, or NotFound."""
    found = find_own(session, by)
    if found is None:
        raise NotFound
    return found


def find_of_party(session: Session, by: User, party_id: int) -> Dealer | None:
    """A firm's profile as a dealer, where it has one."""
    return session.scalar(select(Dealer).where(Dealer.party_id == party_id, visible(Dealer, by)))


def newest_grade() -> Any:
    """The grade of a dealer's newest evaluation that counts, for a statement about Dealer."""
    counts = (DealerEvaluation.dealer_id == Dealer.id, DealerEvaluation.confirmed_at.is_not(None))
    newest = select(DealerEvaluation.grade).where(*counts).order_by(DealerEvaluation.quarter.desc()).limit(1)
    return newest.correlate(Dealer).scalar_subquery()


def last_due_month(today: date) -> date:
    """The newest month whose figures should have come by now."""
    month = next_month(month_of(today), -1)
    return month if today > report_due(month) else next_month(month, -1)


def is_late(today: date) -> Any:
    """The condition that a working dealer has not reported the newest month that was due."""
    month = last_due_month(today)
    of_month = (StockReport.dealer_id == Dealer.id, StockReport.month == month, StockReport.withdrawn.is_(False))
    reported = exists().where(*of_month).correlate(Dealer)
    return Dealer.state.in_(WORKING) & (Dealer.since < next_month(month)) & ~reported


def dealers_asked(by: User, filters: DealerFilters, today: date) -> Select[Dealer]:
    """The statement for the list, whole and in its order."""
    query = select(Dealer).join(Dealer.party).where(visible(Dealer, by)).order_by(Party.name, Dealer.id)
    if filters.q:
        query = query.where(holds(Party, filters.q))
    if filters.state:
        query = query.where(Dealer.state == filters.state)
    if filters.grade:
        query = query.where(newest_grade() == filters.grade)
    if filters.region is not None:
        his = exists().where(DealerRegion.dealer_id == Dealer.id, DealerRegion.region_id == filters.region)
        query = query.where(his.correlate(Dealer))
    return query.where(is_late(today)) if filters.late else query


def list_dealers(session: Session, by: User, filters: DealerFilters, today: date, page: int = 1) -> Page[Line]:
    """A page of dealers by name."""
    found = page_of(session, dealers_asked(by, filters, today).options(contains_eager(Dealer.party), *_WHOLE[1:]), page)
    return Page(lines_of(session, found.items, today), found.number, found.has_next, found.size)


def lines_of(session: Session, dealers: Sequence[Dealer], today: date) -> list[Line]:
    """Dealers with grade and last month, asked once for all of them."""
    ids = [dealer.id for dealer in dealers]
    grades = grades_of(session, ids)
    months: dict[int, date] = dict(
        session.execute(
            select(StockReport.dealer_id, func.max(StockReport.month))
            .where(StockReport.dealer_id.in_(ids), StockReport.withdrawn.is_(False))
            .group_by(StockReport.dealer_id)
        ).all()
    )
    due = last_due_month(today)
    found = []
    for dealer in dealers:
        grade, points = grades.get(dealer.id, (None, None))
        asked = dealer.state in WORKING and dealer.since < next_month(due)
        late = asked and months.get(dealer.id, date.min) < due
        found.append(Line(dealer, grade, points, months.get(dealer.id), late))
    return found


def grades_of(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, Any]]:
    """Grade and points of the newest evaluation that counts, by dealer."""
    rows = session.execute(
        select(DealerEvaluation.dealer_id, DealerEvaluation.grade, DealerEvaluation.points)
        .where(DealerEvaluation.dealer_id.in_(list(ids)), DealerEvaluation.confirmed_at.is_not(None))
        .order_by(DealerEvaluation.quarter)
    )
    return {dealer_id: (grade or "", points) for dealer_id, grade, points in rows}


def stream_dealers(session: Session, by: User, filters: DealerFilters, today: date) -> Iterable[Line]:
    """The dealers of a list, in its order, for a file."""
    query = dealers_asked(by, filters, today).options(contains_eager(Dealer.party), *_WHOLE[1:])
    return lines_of(session, session.scalars(query).unique().all(), today)


def list_papers(session: Session, dealer: Dealer) -> dict[str, DealerPaper]:
    """The checklist as far as it is filled in, by kind."""
    query = select(DealerPaper).where(DealerPaper.dealer_id == dealer.id)
    query = query.options(joinedload(DealerPaper.document), joinedload(DealerPaper.checked_by))
    return {paper.kind: paper for paper in session.scalars(query)}


def list_contracts(session: Session, dealer: Dealer) -> Sequence[DealerContract]:
    """A dealer's contracts with their targets, the newest first."""
    query = select(DealerContract).where(DealerContract.dealer_id == dealer.id)
    query = query.order_by(DealerContract.starts_on.desc(), DealerContract.id.desc())
    whole = (joinedload(DealerContract.document), selectinload(DealerContract.targets))
    return session.scalars(query.options(*whole)).all()


def get_contract(session: Session, by: User, dealer_id: int, contract_id: int) -> DealerContract:
    """One contract of a dealer the user sees, or NotFound."""
    get_dealer(session, by, dealer_id)
    query = select(DealerContract).where(DealerContract.id == contract_id, DealerContract.dealer_id == dealer_id)
    found = session.scalar(query.options(selectinload(DealerContract.targets)))
    if found is None:
        raise NotFound
    return found


def current_contract(contracts: Iterable[DealerContract], today: date) -> DealerContract | None:
    """The contract that holds on a day, of these the newest."""
    holding = (one for one in contracts if one.starts_on <= today <= (one.ended_on or one.ends_on))
    return max(holding, key=lambda one: one.starts_on, default=None)


def list_standings(session: Session, dealer: Dealer) -> Sequence[DealerStanding]:
    """The changes of a dealer's state, the newest first."""
    query = select(DealerStanding).where(DealerStanding.dealer_id == dealer.id).order_by(DealerStanding.id.desc())
    return session.scalars(query.limit(MOST).options(joinedload(DealerStanding.by))).all()


def list_support(session: Session, by: User, dealer: Dealer) -> Sequence[tuple[DealerSupport, Project | None]]:
    """What we gave him, the newest first; its project where the user sees it."""
    query = (
        select(DealerSupport, Project)
        .outerjoin(Project, (Project.id == DealerSupport.project_id) & visible(Project, by))
        .where(DealerSupport.dealer_id == dealer.id)
        .order_by(DealerSupport.on.desc(), DealerSupport.id.desc())
        .limit(MOST)
        .options(joinedload(DealerSupport.by))
    )
    return [(support, project) for support, project in session.execute(query)]


def get_support(session: Session, by: User, dealer_id: int, support_id: int) -> DealerSupport:
    """One piece of support of a dealer the user sees, or NotFound."""
    get_dealer(session, by, dealer_id)
    query = select(DealerSupport).where(DealerSupport.id == support_id, DealerSupport.dealer_id == dealer_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_projects(session: Session, by: User, dealer: Dealer) -> Sequence[Project]:
    """The projects sold through him that the user sees, those he works on first and of these the newest."""
    ended = case((Project.state.in_(("lost", "closed")), 1), else_=0)
    query = select(Project).where(Project.dealer_id == dealer.party_id, visible(Project, by))
    return session.scalars(query.order_by(ended, Project.id.desc()).limit(MOST)).all()


def count_registrations(session: Session, by: User, dealer: Dealer) -> dict[str, int]:
    """How many of a dealer's registrations that the user sees are in each state, those in hand included; no drafts."""
    query = select(Registration.state, func.count()).where(Registration.dealer_id == dealer.id)
    query = query.where(Registration.state != "draft", visible(Registration, by))
    rows: Any = session.execute(query.group_by(Registration.state))
    return dict(rows.all())


def list_released(session: Session, by: User, dealer: Dealer) -> Sequence[Project]:
    """What his last disqualification took from him and he has not got back, as far as the user sees it."""
    query = (
        select(Project)
        .join(DealerRelease, DealerRelease.project_id == Project.id)
        .join(DealerStanding, DealerStanding.id == DealerRelease.standing_id)
        .where(DealerStanding.dealer_id == dealer.id, DealerRelease.returned.is_(False), visible(Project, by))
        .order_by(Project.id)
        .limit(MOST)
    )
    return session.scalars(query).unique().all()


def list_people(session: Session, by: User, dealer: Dealer) -> Sequence[User]:
    """Who of his signs in."""
    query = select(User).where(User.party_id == dealer.party_id, visible(User, by))
    return session.scalars(query.order_by(User.active.desc(), User.name).limit(MOST)).all()


def list_contacts_of(session: Session, by: User, dealer: Dealer) -> Sequence[Contact]:
    """Whom we know at his firm."""
    query = select(Contact).where(Contact.party_id == dealer.party_id, visible(Contact, by))
    return session.scalars(query.order_by(Contact.name).limit(MOST)).all()


def list_firms_without(session: Session, by: User) -> Sequence[Party]:
    """Firms that are dealers by their kind and have no profile yet."""
    none = ~exists().where(Dealer.party_id == Party.id).correlate(Party)
    query = select(Party).where(Party.kind == "dealer", visible(Party, by), none)
    return session.scalars(query.order_by(Party.name).limit(500)).all()

"""Frame agreements: their state by the day, what was called off, what remains of the volume agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.access import Action, can, visible
from tracker.accounts.models import Account, AccountParty, AgreementCategory, CallOff, FrameAgreement
from tracker.database import Money
from tracker.documents.models import Document
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.parties.queries.figures import Values
from tracker.projects.models import Project, ProjectParty
from tracker.projects.queries import LIVE
from tracker.team.models import User
from workflows.account_clocks import WARN_DAYS

SOON = timedelta(days=max(WARN_DAYS))
STATES = ("coming", "valid", "expiring", "expired", "ended")
Follower = aliased(FrameAgreement)
_RENEWED = exists().where(Follower.renews_id == FrameAgreement.id).correlate(FrameAgreement)


def state_of(agreement: FrameAgreement, today: date) -> str:
    """coming, valid, expiring (in 90 days), expired, or ended before its time."""
    if agreement.ended_on is not None and agreement.ended_on < today:
        return "ended"
    if today > agreement.valid_until:
        return "expired"
    if today < agreement.valid_from:
        return "coming"
    return "expiring" if agreement.last_day - today <= SOON else "valid"


@dataclass(frozen=True, slots=True)
class Called:
    """What was called off of one category; `agreed` is its row of the agreement, None where it is not covered."""

    category: str
    agreed: AgreementCategory | None
    quantity: Decimal
    values: Values

    @property
    def left(self) -> Decimal | None:
        """What remains of the quantity agreed; below zero where more was called off. None where none was agreed."""
        return None if self.agreed is None or self.agreed.quantity is None else self.agreed.quantity - self.quantity

    @property
    def value_left(self) -> Decimal | None:
        """The same of the value agreed, in its currency."""
        return None if self.agreed is None or self.agreed.value is None else self.agreed.value - self._worth

    @property
    def _worth(self) -> Decimal:
        return self.values.get(self.agreed.currency, Decimal(0)) if self.agreed else Decimal(0)

    @property
    def share(self) -> int | None:
        """How much of what was agreed is called off, in per cent: by quantity, else by value."""
        if self.agreed is None:
            return None
        agreed, called = (
            (self.agreed.quantity, self.quantity) if self.agreed.quantity else (self.agreed.value, self._worth)
        )
        return round(100 * called / agreed) if agreed else None


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """A whole agreement as somebody sees it. Without `prices` he does not know them, nor what call-offs were worth."""

    agreement: FrameAgreement
    state: str
    called: Sequence[Called]
    call_offs: Sequence[CallOff]
    hidden: int
    renewed_by: FrameAgreement | None
    prices: bool
    documents: Sequence[Document]


def get_agreement(session: Session, by: User, agreement_id: int) -> FrameAgreement:
    """One agreement with its account and all its lists, or NotFound."""
    account = joinedload(FrameAgreement.account)
    found = session.scalar(
        select(FrameAgreement)
        .where(FrameAgreement.id == agreement_id, visible(FrameAgreement, by))
        .options(
            account.joinedload(Account.party),
            account.joinedload(Account.team),
            joinedload(FrameAgreement.renews),
            selectinload(FrameAgreement.categories),
            selectinload(FrameAgreement.prices),
        )
    )
    if found is None:
        raise NotFound
    return found


def load_agreement(session: Session, by: User, agreement_id: int, today: date) -> AgreementPage:
    """One agreement with what was drawn on it. What remains counts every call-off, whoever sees its project."""
    agreement = get_agreement(session, by, agreement_id)
    knows = can(by, Action.ACCOUNT_PRICES, agreement.account)
    call_offs = session.scalars(
        select(CallOff)
        .join(Project, Project.id == CallOff.project_id)
        .where(CallOff.agreement_id == agreement.id, visible(Project, by))
        .order_by(CallOff.on.desc(), CallOff.id.desc())
        .options(joinedload(CallOff.project), joinedload(CallOff.by))
    ).all()
    sums = load_called(session, [agreement.id])
    everything = sum(number for _category, _quantity, _values, number in sums[agreement.id])
    papers = select(Document).where(Document.agreement_id == agreement.id, visible(Document, by))
    return AgreementPage(
        agreement,
        state_of(agreement, today),
        called_of(agreement.categories, sums[agreement.id]),
        call_offs,
        everything - sum(1 for one in call_offs if one.void is None),
        session.scalar(select(FrameAgreement).where(FrameAgreement.renews_id == agreement.id).limit(1)),
        knows,
        session.scalars(papers.order_by(Document.id).options(joinedload(Document.uploader))).all() if knows else (),
    )


Sums = list[tuple[str, Decimal, Values, int]]


def load_called(session: Session, ids: Collection[int]) -> Mapping[int, Sums]:
    """(category, quantity, value by currency, number) of what was called off of these agreements, by agreement."""
    found: dict[int, Sums] = defaultdict(list)
    quantity, value = func.sum(CallOff.quantity, type_=Money()), func.sum(CallOff.value, type_=Money())
    query = select(CallOff.agreement_id, CallOff.category, CallOff.currency, quantity, value, func.count())
    query = query.where(CallOff.agreement_id.in_(ids), CallOff.void.is_(None))
    grouped = query.group_by(CallOff.agreement_id, CallOff.category, CallOff.currency)
    sums: dict[tuple[int, str], tuple[Decimal, Values, int]] = {}
    rows: Any = session.execute(grouped) if ids else ()
    for agreement_id, category, currency, number, worth, count in rows:
        drawn, values, counted = sums.get((agreement_id, category), (Decimal(0), {}, 0))
        values[currency] = worth
        sums[agreement_id, category] = (drawn + (number or Decimal(0)), values, counted + count)
    for (agreement_id, category), (drawn, values, counted) in sums.items():
        found[agreement_id].append((category, drawn, values, counted))
    return found


def called_of(agreed: Sequence[AgreementCategory], sums: Sums) -> list[Called]:
    """What was called off by category: those agreed in their order, then others that were drawn on all the same."""
    drawn = {category: (quantity, values) for category, quantity, values, _number in sums}
    nothing: tuple[Decimal, Values] = (Decimal(0), {})
    found = [Called(one.category, one, *drawn.pop(one.category, nothing)) for one in agreed]
    return found + [Called(category, None, *rest) for category, rest in sorted(drawn.items())]


def agreements_asked(
    by: User, today: date, *, q: str = "", state: str = "", account_id: int | None = None
) -> Select[FrameAgreement]:
    """The statement for a list of agreements, those that end next first, whole and in its order."""
    one = FrameAgreement
    query = select(one).where(visible(one, by)).order_by(one.valid_until.desc(), one.id.desc())
    if q:
        query = query.where(func.lower(one.number).contains(q.lower(), autoescape=True))
    if account_id is not None:
        query = query.where(one.account_id == account_id)
    running = one.ended_on.is_(None) | (one.ended_on >= today)
    match state:
        case "coming":
            query = query.where(running, one.valid_from > today)
        case "valid":
            query = query.where(running, one.valid_from <= today, one.valid_until > today + SOON)
        case "expiring":
            query = query.where(
                running, one.valid_from <= today, one.valid_until.between(today, today + SOON), ~_RENEWED
            )
        case "expired":
            query = query.where(running, one.valid_until < today)
        case "ended":
            query = query.where(one.ended_on < today)
    return query


_LISTED = (
    joinedload(FrameAgreement.account).joinedload(Account.party),
    joinedload(FrameAgreement.account).joinedload(Account.owner),
    selectinload(FrameAgreement.categories),
)


def list_agreements(
    session: Session, by: User, today: date, *, q: str = "", state: str = "", page: int = 1
) -> Page[FrameAgreement]:
    """A page of agreements, with account, owner and categories."""
    return page_of(session, agreements_asked(by, today, q=q, state=state).options(*_LISTED), page)


def list_agreements_of(session: Session, by: User, account: Account, today: date) -> Sequence[FrameAgreement]:
    """All agreements of an account, the newest first, with categories."""
    query = agreements_asked(by, today, account_id=account.id).options(joinedload(FrameAgreement.categories))
    return session.scalars(query).unique().all()


def find_agreement(session: Session, by: User, number: str) -> FrameAgreement | None:
    """The agreement of this number, with its account."""
    query = select(FrameAgreement).where(FrameAgreement.number == number.strip(), visible(FrameAgreement, by))
    return session.scalar(query.options(joinedload(FrameAgreement.account).joinedload(Account.party)))


def state_of_number(session: Session, by: User, number: str, today: date) -> str:
    """The state of the agreement of this number; `unknown` where none has it."""
    found = find_agreement(session, by, number)
    return state_of(found, today) if found else "unknown"


def list_usable(session: Session, by: User, project: Project, today: date) -> Sequence[FrameAgreement]:
    """The agreements that hold today with an account that has a firm in the project."""
    firms = select(AccountParty.account_id).join(ProjectParty, ProjectParty.party_id == AccountParty.party_id)
    query = agreements_asked(by, today).where(
        FrameAgreement.account_id.in_(firms.where(ProjectParty.project_id == project.id)),
        FrameAgreement.valid_from <= today,
        FrameAgreement.valid_until >= today,
        FrameAgreement.ended_on.is_(None) | (FrameAgreement.ended_on >= today),
    )
    return session.scalars(query.options(joinedload(FrameAgreement.account).joinedload(Account.party))).all()


def list_callable(session: Session, by: User, agreement: FrameAgreement) -> Sequence[Project]:
    """The live projects of the account that the user sees, with their lines: those that name the agreement first."""
    firms = select(AccountParty.party_id).where(AccountParty.account_id == agreement.account_id)
    theirs = select(ProjectParty.project_id).where(ProjectParty.party_id.in_(firms))
    query = select(Project).where(Project.id.in_(theirs), visible(Project, by), Project.state.in_(LIVE))
    named = func.coalesce(Project.frame_agreement, "") == agreement.number
    return session.scalars(query.order_by(named.desc(), Project.name, Project.id).limit(500)).all()


def get_call_off(session: Session, by: User, agreement: FrameAgreement, row_id: int) -> CallOff:
    """A call-off of this agreement for a project that the user sees, or NotFound."""
    query = select(CallOff).join(Project, Project.id == CallOff.project_id).where(CallOff.id == row_id)
    found = session.scalar(query.where(CallOff.agreement_id == agreement.id, visible(Project, by)))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement as its list is taken out."""

    agreement: FrameAgreement
    state: str


def stream_agreements(
    session: Session, by: User, today: date, *, q: str = "", state: str = ""
) -> Sequence[AgreementLine]:
    """All rows of the list."""
    found = session.scalars(agreements_asked(by, today, q=q, state=state).options(*_LISTED)).all()
    return [AgreementLine(one, state_of(one, today)) for one in found]

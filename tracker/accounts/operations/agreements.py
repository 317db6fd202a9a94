"""Frame agreements: entered, changed, renewed and ended; their categories, price lists and papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.accounts.models import Account, AgreementCategory, AgreementPrice, CallOff, FrameAgreement
from tracker.accounts.operations.waking import wake
from tracker.documents.models import Document
from tracker.errors import Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.projects.models import Project
from tracker.team.models import User

BASES = ("fixed", "discount", "index", "ceiling", "project")
CURRENCIES = ("CNY", "USD", "EUR", "GBP")


def add_agreement(
    session: Session,
    account: Account,
    *,
    by: User,
    number: str,
    valid_from: date,
    valid_until: date,
    terms: str | None = None,
    renews: FrameAgreement | None = None,
) -> FrameAgreement:
    """Enter an agreement; its number is the one by which projects name it, so there is one of each."""
    require(by, Action.ACCOUNT_EDIT, account)
    number = _checked(session, number, valid_from, valid_until)
    agreement = FrameAgreement(
        account_id=account.id,
        number=number,
        valid_from=valid_from,
        valid_until=valid_until,
        terms=terms,
        renews_id=renews.id if renews else None,
        created_by_id=by.id,
    )
    session.add(agreement)
    session.flush()
    wake(session, account.id)
    days: dict[str, Any] = {"valid_from": valid_from.isoformat(), "valid_until": valid_until.isoformat()}
    events.record(session, Kind.AGREEMENT_ADDED, agreement, by=by, number=number, **days)
    return agreement


def _checked(
    session: Session, number: str, valid_from: date, valid_until: date, agreement: FrameAgreement | None = None
) -> str:
    number = number.strip()
    if not number:
        raise Invalid("number", _l("An agreement needs its number."))
    if valid_until < valid_from:
        raise Invalid("valid_until", _l("It ends before it begins."))
    same = session.scalar(select(FrameAgreement.id).where(FrameAgreement.number == number))
    if same is not None and (agreement is None or same != agreement.id):
        raise Invalid("number", _l("There is an agreement of this number already."))
    return number


def edit_agreement(
    session: Session,
    agreement: FrameAgreement,
    *,
    by: User,
    version: int,
    number: str,
    valid_from: date,
    valid_until: date,
    terms: str | None,
) -> None:
    """Change an agreement's number, days and terms; the number only while nothing is named by it."""
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    if version != agreement.version:
        raise Stale(_l("Somebody changed this agreement meanwhile."), details=agreement)
    number = _checked(session, number, valid_from, valid_until, agreement)
    if number != agreement.number and _is_named(session, agreement):
        raise Invalid("number", _l("Projects name it by its number: enter another agreement, or renew this one."))
    values = {"number": number, "valid_from": valid_from, "valid_until": valid_until, "terms": terms}
    before = {key: getattr(agreement, key) for key, value in values.items() if getattr(agreement, key) != value}
    if not before:
        return
    for key, value in values.items():
        setattr(agreement, key, value)
    session.flush()
    wake(session, agreement.account_id)
    told = {key: value.isoformat() if isinstance(value, date) else value for key, value in before.items()}
    events.record(session, Kind.AGREEMENT_EDITED, agreement, by=by, before=told)


def _is_named(session: Session, agreement: FrameAgreement) -> bool:
    project = select(Project.id).where(Project.frame_agreement == agreement.number).limit(1)
    call_off = select(CallOff.id).where(CallOff.agreement_id == agreement.id).limit(1)
    return session.scalar(project) is not None or session.scalar(call_off) is not None


def renew_agreement(
    session: Session, agreement: FrameAgreement, *, by: User, number: str, valid_from: date, valid_until: date
) -> FrameAgreement:
    """An agreement that follows another: it takes over terms, categories and price list, to be changed from there."""
    follower = session.scalar(select(FrameAgreement.id).where(FrameAgreement.renews_id == agreement.id).limit(1))
    if follower is not None:
        raise Invalid("number", _l("It was renewed already."))
    renewed = add_agreement(
        session,
        agreement.account,
        by=by,
        number=number,
        valid_from=valid_from,
        valid_until=valid_until,
        terms=agreement.terms,
        renews=agreement,
    )
    session.add_all(_copied(row, renewed) for row in (*agreement.categories, *agreement.prices))
    session.flush()
    return renewed


def _copied(row: Any, to: FrameAgreement) -> Any:
    columns = [column.key for column in row.__table__.columns if column.key not in ("id", "agreement_id")]
    return type(row)(agreement_id=to.id, **{key: getattr(row, key) for key in columns})


def end_agreement(session: Session, agreement: FrameAgreement, *, by: User, on: date, reason: str) -> None:
    """End an agreement before its time; `on` is its last day."""
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    if not agreement.valid_from <= on <= agreement.valid_until:
        raise Invalid("on", _l("This day lies outside of the agreement."))
    agreement.ended_on = on
    session.flush()
    wake(session, agreement.account_id)
    events.record(
        session, Kind.AGREEMENT_ENDED, agreement, by=by, ended_on=on.isoformat(), reason=reason.strip(),
        number=agreement.number,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Covered:
    """A category that an agreement covers, on what its price rests, and the volume agreed, where one was."""

    category: str
    price_basis: str
    quantity: Decimal | None = None
    unit: str | None = None
    value: Decimal | None = None
    currency: str = "CNY"


def cover_category(session: Session, agreement: FrameAgreement, covered: Covered, *, by: User) -> AgreementCategory:
    """Let an agreement cover a category, or change how it does."""
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    if covered.price_basis not in BASES or covered.currency not in CURRENCIES:
        raise Invalid("price_basis", _l("Choose one of the values in the list."))
    if any(number is not None and number < 0 for number in (covered.quantity, covered.value)):
        raise Invalid("quantity", _l("A volume cannot be negative."))
    if covered.quantity is not None and not covered.unit:
        raise Invalid("unit", _l("A quantity needs its unit."))
    query = select(AgreementCategory).where(AgreementCategory.agreement_id == agreement.id)
    row = session.scalar(query.where(AgreementCategory.category == covered.category))
    if row is None:
        row = AgreementCategory(agreement_id=agreement.id, category=covered.category)
        session.add(row)
    for name in ("price_basis", "quantity", "unit", "value", "currency"):
        setattr(row, name, getattr(covered, name))
    session.flush()
    told: dict[str, Any] = {"price_basis": covered.price_basis, "quantity": _said(covered.quantity)}
    told |= {"category": covered.category, "value": _said(covered.value)}
    events.record(session, Kind.AGREEMENT_TERMS_SET, agreement, by=by, **told)
    return row


def _said(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """A line of a price list as it is entered."""

    category: str
    product: str
    unit: str
    price: Decimal
    currency: str = "CNY"


def add_price(session: Session, agreement: FrameAgreement, draft: PriceDraft, *, by: User) -> AgreementPrice:
    """Add a line to the price list, of a category that the agreement covers."""
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    if draft.category not in {one.category for one in agreement.categories}:
        raise Invalid("category", _l("The agreement does not cover this category yet."))
    if draft.price <= 0 or draft.currency not in CURRENCIES:
        raise Invalid("price", _l("Write a price above zero."))
    row = AgreementPrice(agreement_id=agreement.id, category=draft.category, product=draft.product.strip(),
                         unit=draft.unit.strip(), price=draft.price, currency=draft.currency)  # fmt: skip
    session.add(row)
    session.flush()
    told: dict[str, Any] = {"category": row.category, "text": row.product, "value": _said(row.price)}
    events.record(session, Kind.AGREEMENT_TERMS_SET, agreement, by=by, **told)
    return row


def drop_terms(
    session: Session, agreement: FrameAgreement, row: AgreementCategory | AgreementPrice, *, by: User
) -> None:
    """Take a category (of which nothing was called off or priced) or a price line out again; the trail keeps it."""
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    if isinstance(row, AgreementCategory):
        drawn = select(CallOff.id).where(CallOff.agreement_id == agreement.id, CallOff.category == row.category)
        priced = any(line.category == row.category for line in agreement.prices)
        if priced or session.scalar(drawn.limit(1)) is not None:
            raise Invalid("category", _l("It has prices or call-offs; it stays."))
        told: dict[str, Any] = {"category": row.category, "price_basis": row.price_basis}
    else:
        told = {"category": row.category, "text": row.product, "unit": row.unit, "value": _said(row.price)}
    session.delete(row)
    session.flush()
    events.record(session, Kind.AGREEMENT_TERMS_SET, agreement, by=by, before=told)


def attach_papers(session: Session, agreement: FrameAgreement, documents: Sequence[Document], *, by: User) -> None:
    """Make staged documents belong to the agreement; they are read by those who may know its prices."""
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    for document in documents:
        document.agreement_id = agreement.id
    session.flush()
    for document in documents:
        events.record(
            session, Kind.DOCUMENT_ADDED, document, by=by, file=document.file_name, agreement=agreement.number
        )


def holds_on(agreement: FrameAgreement, day: date | None = None) -> bool:
    """Whether it holds on a day, today by default."""
    return agreement.valid_from <= (day or clock.today()) <= agreement.last_day

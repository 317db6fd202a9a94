"""Drawing on a frame agreement: which project's line, how much, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, can, require
from tracker.accounts.models import AgreementCategory, AgreementPrice, CallOff, FrameAgreement
from tracker.accounts.operations.agreements import holds_on
from tracker.database import Money
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.projects.models import CategoryLine, Project
from tracker.projects.operations.facts import edit_project
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class CallOffDraft:
    """A call-off as it is entered. Without a value it is the quantity times the price of the line `price_id`."""

    category: str
    on: date
    quantity: Decimal | None = None
    value: Decimal | None = None
    price_id: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a call-off: whether more was drawn than agreed, and whether the project names the agreement now."""

    call_off: CallOff
    exceeded: bool
    names_it: bool


def call_off(session: Session, agreement: FrameAgreement, project: Project, draft: CallOffDraft, *, by: User) -> Drawn:
    """Draw on an agreement for a line of a project, whose `members` and `team` are loaded.

    Where the user may edit the project and it names no agreement yet, it names this one from now on.
    """
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    agreed = next((one for one in agreement.categories if one.category == draft.category), None)
    if agreed is None:
        raise Invalid("category", _l("The agreement does not cover this category yet."))
    if not holds_on(agreement, draft.on):
        raise Invalid("on", _l("The agreement does not hold on this day."))
    _check_line(session, project, draft.category)
    price = next((one for one in agreement.prices if one.id == draft.price_id), None)
    row = _row(agreement, project, draft, agreed, price, by)
    session.add(row)
    session.flush()
    told = {"number": agreement.number, "category": row.category, "on": row.on.isoformat(), "value": f"{row.value:f}"}
    events.record(session, Kind.CALLED_OFF, agreement, by=by, project_id=project.id, **told)
    return Drawn(row, _is_exceeded(session, agreement, agreed), _name(session, project, agreement, by))


def _check_line(session: Session, project: Project, category: str) -> None:
    line = select(CategoryLine.result).where(CategoryLine.project_id == project.id, CategoryLine.category == category)
    result = session.scalar(line)
    if result is None:
        raise Invalid("category", _l("The project has no line of this category."))
    if result in ("lost", "dropped"):
        raise Invalid("category", _l("This line of the project is lost or dropped."))


def _row(
    agreement: FrameAgreement,
    project: Project,
    draft: CallOffDraft,
    agreed: AgreementCategory,
    price: AgreementPrice | None,
    by: User,
) -> CallOff:
    value = draft.value
    if price is not None and price.category != draft.category:
        raise Invalid("price_id", _l("This price is of another category."))
    if value is None and draft.quantity is not None and price is not None:
        value = (draft.quantity * price.price).quantize(Decimal("0.01"))
    if value is None or value <= 0 or (draft.quantity is not None and draft.quantity <= 0):
        raise Invalid("value", _l("Say what it is worth, or a quantity and a line of the price list."))
    return CallOff(
        agreement_id=agreement.id,
        project_id=project.id,
        category=draft.category,
        product=price.product if price else None,
        quantity=draft.quantity,
        unit=(price.unit if price else agreed.unit) if draft.quantity is not None else None,
        value=value,
        currency=price.currency if price else agreed.currency,
        on=draft.on,
        note=draft.note,
        by_id=by.id,
    )


def _is_exceeded(session: Session, agreement: FrameAgreement, agreed: AgreementCategory) -> bool:
    same = case((CallOff.currency == agreed.currency, CallOff.value), else_=literal(Decimal(0), Money()))
    quantity, value = func.sum(CallOff.quantity, type_=Money()), func.sum(same, type_=Money())
    query = select(quantity, value).where(CallOff.agreement_id == agreement.id, CallOff.category == agreed.category)
    drawn, worth = session.execute(query.where(CallOff.void.is_(None))).one()
    over = agreed.quantity is not None and (drawn or Decimal(0)) > agreed.quantity
    return over or (agreed.value is not None and (worth or Decimal(0)) > agreed.value)


def _name(session: Session, project: Project, agreement: FrameAgreement, by: User) -> bool:
    if not project.frame_agreement and can(by, Action.PROJECT_EDIT, project):
        edit_project(session, project, by=by, version=project.version, frame_agreement=agreement.number)
    return project.frame_agreement == agreement.number


def void_call_off(session: Session, agreement: FrameAgreement, row: CallOff, *, by: User, reason: str) -> None:
    """Take back a call-off that was entered wrongly or cancelled; it stays in sight with the reason."""
    require(by, Action.ACCOUNT_EDIT, agreement.account)
    if row.void is not None:
        return
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    row.void = reason.strip()
    session.flush()
    told = {"number": agreement.number, "category": row.category, "value": f"{row.value:f}", "reason": row.void}
    events.record(session, Kind.CALL_OFF_VOIDED, agreement, by=by, project_id=row.project_id, **told)

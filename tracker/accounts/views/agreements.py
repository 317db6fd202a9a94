"""Frame agreements: the list, one agreement with its terms, papers and call-offs, entering and renewing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, can, require
from tracker.accounts import wording
from tracker.accounts.forms import AgreementForm, CallOffForm, CoverForm, EndForm, PapersForm, PriceForm, categories
from tracker.accounts.models import Account, FrameAgreement
from tracker.accounts.operations import agreements as operations
from tracker.accounts.queries import agreements as queries
from tracker.accounts.views.blueprint import blueprint, edited
from tracker.documents.intake import stage_all
from tracker.documents.models import Document
from tracker.documents.operations import list_staged
from tracker.errors import Invalid, NotFound, Stale
from tracker.exports.accounts import AGREEMENTS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.stale import both_versions


@blueprint.get("/accounts/agreements")
@login_required
def agreements() -> ResponseReturnValue:
    """All frame agreements, the latest end first; by number and state. A number that is one leads straight to it."""
    staff_only()
    q, state, today = request.args.get("q", "").strip()[:60], request.args.get("state", ""), clock.today()
    if format_asked():
        return send_list(AGREEMENTS, queries.stream_agreements(db.session, current_user, today, q=q, state=state))
    found = queries.list_agreements(
        db.session, current_user, today, q=q, state=state, page=request.args.get("page", 1, type=int)
    )
    if "exact" in request.args and len(found) == 1:
        return go_to(url_for("accounts.agreement", agreement_id=found.items[0].id))
    return respond(
        "accounts/agreements.html",
        page=found,
        q=q,
        state=state,
        states={one.id: queries.state_of(one, today) for one in found.items},
        definition=current_definition(),
        wording=wording,
    )


@blueprint.get("/accounts/<int:account_id>/agreements/new")
@login_required
def new_agreement(account_id: int) -> ResponseReturnValue:
    """The form for a new agreement of an account."""
    account, today = edited(account_id), clock.today()
    year_on = today.replace(year=today.year + 1, day=min(today.day, 28)) - timedelta(days=1)
    return _form(AgreementForm(valid_from=today, valid_until=year_on), account)


@blueprint.post("/accounts/<int:account_id>/agreements/new")
@login_required
def add_agreement(account_id: int) -> ResponseReturnValue:
    """Enter an agreement."""
    account, form, made = edited(account_id), AgreementForm(), []

    def deed() -> None:
        made.append(operations.add_agreement(db.session, account, by=current_user, **_values(form)).id)

    def again(status: int, message: str) -> ResponseReturnValue:
        return _form(form, edited(account_id), status, message=message)

    return carry_out(form, deed, lambda: _done(made[0]), again, _("Added."))


def _values(form: AgreementForm) -> dict[str, Any]:
    days = {"valid_from": form.valid_from.data, "valid_until": form.valid_until.data}
    return {"number": form.number.data or "", **days, "terms": form.terms.data or None}


def _form(
    form: AgreementForm, account: Account, status: int = 200, agreement: FrameAgreement | None = None, **context: Any
) -> ResponseReturnValue:
    plain: dict[str, Any] = {"message": "", "changed": None, "renews": None, **context}
    return respond(
        "accounts/edit_agreement.html", status=status, form=form, account=account, agreement=agreement, **plain
    )


@blueprint.get("/accounts/agreements/<int:agreement_id>")
@login_required
def agreement(agreement_id: int) -> ResponseReturnValue:
    """An agreement: state, what it covers, prices, what was called off and what remains."""
    return agreement_page(agreement_id)


def agreement_page(
    agreement_id: int, status: int = 200, message: str = "", staged: Sequence[Document] = (), **typed: Any
) -> ResponseReturnValue:
    """The page of an agreement; `typed` are forms that were refused, `staged` papers that came with them."""
    today, definition = clock.today(), current_definition()
    found = queries.load_agreement(db.session, current_user, agreement_id, today)
    can_edit = can(current_user, Action.ACCOUNT_EDIT, found.agreement.account)
    return respond(
        "accounts/agreement.html",
        status=status,
        found=found,
        agreement=found.agreement,
        forms=_forms(found.agreement, typed) if can_edit else {},
        message=message,
        staged=staged,
        definition=definition,
        wording=wording,
        can_edit=can_edit,
    )


def _forms(agreement: FrameAgreement, typed: dict[str, Any]) -> dict[str, Any]:
    definition = current_definition()
    forms: dict[str, Any] = {
        "cover": CoverForm(prefix="cover-"),
        "price": PriceForm(prefix="price-"),
        "call_off": call_off_form(agreement),
        "end": EndForm(prefix="end-"),
        "papers": PapersForm(),
        **typed,
    }
    forms["cover"].category.choices = categories(definition)
    forms["price"].category.choices = categories(definition, [one.category for one in agreement.categories])
    return forms


def call_off_form(agreement: FrameAgreement) -> CallOffForm:
    """The form for a call-off with its choices."""
    form = CallOffForm(prefix="call-")
    form.offer(agreement, queries.list_callable(db.session, current_user, agreement), current_definition())
    return form


def changeable(agreement_id: int) -> FrameAgreement:
    """The agreement, where the user may change it."""
    found = queries.get_agreement(db.session, current_user, agreement_id)
    require(current_user, Action.ACCOUNT_EDIT, found.account)
    return found


def _done(agreement_id: int, anchor: str = "") -> str:
    return url_for("accounts.agreement", agreement_id=agreement_id, _anchor=anchor or None)


@blueprint.get("/accounts/agreements/<int:agreement_id>/edit")
@login_required
def edit_agreement(agreement_id: int) -> ResponseReturnValue:
    """The form with the agreement's number, days and terms."""
    found = changeable(agreement_id)
    return _form(AgreementForm(obj=found), found.account, agreement=found)


@blueprint.post("/accounts/agreements/<int:agreement_id>/edit")
@login_required
def save_agreement(agreement_id: int) -> ResponseReturnValue:
    """Change them; a stale page comes back with both versions."""
    found, form = changeable(agreement_id), AgreementForm()
    if not form.validate_on_submit():
        return _form(form, found.account, 422, found)
    version = request.form.get("version", type=int) or 0
    try:
        operations.edit_agreement(db.session, found, by=current_user, version=version, **_values(form))
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        found = changeable(agreement_id)
        return _form(form, found.account, 422, found)
    except Stale:
        db.session.rollback()
        found = changeable(agreement_id)
        return _form(form, found.account, 409, found, changed=both_versions(form, found))
    db.session.commit()
    flash(_("Saved."))
    return go_to(_done(agreement_id))


@blueprint.get("/accounts/agreements/<int:agreement_id>/renew")
@login_required
def renewal(agreement_id: int) -> ResponseReturnValue:
    """The form for the agreement that follows: it begins on the day after and lasts as long."""
    found = changeable(agreement_id)
    begins = found.last_day + timedelta(days=1)
    form = AgreementForm(valid_from=begins, valid_until=begins + (found.valid_until - found.valid_from))
    return _form(form, found.account, renews=found)


@blueprint.post("/accounts/agreements/<int:agreement_id>/renew")
@login_required
def renew(agreement_id: int) -> ResponseReturnValue:
    """Renew an agreement: terms, categories and prices are taken over."""
    found, form, made = changeable(agreement_id), AgreementForm(), []

    def deed() -> None:
        values = {key: value for key, value in _values(form).items() if key != "terms"}
        made.append(operations.renew_agreement(db.session, found, by=current_user, **values).id)

    def again(status: int, message: str) -> ResponseReturnValue:
        fresh = changeable(agreement_id)
        return _form(form, fresh.account, status, message=message, renews=fresh)

    return carry_out(form, deed, lambda: _done(made[0]), again, _("Renewed."))


@blueprint.post("/accounts/agreements/<int:agreement_id>/end")
@login_required
def end(agreement_id: int) -> ResponseReturnValue:
    """End an agreement before its time."""
    found, form = changeable(agreement_id), EndForm(prefix="end-")

    def deed() -> None:
        operations.end_agreement(db.session, found, by=current_user, on=form.on.data, reason=form.reason.data or "")

    again = _again(agreement_id, "end", form)
    return carry_out(form, deed, _done(agreement_id), again)


def _again(agreement_id: int, name: str, form: Any) -> Any:
    return lambda status, message: agreement_page(agreement_id, status, message, **{name: form})


@blueprint.post("/accounts/agreements/<int:agreement_id>/categories")
@login_required
def cover(agreement_id: int) -> ResponseReturnValue:
    """Let it cover a category, or change how it does."""
    found, form = changeable(agreement_id), CoverForm(prefix="cover-")
    form.category.choices = categories(current_definition())

    def deed() -> None:
        values = [form[name].data for name in ("category", "price_basis", "quantity", "unit", "value", "currency")]
        values[3] = values[3] or None
        operations.cover_category(db.session, found, operations.Covered(*values), by=current_user)

    return carry_out(form, deed, _done(agreement_id, "covers"), _again(agreement_id, "cover", form))


@blueprint.post("/accounts/agreements/<int:agreement_id>/prices")
@login_required
def add_price(agreement_id: int) -> ResponseReturnValue:
    """Add a line to the price list."""
    found, form = changeable(agreement_id), PriceForm(prefix="price-")
    form.category.choices = categories(current_definition(), [one.category for one in found.categories])

    def deed() -> None:
        values = [form[name].data for name in ("category", "product", "unit", "price", "currency")]
        operations.add_price(db.session, found, operations.PriceDraft(*values), by=current_user)

    return carry_out(form, deed, _done(agreement_id, "prices"), _again(agreement_id, "price", form), _("Added."))


@blueprint.post("/accounts/agreements/<int:agreement_id>/categories/<int:row_id>/remove")
@login_required
def drop_category(agreement_id: int, row_id: int) -> ResponseReturnValue:
    """Take a category out again, of which nothing was priced or called off."""
    return _drop(agreement_id, "categories", row_id, "covers")


@blueprint.post("/accounts/agreements/<int:agreement_id>/prices/<int:row_id>/remove")
@login_required
def drop_price(agreement_id: int, row_id: int) -> ResponseReturnValue:
    """Take a price line out again."""
    return _drop(agreement_id, "prices", row_id, "prices")


def _drop(agreement_id: int, what: str, row_id: int, anchor: str) -> ResponseReturnValue:
    found = changeable(agreement_id)
    row = next((one for one in getattr(found, what) if one.id == row_id), None)
    if row is None:
        raise NotFound
    try:
        operations.drop_terms(db.session, found, row, by=current_user)
    except Invalid as error:
        db.session.rollback()
        return agreement_page(agreement_id, 422, str(error.message))
    db.session.commit()
    return go_to(_done(agreement_id, anchor))


@blueprint.post("/accounts/agreements/<int:agreement_id>/papers")
@login_required
def add_papers(agreement_id: int) -> ResponseReturnValue:
    """Attach the agreement's papers."""
    changeable(agreement_id)
    form = PapersForm()
    refused = stage_all(form)
    papers = list_staged(db.session, form.documents.data or (), by=current_user)
    if not form.validate_on_submit() or refused or not papers:
        told = " ".join(refused) or _("Choose a document: PDF, Office, DWG or DXF.")
        return agreement_page(agreement_id, refused.status, told, papers=form, staged=papers)
    operations.attach_papers(db.session, changeable(agreement_id), papers, by=current_user)
    db.session.commit()
    flash(_("Added."))
    return go_to(_done(agreement_id, "papers"))

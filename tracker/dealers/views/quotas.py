"""Short supplies and how they are shared among the dealers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, can, require
from tracker.dealers.forms.judging import QuotaForm, read_shares
from tracker.dealers.models import SupplyQuota
from tracker.dealers.operations import supplying
from tracker.dealers.queries import quotas as queries
from tracker.dealers.views.blueprint import blueprint
from tracker.dealers.wording import month_name
from tracker.errors import Invalid, Refused, Stale
from tracker.exports.dealers import SHARES
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user


@blueprint.get("/dealers/quotas")
@login_required
def quotas() -> ResponseReturnValue:
    """Short supplies, the newest month first."""
    staff_only()
    if format_asked():
        return send_list(SHARES, queries.stream_shares(db.session, current_user))
    return respond(
        "dealers/quotas.html",
        page=queries.list_quotas(db.session, current_user, request.args.get("page", 1, type=int)),
        definition=current_definition(),
        month_name=month_name,
        can_manage=can(current_user, Action.DEALER_MANAGE),
    )


@blueprint.get("/dealers/quotas/new")
@login_required
def new_quota() -> ResponseReturnValue:
    """The form for a short supply."""
    staff_only()
    require(current_user, Action.DEALER_MANAGE)
    return _form(QuotaForm(formdata=None))


def _form(form: QuotaForm, status: int = 200, message: Any = "") -> ResponseReturnValue:
    form.offer(current_definition())
    return respond("dealers/new_quota.html", status=status, form=form, message=message)


@blueprint.post("/dealers/quotas/new")
@login_required
def propose() -> ResponseReturnValue:
    """Write a short supply down and propose the shares."""
    staff_only()
    require(current_user, Action.DEALER_MANAGE)
    form = QuotaForm()
    form.offer(current_definition())
    if not form.validate_on_submit():
        return _form(form, 422)
    try:
        quota = supplying.propose_quota(
            db.session, by=current_user, category=form.category.data, month=date.fromisoformat(form.month.data),
            unit=form.unit.data or "", quantity=form.quantity.data or 0, reason=form.reason.data or "",
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return _form(form, 422)
    except Refused as error:
        db.session.rollback()
        return _form(form, 422, error.message)
    address = url_for("dealers.quota", quota_id=quota.id)
    db.session.commit()
    flash(_("Proposed. Look at the shares, then tell the dealers."))
    return go_to(address)


@blueprint.get("/dealers/quotas/<int:quota_id>")
@login_required
def quota(quota_id: int) -> ResponseReturnValue:
    """The shares of a short supply."""
    staff_only()
    return _page(queries.get_quota(db.session, current_user, quota_id))


def _page(
    found: SupplyQuota, status: int = 200, typed: Any = None, wrong: Any = None, message: Any = ""
) -> ResponseReturnValue:
    return respond(
        "dealers/quota.html",
        status=status,
        quota=found,
        shares=sorted(found.shares, key=lambda share: (-share.granted, share.id)),
        typed=typed,
        reasons=request.form if typed is not None else None,
        wrong=wrong or {},
        message=message,
        definition=current_definition(),
        month_name=month_name,
        can_manage=can(current_user, Action.DEALER_MANAGE),
        can_decide=can(current_user, Action.DEALER_DECIDE),
    )


@blueprint.post("/dealers/quotas/<int:quota_id>")
@login_required
def correct(quota_id: int) -> ResponseReturnValue:
    """Correct shares, each with its reason."""
    staff_only()
    found = queries.get_quota(db.session, current_user, quota_id)
    require(current_user, Action.DEALER_MANAGE)
    granted, typed, wrong = read_shares(request.form, [share.id for share in found.shares])
    if wrong:
        return _page(found, 422, typed, wrong)
    version = request.form.get("version", type=int) or 0
    try:
        supplying.correct_shares(db.session, found, granted, by=current_user, version=version)
    except Invalid as error:
        db.session.rollback()
        name, _dash, number = error.field.partition("-")
        wrong = {int(number): error.message} if number else {}
        found = queries.get_quota(db.session, current_user, quota_id)
        return _page(found, 422, typed, wrong, "" if number else error.message)
    except Stale as stale:
        db.session.rollback()
        return _page(queries.get_quota(db.session, current_user, quota_id), 409, typed, {}, stale.message)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("dealers.quota", quota_id=quota_id))


@blueprint.post("/dealers/quotas/<int:quota_id>/tell")
@login_required
def tell(quota_id: int) -> ResponseReturnValue:
    """Tell each dealer his share."""
    staff_only()
    found = queries.get_quota(db.session, current_user, quota_id)
    require(current_user, Action.DEALER_DECIDE)
    supplying.tell_shares(db.session, found, by=current_user)
    db.session.commit()
    flash(_("Each dealer is told his own share."))
    return go_to(url_for("dealers.quota", quota_id=quota_id))

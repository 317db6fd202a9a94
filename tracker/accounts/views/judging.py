"""Share of wallet and the loyalty ladder of an account."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, can
from tracker.accounts import wording
from tracker.accounts.forms import EstimateForm, SignForm, StepForm
from tracker.accounts.models import Account
from tracker.accounts.operations import judging as operations
from tracker.accounts.queries.accounts import get_account
from tracker.accounts.queries.loyalty import load_loyalty
from tracker.accounts.queries.wallet import load_wallet, points_of
from tracker.accounts.views.blueprint import blueprint, edited
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.htmx import respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from workflows import ladder as rungs


@blueprint.get("/accounts/<int:account_id>/wallet")
@login_required
def wallet(account_id: int) -> ResponseReturnValue:
    """What the account buys of each category, and how much of it from us, over the years."""
    return _wallet_page(account_id)


def _wallet_page(
    account_id: int, status: int = 200, message: str = "", form: EstimateForm | None = None
) -> ResponseReturnValue:
    account, today = get_account(db.session, current_user, account_id), clock.today()
    return respond(
        "accounts/wallet.html",
        status=status,
        account=account,
        wallet=load_wallet(db.session, current_user, account, today),
        points_of=points_of,
        form=form or _estimate_form(account),
        message=message,
        definition=current_definition(),
        can_edit=can(current_user, Action.ACCOUNT_EDIT, account) and can(current_user, Action.PARTY_EDIT),
    )


def _estimate_form(account: Account) -> EstimateForm:
    form = EstimateForm()
    form.offer(current_definition())
    form.party_id.choices = [(firm.party_id, firm.party.name) for firm in account.firms]
    return form


@blueprint.post("/accounts/<int:account_id>/wallet")
@login_required
def estimate(account_id: int) -> ResponseReturnValue:
    """Estimate what one of the account's firms buys; it stands on the firm's page as well."""
    account = edited(account_id)
    form = _estimate_form(account)

    def deed() -> None:
        party = next((firm.party for firm in account.firms if firm.party_id == form.party_id.data), None)
        if party is None:
            raise NotFound
        values = {name: form[name].data for name in ("category", "volume", "currency", "on", "grounds")}
        operations.estimate_wallet(db.session, account, party, by=current_user, **values)

    done = url_for("accounts.wallet", account_id=account_id)
    return carry_out(form, deed, done, lambda status, message: _wallet_page(account_id, status, message, form))


@blueprint.get("/accounts/<int:account_id>/ladder")
@login_required
def ladder(account_id: int) -> ResponseReturnValue:
    """Where the account stands on the loyalty ladder, what the facts speak for, and how it came there."""
    return _ladder_page(account_id)


def _ladder_page(account_id: int, status: int = 200, message: str = "", **typed: Any) -> ResponseReturnValue:
    account = get_account(db.session, current_user, account_id)
    loyalty = load_loyalty(db.session, current_user, account, clock.today())
    preset = loyalty.suggested.step if loyalty.suggested.step != loyalty.step else None
    return respond(
        "accounts/ladder.html",
        status=status,
        account=account,
        loyalty=loyalty,
        step_form=typed.get("step") or StepForm(prefix="step-", step=preset),
        sign_form=typed.get("sign") or SignForm(prefix="sign-"),
        message=message,
        wording=wording,
        rungs=rungs,
        can_edit=can(current_user, Action.ACCOUNT_EDIT, account),
    )


@blueprint.post("/accounts/<int:account_id>/ladder/step")
@login_required
def set_step(account_id: int) -> ResponseReturnValue:
    """Set the step."""
    account, form = edited(account_id), StepForm(prefix="step-")

    def deed() -> None:
        values = {"step": form.step.data, "reason": form.reason.data or "", "evidence": form.evidence.data or None}
        operations.set_step(db.session, account, by=current_user, **values)

    done = url_for("accounts.ladder", account_id=account_id)
    return carry_out(form, deed, done, lambda status, message: _ladder_page(account_id, status, message, step=form))


@blueprint.post("/accounts/<int:account_id>/ladder/signs")
@login_required
def note_sign(account_id: int) -> ResponseReturnValue:
    """Note what lifted or lowered the loyalty."""
    account, form = edited(account_id), SignForm(prefix="sign-")

    def deed() -> None:
        values = {"kind": form.kind.data, "reason": form.reason.data or "", "evidence": form.evidence.data or None}
        operations.note_sign(db.session, account, by=current_user, on=form.on.data, **values)

    done = url_for("accounts.ladder", account_id=account_id)
    again = _("Added.")
    return carry_out(
        form, deed, done, lambda status, message: _ladder_page(account_id, status, message, sign=form), again
    )

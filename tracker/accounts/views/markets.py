"""The six markets of an account: who matters in each, how we stand, what is next, what is missing."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import carry_out
from tracker.access import Action, can
from tracker.accounts import wording
from tracker.accounts.forms import ActionForm, RelationForm, StandForm, named
from tracker.accounts.operations import markets as operations
from tracker.accounts.operations.planning import ActionDraft, plan_action
from tracker.accounts.queries import markets as queries
from tracker.accounts.queries.accounts import get_account
from tracker.accounts.queries.people import list_people
from tracker.accounts.views.blueprint import blueprint, edited
from tracker.contacts.queries import get_contact
from tracker.errors import Stale
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.parties.operations import use_party
from tracker.reader import current_user
from tracker.team.queries import get_user, list_colleagues


@blueprint.get("/accounts/<int:account_id>/markets")
@login_required
def markets(account_id: int) -> ResponseReturnValue:
    """The six markets."""
    return _page(account_id)


def _page(
    account_id: int, status: int = 200, message: str = "", form: RelationForm | None = None
) -> ResponseReturnValue:
    account = get_account(db.session, current_user, account_id)
    can_edit = can(current_user, Action.ACCOUNT_EDIT, account)
    return respond(
        "accounts/markets.html",
        status=status,
        account=account,
        found=queries.load_markets(db.session, current_user, account),
        next_action=queries.next_action,
        form=(form or _form(account, market=request.args.get("market"))) if can_edit else None,
        stand=StandForm,
        act=_action_form() if can_edit else None,
        message=message,
        wording=wording,
        can_edit=can_edit,
    )


def _form(account: Any, **preset: Any) -> RelationForm:
    form = RelationForm(prefix="relation-", **preset)
    people = list_people(db.session, current_user, account)
    form.offer(people, list_colleagues(db.session, current_user))
    return form


def _action_form(prefix: str = "") -> ActionForm:
    form = ActionForm(prefix=prefix, user_id=current_user.id)
    form.user_id.choices = named(list_colleagues(db.session, current_user))
    return form


@blueprint.post("/accounts/<int:account_id>/markets")
@login_required
def add_relation(account_id: int) -> ResponseReturnValue:
    """Name who matters: a person of the account, a colleague, or a firm."""
    account = edited(account_id)
    form = _form(account)

    def deed() -> None:
        contact = get_contact(db.session, current_user, form.contact_id.data) if form.contact_id.data else None
        user = get_user(db.session, current_user, form.user_id.data) if form.user_id.data else None
        name = (form.party.data or "").strip()
        party = use_party(db.session, name, "owner", by=current_user) if name else None
        draft = operations.RelationDraft(form.market.data, form.state.data, party, contact, user, form.why.data or None)
        operations.add_relation(db.session, account, draft, by=current_user)

    done = url_for("accounts.markets", account_id=account_id)
    return carry_out(form, deed, done, lambda status, message: _page(account_id, status, message, form), _("Added."))


@blueprint.post("/accounts/<int:account_id>/markets/<int:relation_id>")
@login_required
def edit_relation(account_id: int, relation_id: int) -> ResponseReturnValue:
    """Change how we stand with somebody."""
    account, form = edited(account_id), StandForm()
    row = queries.get_relation(db.session, account, relation_id)
    version = request.form.get("version", type=int) or 0

    def deed() -> None:
        values = {"state": form.state.data, "why": form.why.data or None}
        operations.edit_relation(db.session, account, row, by=current_user, version=version, **values)

    done = url_for("accounts.markets", account_id=account_id, _anchor=f"relation-{relation_id}")
    try:
        return carry_out(form, deed, done, lambda status, message: _page(account_id, status, message))
    except Stale as error:
        db.session.rollback()
        return _page(account_id, 409, str(error.message))


@blueprint.post("/accounts/<int:account_id>/markets/<int:relation_id>/action")
@login_required
def next_step(account_id: int, relation_id: int) -> ResponseReturnValue:
    """Plan what comes next with somebody who matters."""
    account, form = edited(account_id), _action_form()
    row = queries.get_relation(db.session, account, relation_id)

    def deed() -> None:
        user = get_user(db.session, current_user, form.user_id.data)
        draft = ActionDraft(
            form.kind.data, form.text.data or "", form.due_on.data, user, form.with_whom.data or None, row
        )
        plan_action(db.session, account, draft, by=current_user)

    done = url_for("accounts.markets", account_id=account_id, _anchor=f"relation-{relation_id}")

    def again(status: int, message: str) -> ResponseReturnValue:
        said = next((str(errors[0]) for errors in form.errors.values() if errors), "")
        return _page(account_id, status, message or said)

    return carry_out(form, deed, done, again, _("Added."))


@blueprint.post("/accounts/<int:account_id>/markets/<int:relation_id>/remove")
@login_required
def drop_relation(account_id: int, relation_id: int) -> ResponseReturnValue:
    """Somebody does not matter any more."""
    account = edited(account_id)
    row = queries.get_relation(db.session, account, relation_id)
    operations.drop_relation(db.session, account, row, by=current_user)
    db.session.commit()
    return go_to(url_for("accounts.markets", account_id=account_id))

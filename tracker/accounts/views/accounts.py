"""The list of key accounts, one account with its portfolio, opening and changing one."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, can, may, require
from tracker.accounts import wording
from tracker.accounts.forms import AccountForm, FirmForm, named
from tracker.accounts.models import Account
from tracker.accounts.operations import accounts as operations
from tracker.accounts.queries import accounts as queries
from tracker.accounts.queries.agreements import list_agreements_of, state_of
from tracker.accounts.views.blueprint import blueprint, edited
from tracker.errors import Invalid, NotFound, Stale
from tracker.event_words import sentence
from tracker.events import timeline
from tracker.exports.accounts import ACCOUNTS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.incoming import optional_key
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries import load_portfolio
from tracker.parties.operations import use_party
from tracker.parties.queries import get_party
from tracker.parties.queries.families import load_family
from tracker.projects.queries import Filters, list_projects
from tracker.reader import current_user
from tracker.stale import both_versions
from tracker.team.models import User
from tracker.team.queries import get_user, list_colleagues


@blueprint.get("/accounts")
@login_required
def list_page() -> ResponseReturnValue:
    """Key accounts with their figures, by name; `owner` and `q` narrow."""
    staff_only()
    q, owner, today = request.args.get("q", "").strip()[:200], optional_key(request.args.get("owner")), clock.today()
    if format_asked():
        return send_list(ACCOUNTS, queries.stream_accounts(db.session, current_user, today, q=q, owner=owner))
    number = request.args.get("page", 1, type=int)
    return respond(
        "accounts/list.html",
        page=queries.list_accounts(db.session, current_user, today, q=q, owner=owner, page=number),
        q=q,
        owner=owner,
        colleagues=list_colleagues(db.session, current_user),
        wording=wording,
        can_add=may(current_user, Action.ACCOUNT_EDIT),
    )


@blueprint.get("/accounts/new")
@login_required
def new() -> ResponseReturnValue:
    """The form for a new account; `party` fills in the firm."""
    staff_only()
    require(current_user, Action.ACCOUNT_EDIT)
    form = _offered(AccountForm(owner_id=current_user.id))
    party_id = request.args.get("party", type=int)
    if party_id:
        form.party.data = get_party(db.session, current_user, party_id).name
    return _form(form, None)


@blueprint.post("/accounts/new")
@login_required
def add() -> ResponseReturnValue:
    """Make a firm a key account; one that is not on record yet is added."""
    staff_only()
    require(current_user, Action.ACCOUNT_EDIT)
    form, opened = _offered(AccountForm()), []

    def deed() -> None:
        name = (form.party.data or "").strip()
        if not name:
            raise Invalid("party", _("Name the firm."))
        party = use_party(db.session, name, "owner", by=current_user)
        owner = get_user(db.session, current_user, form.owner_id.data)
        note = form.note.data or None
        account = operations.open_account(db.session, party, owner, by=current_user, since=form.since.data, note=note)
        opened.append(account.id)

    def done() -> str:
        return url_for("accounts.page", account_id=opened[0])

    return carry_out(form, deed, done, lambda status, message: _form(form, None, status, message), _("Added."))


def _offered(form: AccountForm) -> AccountForm:
    form.owner_id.choices = named(list_colleagues(db.session, current_user))
    return form


def _form(
    form: AccountForm, account: Account | None, status: int = 200, message: str = "", changed: Any = None
) -> ResponseReturnValue:
    context = {"form": form, "account": account, "message": message, "changed": changed}
    return respond("accounts/edit.html", status=status, **context)


@blueprint.get("/accounts/<int:account_id>")
@login_required
def page(account_id: int) -> ResponseReturnValue:
    """An account: its figures, its portfolio as board and list, its firms and agreements."""
    return _page(account_id, FirmForm())


def _page(account_id: int, form: FirmForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    account = queries.get_account(db.session, current_user, account_id)
    today = clock.today()
    filters = Filters(today, account=account.id)
    definition = current_definition()
    everywhere = load_portfolio(db.session, current_user, filters)
    agreements = list_agreements_of(db.session, current_user, account, today)
    inside = {firm.party_id for firm in account.firms}
    family = load_family(db.session, current_user, account.party)
    return respond(
        "accounts/page.html",
        status=status,
        account=account,
        overview=queries.load_overview(db.session, current_user, account, today),
        portfolio=everywhere.within(definition),
        elsewhere=everywhere.total.count - everywhere.within(definition).total.count,
        projects=list_projects(db.session, current_user, filters, "value"),
        agreements=[(one, state_of(one, today)) for one in agreements],
        trail=[(event, sentence(event)) for event in timeline(db.session, account, 12)],
        relatives=[one for one in family if one.depth > 0 and one.id not in inside],
        form=form,
        message=message,
        definition=definition,
        wording=wording,
        can_edit=can(current_user, Action.ACCOUNT_EDIT, account),
    )


@blueprint.get("/accounts/<int:account_id>/edit")
@login_required
def edit(account_id: int) -> ResponseReturnValue:
    """The form with who looks after the account."""
    account = edited(account_id)
    return _form(_offered(AccountForm(obj=account, party=account.party.name)), account)


@blueprint.post("/accounts/<int:account_id>/edit")
@login_required
def save(account_id: int) -> ResponseReturnValue:
    """Change who looks after it; a stale page comes back with both versions."""
    account = edited(account_id)
    form = _offered(AccountForm())
    if not form.validate_on_submit():
        return _form(form, account, 422)
    version = request.form.get("version", type=int) or 0
    owner: User = get_user(db.session, current_user, form.owner_id.data)
    values = {"since": form.since.data, "note": form.note.data or None}
    try:
        operations.edit_account(db.session, account, owner, by=current_user, version=version, **values)
    except (Stale, Invalid) as error:
        db.session.rollback()
        account = edited(account_id)
        if isinstance(error, Invalid):
            form[error.field].errors = [error.message]
            return _form(form, account, 422)
        return _form(form, account, 409, changed=both_versions(form, account, party=form.party.data))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("accounts.page", account_id=account_id))


@blueprint.post("/accounts/<int:account_id>/firms")
@login_required
def add_firm(account_id: int) -> ResponseReturnValue:
    """Let a firm of the group belong to the account."""
    account, form = edited(account_id), FirmForm()

    def deed() -> None:
        party = use_party(db.session, form.party.data or "", "owner", by=current_user)
        operations.add_firm(db.session, account, party, by=current_user)

    done = url_for("accounts.page", account_id=account_id, _anchor="firms")
    return carry_out(form, deed, done, lambda status, message: _page(account_id, form, status, message), _("Added."))


@blueprint.post("/accounts/<int:account_id>/firms/<int:party_id>/remove")
@login_required
def remove_firm(account_id: int, party_id: int) -> ResponseReturnValue:
    """Take a firm out of the account."""
    account = edited(account_id)
    party = next((firm.party for firm in account.firms if firm.party_id == party_id), None)
    if party is None:
        raise NotFound
    operations.remove_firm(db.session, account, party, by=current_user)
    db.session.commit()
    return go_to(url_for("accounts.page", account_id=account_id, _anchor="firms"))

"""What belongs to a firm beside its data: other names, further roles, certificates, estimates of what it buys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.errors import Invalid, NotFound
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.parties import operations, queries
from tracker.parties.forms import EstimateForm, LicenceForm, NameForm, RoleForm
from tracker.parties.licences import odd_number
from tracker.parties.queries import families
from tracker.parties.views.blueprint import blueprint, editors_only
from tracker.parties.views.wording import WORDS
from tracker.reader import current_user

FORMS: dict[str, Any] = {"names": NameForm, "roles": RoleForm, "licences": LicenceForm, "estimates": EstimateForm}
_DROPS: dict[str, Callable[..., None]] = {
    "names": operations.drop_name,
    "roles": operations.drop_role,
    "licences": operations.drop_licence,
}


@blueprint.get("/parties/<int:party_id>/more")
@login_required
def more(party_id: int) -> ResponseReturnValue:
    """What the firm is also called, also is, what papers it has, what it buys: all of it, to be added to."""
    staff_only()
    party = queries.get_party(db.session, current_user, party_id)
    editors_only()
    return _page(party, _forms())


@blueprint.post("/parties/<int:party_id>/belongings/<belonging>")
@login_required
def add_to(party_id: int, belonging: str) -> ResponseReturnValue:
    """Add a name, a role, a certificate or an estimate."""
    party = queries.get_party(db.session, current_user, party_id)
    editors_only()
    forms = _forms()
    form = forms.get(belonging)
    if form is None:
        raise NotFound
    if not form.validate_on_submit():
        return _page(party, forms, 422)
    try:
        _add(party, belonging, form)
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return _page(queries.get_party(db.session, current_user, party_id), forms, 422)
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("parties.more", party_id=party_id, _anchor=belonging))


@blueprint.post("/parties/<int:party_id>/belongings/<belonging>/<int:row_id>/drop")
@login_required
def drop(party_id: int, belonging: str, row_id: int) -> ResponseReturnValue:
    """Take out a name, a role or a certificate."""
    party = queries.get_party(db.session, current_user, party_id)
    editors_only()
    if belonging not in _DROPS:
        raise NotFound
    _DROPS[belonging](db.session, party, row_id, by=current_user)
    db.session.commit()
    flash(_("Taken out."))
    return go_to(url_for("parties.more", party_id=party_id, _anchor=belonging))


def _add(party: Any, what: str, form: Any) -> None:
    values: dict[str, Any] = {key: value or None for key, value in form.data.items() if key != "csrf_token"}
    match what:
        case "names":
            operations.add_name(db.session, party, by=current_user, **values)
        case "roles":
            operations.add_role(db.session, party, by=current_user, **values)
        case "licences":
            row = operations.add_licence(db.session, party, by=current_user, **values)
            holder = operations.holder_of(db.session, row.number, but=party)
            if holder is not None:
                flash(_("Another firm has this number too; one of the two is misread, or they are one."), "warning")
            if odd := odd_number(row.kind, row.number):
                flash(str(odd), "warning")
        case _:
            operations.add_estimate(db.session, party, by=current_user, **values)


def _forms() -> dict[str, Any]:
    """The forms, of which the one that was sent is filled."""
    sent = (request.view_args or {}).get("belonging")
    forms = {what: form(None if what != sent else request.form) for what, form in FORMS.items()}
    for form in (forms["roles"], forms["estimates"]):
        form.offer(current_definition())
    return forms


def _page(party: Any, forms: dict[str, Any], status: int = 200) -> ResponseReturnValue:
    return respond(
        "parties/more.html",
        status=status,
        party=party,
        forms=forms,
        held=families.load_held(db.session, party),
        estimates=families.list_estimates(db.session, party),
        words=WORDS,
        definition=current_definition(),
    )

"""Forgetting a person: what it does, why, and doing it."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.contacts import operations, queries
from tracker.contacts.forms import ForgetForm
from tracker.contacts.views.blueprint import blueprint
from tracker.errors import AlreadyDone, Invalid
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.parties.models import Contact
from tracker.reader import current_user


@blueprint.get("/contacts/<int:contact_id>/forget")
@login_required
def forget(contact_id: int) -> ResponseReturnValue:
    """What will be gone, what stays, and the form."""
    return _page(_contact(contact_id), ForgetForm())


@blueprint.post("/contacts/<int:contact_id>/forget")
@login_required
def do_forget(contact_id: int) -> ResponseReturnValue:
    """Have the person forgotten. The pictures' files go once it is committed."""
    contact = _contact(contact_id)
    form = ForgetForm()
    if not form.validate_on_submit():
        return _page(contact, form, 422)
    try:
        done = operations.forget_contact(db.session, contact, by=current_user, reason=form.reason.data or "")
    except Invalid as error:
        db.session.rollback()
        form.reason.errors = [error.message]
        return _page(_contact(contact_id), form, 422)
    except AlreadyDone:
        db.session.rollback()
        return go_to(url_for("contacts.page", contact_id=contact_id))
    db.session.commit()
    storage: Any = current_app.extensions["storage"]
    for key in done.files:
        storage.delete(key)
    flash(_("Forgotten. What happened stays under a number."))
    return respond("contacts/forgotten.html", contact_id=contact_id, done=done)


def _contact(contact_id: int) -> Contact:
    staff_only()
    contact = queries.get_contact(db.session, current_user, contact_id)
    require(current_user, Action.CONTACT_FORGET)
    return contact


def _page(contact: Contact, form: ForgetForm, status: int = 200) -> ResponseReturnValue:
    return respond("contacts/forget.html", status=status, contact=contact, form=form)

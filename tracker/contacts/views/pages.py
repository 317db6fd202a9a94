"""The list of people, one person's page, and changing what it says."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, may
from tracker.contacts import operations, queries
from tracker.contacts.forms import ContactForm
from tracker.contacts.views import person
from tracker.contacts.views.blueprint import blueprint, edited
from tracker.errors import Invalid, NotFound, Stale
from tracker.exports.listings import CONTACTS
from tracker.exports.queries import stream_contacts
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _, _l
from tracker.merging.views import kept_page
from tracker.parties.models import Contact
from tracker.reader import current_user
from tracker.stale import both_versions

SHOW_WORDS: dict[str, Any] = {
    "": _l("all, by name"),
    "met": _l("met last"),
    "away": _l("not met for longest"),
    "never": _l("never met"),
    "birthday": _l("birthday this month"),
    "consent": _l("without consent"),
}


@blueprint.get("/contacts")
@login_required
def list_page() -> ResponseReturnValue:
    """People by name or phone, by when they were met, by birthday, by consent."""
    staff_only()
    q, show = request.args.get("q", "").strip()[:200], request.args.get("show", "")
    show = show if show in queries.SHOWS else ""
    if format_asked():
        return send_list(CONTACTS, stream_contacts(db.session, current_user, q=q, show=show))
    page = request.args.get("page", 1, type=int)
    found = queries.list_contacts(db.session, current_user, q=q, show=show, page=page)
    can_add = may(current_user, Action.PARTY_EDIT)
    return respond("contacts/list.html", page=found, q=q, show=show, shows=SHOW_WORDS, can_add=can_add)


@blueprint.get("/contacts/pick")
@login_required
def pick() -> ResponseReturnValue:
    """Options for a datalist: contacts in whose words is what is being typed, each with its number."""
    staff_only()
    q = request.args.get("q", "").strip()[:200]
    found = queries.suggest_contacts(db.session, current_user, q) if len(q) >= 2 else ()
    return make_response(render_template("contacts/_options.html", contacts=found))


@blueprint.get("/contacts/<int:contact_id>")
@login_required
def page(contact_id: int) -> ResponseReturnValue:
    """A person: where he works and worked, how to reach him, which projects he is part of, whom he knows."""
    staff_only()
    try:
        contact = queries.get_contact(db.session, current_user, contact_id)
    except NotFound:
        return go_to(kept_page("contact", contact_id))
    return person.show(contact)


@blueprint.get("/contacts/<int:contact_id>/edit")
@login_required
def edit(contact_id: int) -> ResponseReturnValue:
    """The form with the person's data."""
    contact = edited(contact_id)
    return _form(ContactForm(obj=contact), contact)


def _form(form: ContactForm, contact: Contact, status: int = 200, changed: Any = None) -> ResponseReturnValue:
    return respond("contacts/edit.html", status=status, form=form, contact=contact, changed=changed)


@blueprint.post("/contacts/<int:contact_id>/edit")
@login_required
def save(contact_id: int) -> ResponseReturnValue:
    """Change the person's data; a stale page comes back with both versions."""
    contact = edited(contact_id)
    form = ContactForm()
    if not form.validate_on_submit():
        return _form(form, contact, 422)
    version = request.form.get("version", type=int) or 0
    try:
        operations.edit_contact(db.session, contact, by=current_user, version=version, **form.values())
    except Stale:
        db.session.rollback()
        contact = queries.get_contact(db.session, current_user, contact_id)
        return _form(form, contact, 409, both_versions(form, contact))
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return _form(form, queries.get_contact(db.session, current_user, contact_id), 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("contacts.page", contact_id=contact_id))

"""Parties (firms) and contacts (people at them)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker.access import Action, is_dealer, may, require
from tracker.errors import NotFound, Stale
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.parties import operations, queries
from tracker.parties.forms import ContactForm, PartyForm
from tracker.stale import both_versions

blueprint = Blueprint("parties", __name__)
BLUEPRINTS = (blueprint,)


def _staff_only() -> None:
    if is_dealer(current_user):
        raise NotFound


def _editors_only() -> None:
    """To be asked once the thing itself is found."""
    _staff_only()
    require(current_user, Action.PARTY_EDIT)


@blueprint.get("/parties")
@login_required
def list_page() -> ResponseReturnValue:
    """Firms by name, searched and filtered by what they are."""
    _staff_only()
    q, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    page = queries.list_parties(db.session, current_user, q=q, kind=kind, page=request.args.get("page", 1, type=int))
    return respond(
        "parties/list.html",
        page=page,
        q=q,
        kind=kind,
        definition=current_definition(),
        can_add=may(current_user, Action.PARTY_EDIT),
    )


@blueprint.get("/parties/pick")
@login_required
def pick() -> ResponseReturnValue:
    """Options for a datalist: firms whose name contains what is being typed."""
    q = request.args.get("q", "").strip()[:200]
    found = queries.suggest_parties(db.session, current_user, q) if len(q) >= 2 else ()
    return make_response(render_template("parties/_options.html", parties=found))


@blueprint.get("/parties/new")
@login_required
def new() -> ResponseReturnValue:
    """The form for a new firm."""
    _editors_only()
    return _party_form(_offered(PartyForm()))


@blueprint.post("/parties/new")
@login_required
def add() -> ResponseReturnValue:
    """Add a firm; the same firm by another spelling is shown instead of entered twice."""
    _editors_only()
    form = _offered(PartyForm())
    if not form.validate_on_submit():
        return _party_form(form, 422)
    same = queries.find_same_firm(db.session, form.name.data or "")
    if same is not None and "anyway" not in request.form:
        return _party_form(form, 422, same=same)
    party = operations.add_party(db.session, by=current_user, **form.values())
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("parties.page", party_id=party.id))


@blueprint.get("/parties/<int:party_id>")
@login_required
def page(party_id: int) -> ResponseReturnValue:
    """A firm with its people and its projects."""
    _staff_only()
    party = queries.get_party(db.session, current_user, party_id)
    return respond("parties/page.html", form=ContactForm(), **_party_context(party))


@blueprint.post("/parties/<int:party_id>/contacts")
@login_required
def add_contact(party_id: int) -> ResponseReturnValue:
    """Add a person at the firm."""
    party = queries.get_party(db.session, current_user, party_id)
    _editors_only()
    form = ContactForm()
    if not form.validate_on_submit():
        return respond("parties/page.html", status=422, form=form, **_party_context(party))
    operations.add_contact(db.session, party, by=current_user, **form.values())
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("parties.page", party_id=party_id))


def _party_context(party: Any) -> dict[str, Any]:
    return {
        "party": party,
        "contacts": queries.list_contacts(db.session, current_user, party_id=party.id, size=200),
        "joined": queries.list_joined_projects(db.session, current_user, party),
        "definition": current_definition(),
        "can_edit": may(current_user, Action.PARTY_EDIT),
    }


@blueprint.get("/parties/<int:party_id>/edit")
@login_required
def edit(party_id: int) -> ResponseReturnValue:
    """The form with the firm's data."""
    party = queries.get_party(db.session, current_user, party_id)
    _editors_only()
    return _party_form(_offered(PartyForm(obj=party)), party=party)


@blueprint.post("/parties/<int:party_id>/edit")
@login_required
def save(party_id: int) -> ResponseReturnValue:
    """Change the firm's data; a stale page comes back with both versions."""
    party = queries.get_party(db.session, current_user, party_id)
    _editors_only()
    form = _offered(PartyForm())
    if not form.validate_on_submit():
        return _party_form(form, 422, party=party)
    version = request.form.get("version", type=int) or 0
    try:
        operations.edit_party(db.session, party, by=current_user, version=version, **form.values())
    except Stale:
        db.session.rollback()
        party = queries.get_party(db.session, current_user, party_id)
        return _party_form(form, 409, party=party, changed=both_versions(form, party))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("parties.page", party_id=party_id))


def _offered(form: PartyForm) -> PartyForm:
    form.offer(current_definition())
    return form


def _party_form(form: PartyForm, status: int = 200, **context: Any) -> ResponseReturnValue:
    plain = {"party": None, "same": None, "changed": None}
    return respond("parties/edit.html", status=status, form=form, **{**plain, **context})


@blueprint.get("/contacts")
@login_required
def contacts_page() -> ResponseReturnValue:
    """People by name or phone."""
    _staff_only()
    q = request.args.get("q", "").strip()[:200]
    found = queries.list_contacts(db.session, current_user, q=q, page=request.args.get("page", 1, type=int))
    return respond("parties/contacts.html", page=found, q=q)


@blueprint.get("/contacts/<int:contact_id>")
@login_required
def contact_page(contact_id: int) -> ResponseReturnValue:
    """A person: where he works, which projects he is part of, how to reach him."""
    _staff_only()
    contact = queries.get_contact(db.session, current_user, contact_id)
    return respond(
        "parties/contact.html",
        contact=contact,
        circles=queries.list_circles(db.session, current_user, contact),
        definition=current_definition(),
        can_edit=may(current_user, Action.PARTY_EDIT),
    )


@blueprint.get("/contacts/<int:contact_id>/edit")
@login_required
def edit_contact(contact_id: int) -> ResponseReturnValue:
    """The form with the person's data."""
    contact = queries.get_contact(db.session, current_user, contact_id)
    _editors_only()
    return _contact_form(ContactForm(obj=contact), contact)


def _contact_form(form: ContactForm, contact: Any, status: int = 200, changed: Any = None) -> ResponseReturnValue:
    return respond("parties/edit_contact.html", status=status, form=form, contact=contact, changed=changed)


@blueprint.post("/contacts/<int:contact_id>/edit")
@login_required
def save_contact(contact_id: int) -> ResponseReturnValue:
    """Change the person's data; a stale page comes back with both versions."""
    contact = queries.get_contact(db.session, current_user, contact_id)
    _editors_only()
    form = ContactForm()
    if not form.validate_on_submit():
        return _contact_form(form, contact, 422)
    version = request.form.get("version", type=int) or 0
    try:
        operations.edit_contact(db.session, contact, by=current_user, version=version, **form.values())
    except Stale:
        db.session.rollback()
        contact = queries.get_contact(db.session, current_user, contact_id)
        return _contact_form(form, contact, 409, both_versions(form, contact))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("parties.contact_page", contact_id=contact_id))

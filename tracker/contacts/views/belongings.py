"""What belongs to a person: posts, numbers, links, consents, the picture of his card. One page, small forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.contacts import operations, queries
from tracker.contacts.choosing import chosen_contact
from tracker.contacts.operations.posts import Step
from tracker.contacts.queries.belonging import get_link, get_post, get_way
from tracker.contacts.views import person
from tracker.contacts.views.blueprint import blueprint, edited
from tracker.errors import Invalid, NotFound, Refused, Stale
from tracker.extensions import db
from tracker.gallery.intake import Refusals, take_each, take_in
from tracker.htmx import go_to
from tracker.i18n import _, _l
from tracker.parties.models import Contact
from tracker.parties.operations import use_party
from tracker.reader import current_user
from tracker.team.queries import get_user


def _add(contact_id: int, name: str, add: Callable[[Contact, Any], Any]) -> ResponseReturnValue:
    """Validate one of the small forms, add, commit; what is refused stays typed in the page."""
    contact = edited(contact_id)
    form = person.form_of(name, contact)
    if not form.validate_on_submit():
        return person.show(contact, 422, **{name: form})
    try:
        add(contact, form)
    except Stale as error:
        db.session.rollback()
        contact = queries.get_contact(db.session, current_user, contact_id)
        form.version.data = str(contact.version)  # what stands now is on the page: sent again, it counts
        return person.show(contact, 409, str(error.message), **{name: form})
    except Refused as error:
        db.session.rollback()
        contact = queries.get_contact(db.session, current_user, contact_id)
        if isinstance(error, Invalid) and error.field in form:
            form[error.field].errors = [error.message]
            return person.show(contact, 422, **{name: form})
        return person.show(contact, 422, str(error.message), **{name: form})
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("contacts.page", contact_id=contact_id, _anchor=name))


@blueprint.post("/contacts/<int:contact_id>/ways")
@login_required
def add_way(contact_id: int) -> ResponseReturnValue:
    """Add a number or address."""

    def add(contact: Contact, form: Any) -> None:
        own = {"kind": form.kind.data, "value": form.value.data or "", "main": form.main.data}
        operations.add_way(db.session, contact, by=current_user, **own)

    return _add(contact_id, "way", add)


@blueprint.post("/contacts/<int:contact_id>/move")
@login_required
def move(contact_id: int) -> ResponseReturnValue:
    """Write down that the person holds another post now, here or at another firm."""

    def add(contact: Contact, form: Any) -> None:
        party = use_party(db.session, form.firm.data or "", "owner", by=current_user)
        step = Step(party, form.post.data or None, form.on.data, form.note.data or "")
        operations.move_contact(db.session, contact, step, by=current_user, version=_version(form))

    return _add(contact_id, "move", add)


def _version(form: Any) -> int:
    return int(form.version.data) if (form.version.data or "").isdigit() else 0


@blueprint.post("/contacts/<int:contact_id>/gone")
@login_required
def leave(contact_id: int) -> ResponseReturnValue:
    """Write down that the person is at his firm no more, while nobody knows where he went."""

    def add(contact: Contact, form: Any) -> None:
        version, note = _version(form), form.note.data or ""
        operations.leave_firm(db.session, contact, form.on.data, by=current_user, version=version, note=note)

    return _add(contact_id, "gone", add)


@blueprint.post("/contacts/<int:contact_id>/posts")
@login_required
def add_post(contact_id: int) -> ResponseReturnValue:
    """Write down a post the person held before."""

    def add(contact: Contact, form: Any) -> None:
        party = use_party(db.session, form.firm.data or "", "owner", by=current_user)
        own = {"post": form.post.data or None, "since": form.since.data, "until": form.until.data}
        operations.add_past_post(db.session, contact, party, by=current_user, **own)

    return _add(contact_id, "past", add)


@blueprint.post("/contacts/<int:contact_id>/links")
@login_required
def add_link(contact_id: int) -> ResponseReturnValue:
    """Write down that this person knows another contact, or is known by him."""

    def add(contact: Contact, form: Any) -> None:
        other = chosen_contact(db.session, current_user, form.other.data, "other")
        turned = form.way.data in form.TURNED
        ends = (other, contact) if turned else (contact, other)
        kind = form.TURNED.get(form.way.data, form.way.data)
        said = {"kind": kind, "strength": form.strength.data, "note": form.note.data or ""}
        operations.add_link(db.session, *ends, by=current_user, **said)

    return _add(contact_id, "link", add)


@blueprint.post("/contacts/<int:contact_id>/ours")
@login_required
def add_ours(contact_id: int) -> ResponseReturnValue:
    """Write down who of ours knows this person."""

    def add(contact: Contact, form: Any) -> None:
        colleague = get_user(db.session, current_user, form.user_id.data or 0)
        said = {"kind": form.kind.data, "strength": form.strength.data, "note": form.note.data or ""}
        operations.add_link(db.session, colleague, contact, by=current_user, **said)

    return _add(contact_id, "ours", add)


@blueprint.post("/contacts/<int:contact_id>/consents")
@login_required
def state_consent(contact_id: int) -> ResponseReturnValue:
    """Write down a consent, or that it was taken back."""

    def add(contact: Contact, form: Any) -> None:
        said = {"what": form.what.data, "given": form.given.data == "1", "on": form.on.data}
        operations.state_consent(db.session, contact, by=current_user, how=form.how.data or "", **said)

    return _add(contact_id, "consent", add)


@blueprint.post("/contacts/<int:contact_id>/card")
@login_required
def keep_card(contact_id: int) -> ResponseReturnValue:
    """Keep the picture of the person's card."""

    def add(contact: Contact, form: Any) -> None:
        refused = Refusals()
        photos = take_each(form.files.data, take_in, refused)
        if refused or not photos:
            raise Invalid("files", refused[0] if refused else _l("Choose a picture."))
        for photo in photos:
            operations.keep_card(db.session, contact, photo, by=current_user)

    return _add(contact_id, "card", add)


@blueprint.post("/contacts/<int:contact_id>/ways/<int:way_id>")
@login_required
def make_main(contact_id: int, way_id: int) -> ResponseReturnValue:
    """Let a number or address be the main one."""
    contact = edited(contact_id)
    row = get_way(db.session, contact, way_id)
    return _do(contact_id, "way", lambda: operations.make_main(db.session, contact, row, by=current_user))


@blueprint.post("/contacts/<int:contact_id>/remove/<what>/<int:row_id>")
@login_required
def remove(contact_id: int, what: str, row_id: int) -> ResponseReturnValue:
    """Take a wrong number, a post that never was, a link or a leaving that was none away; the trail keeps it."""
    contact = edited(contact_id)
    known: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        "way": (get_way, operations.drop_way),
        "post": (get_post, operations.drop_past_post),
        "link": (get_link, operations.drop_link),
        "leaving": (get_post, operations.take_leaving_back),
    }
    if what not in known:
        raise NotFound
    find, drop = known[what]
    row = find(db.session, contact, row_id)
    return _do(contact_id, what, lambda: drop(db.session, contact, row, by=current_user))


def _do(contact_id: int, anchor: str, deed: Callable[[], None]) -> ResponseReturnValue:
    try:
        deed()
    except Refused as error:
        db.session.rollback()
        return person.show(queries.get_contact(db.session, current_user, contact_id), 422, str(error.message))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("contacts.page", contact_id=contact_id, _anchor=anchor))

"""The page on which an administrator purges a picture, a document or a record's text."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.documents.queries import get_document
from tracker.errors import AlreadyDone, Invalid
from tracker.extensions import db
from tracker.gallery.queries import get_photo
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.queries import get_record
from tracker.purging import operations
from tracker.purging.forms import PurgeForm
from tracker.reader import current_user

blueprint = Blueprint("purging", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/purge/photos/<token>")
@login_required
def photo(token: str) -> ResponseReturnValue:
    """The picture, and why it must not be kept."""
    found = _photo(token)
    return _page(PurgeForm(), photo=found)


@blueprint.post("/purge/photos/<token>")
@login_required
def purge_photo(token: str) -> ResponseReturnValue:
    """Purge the picture; its files go once it is committed."""
    found = _photo(token)
    form = PurgeForm()
    if not form.validate_on_submit():
        return _page(form, 422, photo=found)
    back = _back(found)
    try:
        keys = operations.purge_photo(db.session, found, by=current_user, reason=form.reason.data or "")
    except (Invalid, AlreadyDone):
        db.session.rollback()
        return _page(form, 422, photo=_photo(token))
    _destroy(keys)
    return go_to(back)


@blueprint.get("/purge/documents/<token>")
@login_required
def document(token: str) -> ResponseReturnValue:
    """The document, and why it must not be kept."""
    return _page(PurgeForm(), document=_document(token))


@blueprint.post("/purge/documents/<token>")
@login_required
def purge_document(token: str) -> ResponseReturnValue:
    """Purge the document; its file goes once it is committed."""
    found = _document(token)
    form = PurgeForm()
    if not form.validate_on_submit():
        return _page(form, 422, document=found)
    try:
        keys = operations.purge_document(db.session, found, by=current_user, reason=form.reason.data or "")
    except Invalid as error:
        db.session.rollback()
        form.reason.errors = [error.message]
        return _page(form, 422, document=_document(token))
    _destroy(keys)
    return go_to(url_for("documents.list_page"))


def _destroy(keys: list[str]) -> None:
    """Commit, then delete the files."""
    db.session.commit()
    storage: Any = current_app.extensions["storage"]
    for key in keys:
        storage.delete(key)
    flash(_("Purged. That it was there stays in the trail."))


@blueprint.get("/purge/records/<int:record_id>")
@login_required
def record(record_id: int) -> ResponseReturnValue:
    """The record's text, and why it must not be kept."""
    return _page(PurgeForm(), record=_record(record_id))


@blueprint.post("/purge/records/<int:record_id>")
@login_required
def purge_record(record_id: int) -> ResponseReturnValue:
    """Purge the record's text."""
    found = _record(record_id)
    form = PurgeForm()
    if not form.validate_on_submit():
        return _page(form, 422, record=found)
    try:
        operations.purge_text(db.session, found, by=current_user, reason=form.reason.data or "")
    except Invalid as error:
        db.session.rollback()
        form.reason.errors = [error.message]
        return _page(form, 422, record=_record(record_id))
    db.session.commit()
    flash(_("Purged. That it was there stays in the trail."))
    return go_to(url_for("matrix.record", record_id=record_id))


def _photo(token: str) -> Any:
    found = get_photo(db.session, current_user, token)
    require(current_user, Action.PURGE)
    return found


def _document(token: str) -> Any:
    found = get_document(db.session, current_user, token)
    require(current_user, Action.PURGE)
    return found


def _record(record_id: int) -> Any:
    found = get_record(db.session, current_user, record_id)
    require(current_user, Action.PURGE)
    return found


def _back(found: Any) -> str:
    if found.contact_id is not None:
        return url_for("contacts.page", contact_id=found.contact_id)
    if found.project_id is not None:
        return url_for("matrix.project", project_id=found.project_id)
    return url_for("gallery.list_page")


def _page(form: PurgeForm, status: int = 200, **thing: Any) -> ResponseReturnValue:
    things = {"photo": None, "record": None, "document": None, **thing}
    return respond("purging/page.html", status=status, form=form, **things)

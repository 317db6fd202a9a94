"""Sending a file to be imported, and the imports so far."""

from __future__ import annotations

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import can, require
from tracker.errors import Forbidden, NotFound, Refused
from tracker.exports.offices import IMPORTS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _l
from tracker.imports import queries
from tracker.imports.forms import KIND_NAMES, UploadForm
from tracker.imports.operations import starting
from tracker.imports.views.blueprint import blueprint
from tracker.reader import current_user
from tracker.sheets.reading import Reading

LISTS = {"leads": "leads.list_page", "projects": "projects.list_page", "parties": "parties.list_page",
         "contacts": "contacts.list_page", "stock": "dealers.list_page"}  # fmt: skip


@blueprint.get("/imports")
@login_required
def list_page() -> ResponseReturnValue:
    """Every import so far, and the kinds that the user may import."""
    kinds = [kind for kind in KIND_NAMES if can(current_user, starting.action_of(kind))]
    if not kinds:
        raise Forbidden(_l("Your role does not include this. Ask your supervisor."))
    if format_asked():
        return _file()
    runs = queries.list_runs(db.session, current_user)
    return respond("imports/list.html", runs=runs, kinds=kinds, names=KIND_NAMES)


@blueprint.get("/imports/<kind>")
@login_required
def upload_page(kind: str) -> ResponseReturnValue:
    """Choose a file; below, the imports of this kind so far."""
    _may_import(kind)
    if format_asked():
        return _file(kind)
    return _upload_page(kind, _form())


def _file(kind: str = "") -> ResponseReturnValue:
    runs = rows_of(db.session, queries.runs_asked(current_user, kind))
    return send_list(IMPORTS, (row.ImportRun for row in runs))


def _may_import(kind: str) -> None:
    if kind not in LISTS:
        raise NotFound
    require(current_user, starting.action_of(kind))


def _form() -> UploadForm:
    form = UploadForm()
    form.offer()
    return form


def _upload_page(kind: str, form: UploadForm, status: int = 200) -> ResponseReturnValue:
    runs = queries.list_runs(db.session, current_user, kind)
    return respond("imports/upload.html", status=status, form=form, runs=runs, kind=kind, names=KIND_NAMES,
                   back=url_for(LISTS[kind]))  # fmt: skip


@blueprint.post("/imports/<kind>")
@login_required
def upload(kind: str) -> ResponseReturnValue:
    """Take the file in and go to its columns."""
    _may_import(kind)
    form = _form()
    if not form.validate_on_submit():
        return _upload_page(kind, form, 422)
    file, storage = form.file.data, current_app.extensions["storage"]
    reading = Reading(encoding=form.encoding.data or None)
    try:
        run = starting.start_run(
            db.session, storage, file.read(), file.filename or kind, by=current_user, kind=kind, reading=reading
        )
    except Refused as error:
        db.session.rollback()
        form.file.errors = [error.message]
        return _upload_page(kind, form, 422)
    db.session.commit()
    return go_to(url_for("imports.mapping", run_id=run.id))

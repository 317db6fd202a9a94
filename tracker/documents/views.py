"""Documents: sending them in, listing them, handing one out. An address holds a random token, checked each time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.documents import queries
from tracker.documents.intake import take_paper
from tracker.documents.kinds import MIMES
from tracker.documents.models import Document
from tracker.errors import NotFound
from tracker.exports.listings import DOCUMENTS
from tracker.exports.queries import stream_documents
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gallery.intake import answer_staged, shown
from tracker.gallery.models import Photo
from tracker.htmx import respond
from tracker.i18n import _
from tracker.projects.queries import get_project
from tracker.reader import current_user

blueprint = Blueprint("documents", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.post("/documents/staged")
@login_required
def stage() -> ResponseReturnValue:
    """Take one file in before the form it belongs to is sent. Answers JSON: token and field, or message."""
    require(current_user, Action.RECORD_LOG)
    return answer_staged(take_paper, _told, _("There is no file in this request."))


def _told(staged: Document | Photo) -> dict[str, str]:
    if isinstance(staged, Photo):
        return {**shown(staged), "field": "photos"}
    return {"token": staged.token, "field": "documents", "name": staged.file_name}


@blueprint.get("/documents/<token>")
@login_required
def download(token: str) -> ResponseReturnValue:
    """The file as it came, never shown in the browser."""
    document = queries.get_document(db.session, current_user, token)
    storage: Any = current_app.extensions["storage"]
    if not storage.exists(document.storage_key):
        raise NotFound
    answer: Response = send_file(
        storage.open(document.storage_key),
        mimetype=MIMES[document.kind],
        as_attachment=True,
        download_name=document.file_name,
        etag=document.sha256,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.get("/documents")
@login_required
def list_page() -> ResponseReturnValue:
    """All documents the user sees, newest first, or those of one project."""
    project_id = request.args.get("project", type=int)
    project = get_project(db.session, current_user, project_id) if project_id else None
    if format_asked():
        return send_list(DOCUMENTS, stream_documents(db.session, current_user, project_id=project_id))
    number = request.args.get("page", 1, type=int)
    documents = queries.list_documents(db.session, current_user, project_id=project_id, page=number)
    back = url_for("matrix.project", project_id=project.id) if project else None
    return respond("documents/list.html", documents=documents, project=project, back=back)

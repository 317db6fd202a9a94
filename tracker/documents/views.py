"""Documents: sending them in, listing them, handing one out. An address holds a random token, checked each time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, can, may, require
from tracker.documents import queries
from tracker.documents.forms import WORDS, PaperForm
from tracker.documents.intake import take_paper
from tracker.documents.kinds import MIMES
from tracker.documents.models import Document
from tracker.documents.operations import file_document, renew_document, sort_document
from tracker.errors import Invalid, NotFound
from tracker.exports.listings import DOCUMENTS
from tracker.exports.queries import stream_documents
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gallery.intake import Refusals, answer_staged, shown, take_each
from tracker.gallery.models import Photo
from tracker.htmx import go_to, respond
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
    return _list(PaperForm())


@blueprint.post("/projects/<int:project_id>/documents")
@login_required
def file_papers(project_id: int) -> ResponseReturnValue:
    """Put papers on a project."""
    form = PaperForm()
    form.offer()
    project = get_project(db.session, current_user, project_id)
    require(current_user, Action.RECORD_LOG, project)
    if not form.validate_on_submit():
        return _list(form, 422, project_id)
    papers, refused = _taken(form)
    for paper in papers:
        file_document(db.session, paper, project, form.sort.data or "", by=current_user)
    db.session.commit()
    if refused:
        form.papers.errors = [*form.papers.errors, *refused]
        return _list(form, refused.status, project_id)
    flash(_("Noted."))
    return go_to(url_for("documents.list_page", project=project_id))


def _taken(form: PaperForm) -> tuple[list[Document], Refusals]:
    """The staged papers of a form, and what was refused of it. A picture is told to go to the pictures."""
    refused = Refusals()
    found = take_each(form.papers.data, take_paper, refused)
    pictures = [one for one in found if isinstance(one, Photo)]
    refused += [_("%(name)s is a picture: send it with the photos.", name=one.file_name) for one in pictures]
    papers = [one for one in found if isinstance(one, Document)]
    if not papers and not refused:
        refused.append(_("Choose a file first."))
    return papers, refused


def _list(form: PaperForm, status: int = 200, of_project: int | None = None) -> ResponseReturnValue:
    project_id, sort = of_project or request.args.get("project", type=int), request.args.get("sort", "")
    sort = sort if sort in WORDS else ""
    project = get_project(db.session, current_user, project_id) if project_id else None
    if format_asked():
        return send_list(DOCUMENTS, stream_documents(db.session, current_user, project_id=project_id, sort=sort))
    form.offer()
    number = request.args.get("page", 1, type=int)
    documents = queries.list_documents(db.session, current_user, project_id=project_id, sort=sort, page=number)
    back = url_for("matrix.project", project_id=project.id) if project else None
    may_add = project is not None and can(current_user, Action.RECORD_LOG, project)
    return respond("documents/list.html", status=status, documents=documents, project=project, back=back, form=form,
                   sort=sort, words=WORDS, may_add=may_add)  # fmt: skip


@blueprint.get("/documents/<token>/versions")
@login_required
def versions(token: str) -> ResponseReturnValue:
    """All versions of a document, what it is, and the form for a new one."""
    return _versions(token, PaperForm())


@blueprint.post("/documents/<token>/versions")
@login_required
def renew(token: str) -> ResponseReturnValue:
    """A new version; those before it stay."""
    require(current_user, Action.RECORD_LOG)
    form = PaperForm()
    form.offer()
    queries.get_document(db.session, current_user, token)
    papers, refused = _taken(form)
    if refused or len(papers) != 1:
        wrong = list(refused) or [_("One file, please: the new version.")]
        form.papers.errors = [*form.papers.errors, *wrong]
        db.session.rollback()
        return _versions(token, form, refused.status)
    try:
        renew_document(db.session, queries.get_document(db.session, current_user, token), papers[0], by=current_user)
    except Invalid as error:
        db.session.rollback()
        form.papers.errors = [*form.papers.errors, error.message]
        return _versions(token, form, 422)
    told = papers[0].token
    db.session.commit()
    flash(_("The new version is here; those before it are kept."))
    return go_to(url_for("documents.versions", token=told))


@blueprint.post("/documents/<token>/sort")
@login_required
def sort_paper(token: str) -> ResponseReturnValue:
    """Say what a document is."""
    require(current_user, Action.RECORD_LOG)
    form = PaperForm()
    form.offer()
    document = queries.get_document(db.session, current_user, token)
    if not form.validate_on_submit():
        return _versions(token, form, 422)
    for one in queries.list_versions(db.session, current_user, document):
        sort_document(db.session, one, form.sort.data or "", by=current_user)
    db.session.commit()
    flash(_("Noted."))
    return go_to(url_for("documents.versions", token=token))


def _versions(token: str, form: PaperForm, status: int = 200) -> ResponseReturnValue:
    document = queries.get_document(db.session, current_user, token)
    found = queries.list_versions(db.session, current_user, document) or [document]
    form.offer()
    if not form.is_submitted():
        form.sort.data = document.sort or ""
    may_add = may(current_user, Action.RECORD_LOG) and (document.project_id or document.lead_id) is not None
    return respond("documents/versions.html", status=status, document=found[0], versions=found, form=form, words=WORDS,
                   may_add=may_add, back=url_for("documents.list_page", project=document.project_id))  # fmt: skip

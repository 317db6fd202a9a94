"""Requests about sites that are on record: asked, waiting, answered."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, may, require
from tracker.duplicates import queries
from tracker.duplicates.forms import AnswerForm
from tracker.duplicates.operations.asking import answer_request
from tracker.duplicates.views.blueprint import blueprint
from tracker.errors import Invalid
from tracker.exports.offices import REQUESTS_OF_MINE, REQUESTS_TO_ANSWER
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user


@blueprint.get("/duplicates")
@login_required
def list_page() -> ResponseReturnValue:
    """The requests the user is to answer, or those he made."""
    staff_only()
    if format_asked():
        to_answer = _which()[1]
        rows = rows_of(db.session, queries.site_requests_asked(current_user, to_answer=to_answer))
        return send_list(REQUESTS_TO_ANSWER if to_answer else REQUESTS_OF_MINE, (row.SiteRequest for row in rows))
    return _page()


def _which() -> tuple[bool, bool]:
    """Whether the user may answer, and whether it is about what he is to answer."""
    answers = may(current_user, Action.LEAD_ASSIGN)
    return answers, answers and request.args.get("which", "answer") == "answer"


def _page(status: int = 200, refused: int = 0, form: AnswerForm | None = None) -> ResponseReturnValue:
    answers, to_answer = _which()
    number = request.args.get("page", 1, type=int)
    return respond(
        "duplicates/requests.html",
        status=status,
        page=queries.list_site_requests(db.session, current_user, to_answer=to_answer, page=number),
        to_answer=to_answer,
        answers=answers,
        form=form or AnswerForm(formdata=None),
        refused=refused,
    )


@blueprint.post("/duplicates/requests/<int:request_id>")
@login_required
def decide(request_id: int) -> ResponseReturnValue:
    """Answer a request: yes or no, with a sentence."""
    found = queries.get_site_request(db.session, current_user, request_id)
    site = found.lead or found.project
    require(current_user, Action.LEAD_ASSIGN if found.lead else Action.PROJECT_REASSIGN, site)
    form = AnswerForm()
    granted = request.form.get("granted") == "1"
    if not form.validate_on_submit():
        return _page(422, request_id, form)
    try:
        answer_request(db.session, found, granted, by=current_user, answer=form.answer.data or "")
    except Invalid as error:
        db.session.rollback()
        form.answer.errors = [error.message]
        return _page(422, request_id, form)
    db.session.commit()
    flash(_("Answered."))
    return go_to(url_for("duplicates.list_page"))

"""Suggestions to management: the list, one with its answer."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import accepted
from tracker.access.of_annotations import answers_suggestion
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.exports.suggestions import SUGGESTIONS
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from tracker.suggestions import operations, queries
from tracker.suggestions.forms import STATES, ManagementForm, SuggestionForm

blueprint = Blueprint("suggestions", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/suggestions")
@login_required
def list_page() -> ResponseReturnValue:
    """Those one made, and to management those of its part of the company."""
    staff_only()
    return _list(SuggestionForm(formdata=None))


def _list(form: SuggestionForm, status: int = 200) -> ResponseReturnValue:
    which = "all" if request.args.get("which") == "all" else "open"
    if format_asked():
        rows = rows_of(db.session, queries.suggestions_asked(current_user, which))
        return send_list(SUGGESTIONS, (row.Suggestion for row in rows))
    page = queries.list_suggestions(db.session, current_user, which, request.args.get("page", 1, type=int))
    return respond("suggestions/list.html", status=status, page=page, which=which, form=form, states=STATES)


@blueprint.post("/suggestions")
@login_required
def suggest() -> ResponseReturnValue:
    """Suggest something."""
    staff_only()
    form = SuggestionForm()
    if not form.validate_on_submit() or not accepted(
        form, lambda: operations.suggest(db.session, form.text.data or "", by=current_user)
    ):
        return _list(form, 422)
    db.session.commit()
    flash(_("Management reads it here."))
    return go_to(url_for("suggestions.list_page"))


@blueprint.get("/suggestions/<int:suggestion_id>")
@login_required
def page(suggestion_id: int) -> ResponseReturnValue:
    """One, with its answer or the form for it."""
    return _page(suggestion_id, ManagementForm(formdata=None))


def _page(suggestion_id: int, form: ManagementForm, status: int = 200) -> ResponseReturnValue:
    found = queries.get_suggestion(db.session, current_user, suggestion_id)
    answers = found.state == "open" and answers_suggestion(current_user, found)
    return respond(
        "suggestions/page.html", status=status, suggestion=found, form=form if answers else None, states=STATES
    )


@blueprint.post("/suggestions/<int:suggestion_id>")
@login_required
def answer(suggestion_id: int) -> ResponseReturnValue:
    """Answer it."""
    found, form = queries.get_suggestion(db.session, current_user, suggestion_id), ManagementForm()
    state, text = form.state.data or "", form.text.data or ""
    if not answers_suggestion(current_user, found) or form.validate_on_submit():
        if not accepted(form, lambda: operations.answer_suggestion(db.session, found, state, text, by=current_user)):
            return _page(suggestion_id, form, 422)
        db.session.commit()
        flash(_("Answered."))
        return go_to(url_for("suggestions.page", suggestion_id=suggestion_id))
    return _page(suggestion_id, form, 422)

"""What somebody may ask about pictures: the list, and what was found out."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.errors import AlreadyDone
from tracker.extensions import db
from tracker.gallery import queries
from tracker.gallery.forms import AnswerForm
from tracker.gallery.operations.asking import settle_signal
from tracker.gallery.views.blueprint import blueprint
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user


@blueprint.get("/photos/questions")
@login_required
def questions() -> ResponseReturnValue:
    """What one may ask about the pictures of the projects one leads, and which step one's own show."""
    return _questions(AnswerForm())


def _questions(form: AnswerForm, status: int = 200, wrong: int = 0) -> ResponseReturnValue:
    staff_only()
    found = queries.list_questions(db.session, current_user, page=request.args.get("page", 1, type=int))
    return respond("gallery/questions.html", status=status, page=found, form=form, wrong=wrong,
                   definition=current_definition())  # fmt: skip


@blueprint.post("/photos/questions/<int:signal_id>")
@login_required
def answer(signal_id: int) -> ResponseReturnValue:
    """What was found out about one of them."""
    staff_only()
    signal = queries.get_signal(db.session, current_user, signal_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _questions(form, 422, signal_id)
    try:
        settle_signal(db.session, signal, form.answer.data or "", by=current_user)
    except AlreadyDone:
        db.session.rollback()
        flash(_("Somebody has answered this meanwhile."), "warning")
        return go_to(url_for("gallery.questions"))
    db.session.commit()
    flash(_("Noted."))
    return go_to(url_for("gallery.questions"))

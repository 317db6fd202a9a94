"""One record with its history, and its correction."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, is_dealer, may
from tracker.annotations.things import thing_of
from tracker.annotations.views import threads_of
from tracker.errors import Forbidden, Invalid, Stale
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, _l
from tracker.matrix import queries
from tracker.matrix.definitions import current_definition, definition_of, with_history
from tracker.matrix.forms import CorrectionForm
from tracker.matrix.models import Record
from tracker.matrix.operations.records import correct_record
from tracker.matrix.views.blueprint import blueprint
from tracker.reader import current_user
from tracker.stale import both_versions


@blueprint.get("/records/<int:record_id>")
@login_required
def record(record_id: int) -> ResponseReturnValue:
    """The record as it stands, and every text it had before."""
    found = queries.get_record(db.session, current_user, record_id)
    home = thing_of(db.session, "record", found).home
    said = {} if is_dealer(current_user) else threads_of("record", found.id, home)
    return respond("matrix/record.html", **_context(found), **said)


@blueprint.get("/records/<int:record_id>/correct")
@login_required
def correct(record_id: int) -> ResponseReturnValue:
    """The form to correct a record."""
    found = queries.get_record(db.session, current_user, record_id)
    _require_author(found)
    form = CorrectionForm(data={"text": found.text, "version": str(found.version)})
    return respond("matrix/correct.html", form=form, **_context(found))


@blueprint.post("/records/<int:record_id>/correct")
@login_required
def save_correction(record_id: int) -> ResponseReturnValue:
    """Correct it; the old text stays with who, when and why. A stale page is answered with 409 and both versions."""
    found = queries.get_record(db.session, current_user, record_id)
    _require_author(found)
    form = CorrectionForm()
    if not form.validate_on_submit():
        return respond("matrix/correct.html", status=422, form=form, **_context(found))
    version = request.form.get("version", type=int) or 0
    try:
        correct_record(
            db.session,
            found,
            by=current_user,
            version=version,
            text=form.text.data or "",
            reason=form.reason.data or "",
        )
    except Invalid as error:
        getattr(form, error.field).errors = [error.message]
        return respond("matrix/correct.html", status=422, form=form, **_context(found))
    except Stale:
        changed = both_versions(form, found)
        return respond("matrix/correct.html", status=409, form=form, changed=changed, **_context(found))
    db.session.commit()
    flash(_("Corrected. The old text is kept with it."))
    return go_to(url_for("matrix.record", record_id=record_id))


def _require_author(found: Record) -> None:
    if found.author_id != current_user.id and not may(current_user, Action.RECORD_CORRECT_OTHERS):
        raise Forbidden(_l("Only the author or a supervisor corrects a record."))


def _context(found: Record) -> dict[str, Any]:
    definition = current_definition()
    if found.project:
        definition = with_history(db.session, definition_of(db.session, found.project))
    return {
        "record": found,
        "definition": definition,
        "marks": queries.load_marks(db.session, [found]),
        "is_dealer": is_dealer(current_user),
    }

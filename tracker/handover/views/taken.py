"""What one took over: from whom, with which note, the briefing of each, and whom to meet."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.exports.handed import TAKEN
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.handover.queries.taken import LATELY, list_taken, list_to_meet, stream_taken
from tracker.handover.views.blueprint import blueprint
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user


@blueprint.get("/handover/mine")
@login_required
def mine() -> ResponseReturnValue:
    """What the user took over in the last days and still has."""
    staff_only()
    if format_asked():
        return send_list(TAKEN, stream_taken(db.session, current_user))
    return respond(
        "handover/mine.html",
        bundles=list_taken(db.session, current_user),
        to_meet=list_to_meet(db.session, current_user),
        days=LATELY.days,
        definition=current_definition(),
    )

"""Today: the page one starts the day with."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, is_dealer, may
from tracker.annotations import wording as annotation_words
from tracker.annotations.queries import list_to_answer
from tracker.extensions import db
from tracker.home import queries
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.notifications import wording
from tracker.notifications.queries import list_escalations
from tracker.reader import current_user

blueprint = Blueprint("home", __name__)
BLUEPRINTS = (blueprint,)


ESCALATIONS = 5  # of those told to who decides


@blueprint.get("/")
@login_required
def today() -> ResponseReturnValue:
    """What is due, what has gone quiet, what one promised, what waits for a decision."""
    decides = may(current_user, Action.APPROVAL_DECIDE)
    return respond(
        "home/today.html",
        escalations=list_escalations(db.session, current_user, ESCALATIONS) if decides else (),
        wording=wording,
        to_answer=list_to_answer(db.session, current_user),
        annotation_words=annotation_words,
        lists=queries.load_today(db.session, current_user, clock.today()),
        definition=current_definition(),
        can_log=may(current_user, Action.RECORD_LOG),
        can_add_lead=may(current_user, Action.LEAD_ADD),
        is_dealer=is_dealer(current_user),
    )

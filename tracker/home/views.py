"""Today: the page one starts the day with."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.absences.operations import may_tell
from tracker.access import Action, is_dealer, may
from tracker.annotations import wording as annotation_words
from tracker.annotations.queries import list_to_answer
from tracker.calendar import wording as calendar_wording
from tracker.event_words import WORDS
from tracker.extensions import db
from tracker.home import queries
from tracker.home.operations import look
from tracker.home.sections import LEFT, RIGHT, load_sections
from tracker.htmx import go_to, respond
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries import list_to_decide
from tracker.matrix.views.approvals import wish_of
from tracker.notifications import wording
from tracker.notifications.queries import list_escalations
from tracker.reader import current_user
from tracker.todos.forms import REPEATS
from workflows.windows import ACTIVITY_NAMES

blueprint = Blueprint("home", __name__)
BLUEPRINTS = (blueprint,)


ESCALATIONS = 5  # of those told to who decides
NEW = timedelta(days=14)  # so long somebody is shown the way to his first week
DECISIONS = 5  # of the requests that wait for one


@blueprint.get("/")
@login_required
def today() -> ResponseReturnValue:
    """What is due, what has gone quiet, what one promised, what waits for a decision."""
    decides = may(current_user, Action.APPROVAL_DECIDE)
    sections = load_sections(db.session, current_user, clock.today())
    lists = queries.load_today(db.session, current_user, clock.today())
    return respond(
        "home/today.html",
        escalations=list_escalations(db.session, current_user, ESCALATIONS) if decides else (),
        wording=wording,
        to_decide=list_to_decide(db.session, current_user, DECISIONS) if lists.to_decide else (),
        wish_of=wish_of,
        to_answer=list_to_answer(db.session, current_user) if lists.to_answer else (),
        annotation_words=annotation_words,
        lists=lists,
        definition=current_definition(),
        can_log=may(current_user, Action.RECORD_LOG),
        can_add_lead=may(current_user, Action.LEAD_ADD),
        is_dealer=is_dealer(current_user),
        left=[one for one in sections if one.column == LEFT],
        right=[one for one in sections if one.column == RIGHT],
        calendar=calendar_wording,
        events=WORDS,
        activities=ACTIVITY_NAMES,
        may_tell=may_tell,
        is_new=not is_dealer(current_user) and clock.now() - current_user.created_at < NEW,
        repeats=REPEATS,
    )


@blueprint.post("/seen")
@login_required
def seen() -> ResponseReturnValue:
    """One has seen what changed."""
    look(db.session, by=current_user, up_to=request.form.get("newest", 0, type=int))
    db.session.commit()
    return go_to(url_for("home.today"))

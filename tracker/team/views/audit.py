"""The audit trail for those who administer."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import events
from tracker.access import Action, may
from tracker.errors import NotFound
from tracker.event_words import WORDS, details, sentence
from tracker.events import Kind
from tracker.exports.offices import EVENTS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import respond
from tracker.reader import current_user
from tracker.team import queries
from tracker.team.views.blueprint import blueprint


@blueprint.get("/admin/audit")
@login_required
def audit() -> ResponseReturnValue:
    """Every change, newest first, by person and kind."""
    if not may(current_user, Action.ADMINISTER):
        raise NotFound
    kind = request.args.get("kind", "")
    kind = kind if kind in set(Kind) else ""
    person = request.args.get("person", type=int)
    if format_asked():
        asked = rows_of(db.session, events.events_asked(kind=kind, by_id=person))
        return send_list(EVENTS, (row.Event for row in asked))
    page = events.list_events(
        db.session,
        kind=kind,
        by_id=person,
        page=request.args.get("page", 1, type=int),
    )
    return respond(
        "team/audit.html",
        page=page,
        lines=[(event, sentence(event), details(event)) for event in page.items],
        kinds=WORDS,
        kind=kind,
        person=person,
        people=queries.list_users(db.session, current_user, active=None),
    )

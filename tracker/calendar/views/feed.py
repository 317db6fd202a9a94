"""The private feed for calendar programs: its address, and the file under it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.calendar import queries
from tracker.calendar.feeds import Told, written
from tracker.calendar.operations.feeding import end_feed, make_feed
from tracker.calendar.queries.feeding import find_feed, get_reader, list_own_away, list_own_due
from tracker.calendar.views.blueprint import blueprint
from tracker.extensions import db, limiter
from tracker.htmx import go_to, respond
from tracker.i18n import LOCALES, _, lang, speaking
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.team.models import User
from tracker.todos.queries import list_dated as list_dated_todos

BACK, AHEAD = timedelta(days=62), timedelta(days=366)
SOON = timedelta(days=31)  # until when tasks due count
LIMIT = "120 per hour"  # for each address; programs ask at most every few minutes


def _asked_for() -> str:
    return f"feed:{(request.view_args or {}).get('token', '')}"


@blueprint.get("/calendar/feed")
@login_required
def feed() -> ResponseReturnValue:
    """The address of one's own feed."""
    found, base = find_feed(db.session, current_user), current_app.config["TRACKER"].base_url
    address = base + url_for("calendar.file", token=found.token) if found else ""
    return respond("calendar/feed.html", feed=found, address=address)


@blueprint.post("/calendar/feed")
@login_required
def renew_feed() -> ResponseReturnValue:
    """Make an address; one there was before ends."""
    make_feed(db.session, by=current_user)
    db.session.commit()
    flash(_("There is a new address. Enter it in your calendar program."))
    return go_to(url_for("calendar.feed"))


@blueprint.post("/calendar/feed/end")
@login_required
def revoke_feed() -> ResponseReturnValue:
    """End the address."""
    end_feed(db.session, by=current_user)
    db.session.commit()
    flash(_("The address is ended; calendar programs find nothing there any more."))
    return go_to(url_for("calendar.feed"))


@blueprint.get("/calendar/feeds/<token>.ics")
@limiter.limit(LIMIT, key_func=_asked_for)
@limiter.limit("30 per minute")
def file(token: str) -> ResponseReturnValue:
    """The file that a calendar program reads; nothing where its owner may not sign in any more."""
    user, config = get_reader(db.session, token), current_app.config["TRACKER"]
    before = clock.zone()
    clock.use_zone(user.timezone or config.timezone)
    try:
        with speaking(user.locale if user.locale in LOCALES else config.locale):
            body = written(_told(user, config.base_url))
    finally:
        clock.use_zone(str(before))
    return _sent(body)


def _told(user: User, base_url: str) -> Told:
    today, session = clock.today(), db.session
    return Told(
        name=user.name,
        base_url=base_url,
        plans=queries.list_plans(session, user, today - BACK, today + AHEAD, queries.Asked(person=user.id), MOST),
        due=list_own_due(session, user, today + SOON),
        away=list_own_away(session, user, today - BACK),
        todos=list_dated_todos(session, user, today - BACK),
        kinds={kind.key: kind.name.get(lang()) for kind in current_definition().record_kinds},
    )


MOST = 1000  # plans of one feed


def _sent(body: bytes) -> Response:
    answer: Any = make_response(body)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="tracker.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    sent: Response = answer.make_conditional(request)
    return sent

"""What is like the thing that is just being typed."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, is_dealer, may
from tracker.duplicates import queries
from tracker.duplicates.forms import read_thing
from tracker.duplicates.things import SITES
from tracker.duplicates.views import probing
from tracker.duplicates.views.blueprint import blueprint
from tracker.duplicates.wording import WORDS
from tracker.errors import Forbidden, NotFound
from tracker.extensions import db, limiter
from tracker.htmx import respond
from tracker.reader import current_user

NEEDED = {"party": Action.PARTY_EDIT, "contact": Action.PARTY_EDIT}


@blueprint.get("/duplicates/check")
@login_required
@limiter.limit(probing.CHECKS, key_func=probing.who)
def check() -> ResponseReturnValue:
    """The likely duplicates of what is in the form so far; `of` its kind, `row` the row that is being edited."""
    kind = request.args.get("of", "lead")
    if kind not in (*SITES, *NEEDED) or (is_dealer(current_user) and kind not in SITES):
        raise NotFound
    if not may(current_user, NEEDED.get(kind, Action.LEAD_ADD)):
        raise Forbidden
    thing, row_id = read_thing(kind, request.args), request.args.get("row", 0, type=int)
    if thing is None:
        return respond("duplicates/check.html", "panel", likely=queries.Likely(), words=WORDS, tired=False)
    if not probing.may_look():
        return respond("duplicates/check.html", "panel", likely=queries.Likely(), words=WORDS, tired=True)
    own = (kind, row_id) if row_id and queries.sees(db.session, current_user, kind, row_id) else None
    likely = queries.load_likely(db.session, current_user, kind, thing, own)
    answer = respond("duplicates/check.html", "panel", likely=likely, words=WORDS, tired=False)
    probing.note_hints(likely, request.args.get("name", ""))
    return answer

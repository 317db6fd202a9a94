"""Search of everything."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.search import queries

blueprint = Blueprint("search", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/search")
@login_required
def page() -> ResponseReturnValue:
    """Sites, leads, firms and people in which the words occur."""
    q = request.args.get("q", "").strip()[:100]
    found = queries.search(db.session, current_user, q)
    return respond("search/page.html", "results", q=q, found=found, definition=current_definition())

"""The portfolio board: all projects one may see on one grid."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker.access import Action, require
from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix import queries
from tracker.matrix.definitions import current_definition
from tracker.matrix.views.blueprint import blueprint
from tracker.projects.forms import read_filters
from tracker.projects.queries import load_filter_options


@blueprint.get("/board")
@login_required
def portfolio() -> ResponseReturnValue:
    """Counts, value and stalled share per cell; a cell opens its list."""
    require(current_user, Action.BOARD_VIEW)
    filters = read_filters(request.args)
    return respond(
        "matrix/portfolio.html",
        portfolio=queries.load_portfolio(db.session, current_user, filters),
        filters=filters,
        options=load_filter_options(db.session, current_user, filters),
        definition=current_definition(),
        by_value=request.args.get("by") == "value",
    )

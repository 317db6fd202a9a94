"""The portfolio board: all projects one may see on one grid."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.extensions import db
from tracker.history.queries import load_portfolio_on
from tracker.history.views.past import board_slider, opened_on_board
from tracker.htmx import respond
from tracker.matrix import queries
from tracker.matrix.definitions import current_definitions
from tracker.matrix.views.blueprint import blueprint
from tracker.matrix.views.wording import state_name
from tracker.projects.forms import read_filters
from tracker.projects.queries import load_filter_options
from tracker.reader import current_user


@blueprint.get("/board")
@login_required
def portfolio() -> ResponseReturnValue:
    """Counts, value and stalled share per cell, today or on a past day (`on`); a cell opens its list."""
    require(current_user, Action.BOARD_VIEW)
    filters, slider = read_filters(request.args), board_slider()
    known = current_definitions()
    definition = next((one for one in known if one.key == request.args.get("definition")), known[0])
    if slider.is_past:
        everywhere = load_portfolio_on(db.session, current_user, filters, slider.day)
    else:
        everywhere = queries.load_portfolio(db.session, current_user, filters)
    here = everywhere.within(definition)
    return respond(
        "matrix/portfolio.html",
        "day",
        portfolio=here,
        elsewhere=everywhere.total.count - here.total.count,
        known=known,
        filters=filters,
        slider=slider,
        opened=opened_on_board(slider, filters, definition),
        options=load_filter_options(db.session, current_user, filters),
        definition=definition,
        state_name=state_name,
        by_value=request.args.get("by") == "value",
    )

"""The list of dealers."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can
from tracker.dealers.forms.profiles import read_filters
from tracker.dealers.queries import profiles
from tracker.dealers.queries.evaluations import definition_for_dealers
from tracker.dealers.views.blueprint import blueprint
from tracker.dealers.wording import STATE_NAMES, STATE_TAGS, month_name
from tracker.exports.dealers import DEALERS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import respond
from tracker.reader import current_user
from tracker.team.queries import list_regions
from workflows.dealers import grade_keys


@blueprint.get("/dealers")
@login_required
def list_page() -> ResponseReturnValue:
    """Dealers by name, narrowed by state, grade, region and late reports."""
    staff_only()
    filters, today = read_filters(request.args), clock.today()
    if format_asked():
        return send_list(DEALERS, profiles.stream_dealers(db.session, current_user, filters, today))
    number = request.args.get("page", 1, type=int)
    return respond(
        "dealers/list.html",
        page=profiles.list_dealers(db.session, current_user, filters, today, number),
        filters=filters,
        states=STATE_NAMES,
        tags=STATE_TAGS,
        grades=grade_keys(definition_for_dealers(db.session)),
        regions=list_regions(db.session),
        month_name=month_name,
        can_manage=can(current_user, Action.DEALER_MANAGE),
    )

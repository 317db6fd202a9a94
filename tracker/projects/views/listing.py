"""The list of projects."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, may
from tracker.exports.listings import PROJECTS
from tracker.exports.queries import stream_projects
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.projects import queries
from tracker.projects.forms import read_filters
from tracker.projects.views.blueprint import blueprint
from tracker.reader import current_user


@blueprint.get("/projects")
@login_required
def list_page() -> ResponseReturnValue:
    """Projects the user sees, filtered and sorted; every state of the page has its own address."""
    filters = read_filters(request.args)
    sort, number = request.args.get("sort", filters.order), request.args.get("page", 1, type=int)
    if format_asked():
        return send_list(PROJECTS, stream_projects(db.session, current_user, filters, sort))
    page = queries.list_projects(db.session, current_user, filters, sort, number, request.args.get("after", ""))
    return respond(
        "projects/list.html",
        "rows",
        page=page,
        filters=filters,
        sort=sort,
        options=queries.load_filter_options(db.session, current_user, filters),
        definition=current_definition(),
        can_open=may(current_user, Action.PROJECT_OPEN),
    )

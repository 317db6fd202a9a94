"""Forecasts: of a project, and added up by month for a person, a team, the company."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import accepted
from tracker.access import Action, can, require
from tracker.errors import NotFound
from tracker.exports.forecasts import FORECASTS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.forecasts import queries
from tracker.forecasts.evidence import load_shares
from tracker.forecasts.forms import ForecastForm
from tracker.forecasts.operations import set_forecast
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.incoming import optional_key
from tracker.matrix.definitions import definition_of
from tracker.projects.queries import get_project
from tracker.reader import current_user
from tracker.team.queries import list_teams

blueprint = Blueprint("forecasts", __name__)
BLUEPRINTS = (blueprint,)


def _ours(project_id: int) -> Any:
    """The project, where the user is one of ours."""
    staff_only()
    return get_project(db.session, current_user, project_id)


@blueprint.get("/projects/<int:project_id>/forecast")
@login_required
def page(project_id: int) -> ResponseReturnValue:
    """What is expected of a project, what was expected before, and what the records support."""
    return _page(_ours(project_id))


def _page(project: Any, form: ForecastForm | None = None, status: int = 200) -> ResponseReturnValue:
    rows = queries.list_of_project(db.session, current_user, project)
    may_set = can(current_user, Action.PROJECT_EDIT, project) and project.state in queries.OPEN
    if form is None and may_set:
        last = rows[0] if rows else None
        known = {"value": last.value if last else project.value, "sure": last.sure if last else 50}
        form = ForecastForm(formdata=None, data={**known, "expected_on": last.expected_on if last else None})
    worth = queries.load_worth(db.session, [project.owner_id] if project.owner_id else [])
    return respond(
        "forecasts/project.html",
        status=status,
        project=project,
        definition=definition_of(db.session, project),
        rows=rows,
        form=form if may_set else None,
        share=queries.share_of(db.session, project),
        worth=worth.get(project.owner_id or 0),
    )


@blueprint.post("/projects/<int:project_id>/forecast")
@login_required
def save(project_id: int) -> ResponseReturnValue:
    """Say what one expects."""
    project, form = _ours(project_id), ForecastForm()
    require(current_user, Action.PROJECT_EDIT, project)

    def operate() -> None:
        set_forecast(db.session, project, form.expectation(), by=current_user)

    if not form.validate_on_submit() or not accepted(form, operate):
        return _page(_ours(project_id), form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("forecasts.page", project_id=project_id))


@blueprint.get("/forecasts")
@login_required
def roll_up() -> ResponseReturnValue:
    """Added up by month and currency, with the projects behind each sum."""
    staff_only()
    asked, shares = _asked(), load_shares(db.session)
    rows = queries.list_expected(db.session, current_user, asked, shares)
    if format_asked():
        return send_list(FORECASTS, rows)
    sums = queries.roll_up(db.session, current_user, asked, shares)
    people = {row.project.owner_id for row in rows if row.project.owner_id}
    return respond(
        "forecasts/list.html",
        asked=asked,
        rows=rows,
        sums=sums,
        most=queries.MOST,
        worth=queries.load_worth(db.session, people),
        owners={row.project.owner_id: row.project.owner for row in rows if row.project.owner},
        teams=list_teams(db.session, current_user),
    )


def _asked() -> queries.Asked:
    args = request.args
    month = None
    if args.get("month"):
        try:
            month = date.fromisoformat(f"{args['month'][:7]}-01")
        except ValueError:
            raise NotFound from None
    currency = args.get("currency", "")[:3]
    return queries.Asked(optional_key(args.get("team")), optional_key(args.get("owner")), month, currency)

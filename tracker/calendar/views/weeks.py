"""Planning a week: what is due or neglected beside the days onto which it can be put."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, require
from tracker.calendar import grids, queries, wording
from tracker.calendar.forms import PutForm
from tracker.calendar.operations import planning
from tracker.calendar.queries.neglected import list_to_plan
from tracker.calendar.spans import Span, span_of
from tracker.calendar.views.blueprint import blueprint
from tracker.calendar.views.pages import content_of, holidays, words
from tracker.errors import AlreadyDone, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.projects.queries import get_project
from tracker.reader import current_user
from workflows.holidays import load_china


def _week() -> Span:
    return span_of("week", request.values.get("week", ""), clock.today())


@blueprint.get("/calendar/week")
@login_required
def week() -> ResponseReturnValue:
    """What is due or neglected of one's own beside the days of a week."""
    require(current_user, Action.RECORD_LOG)
    span = _week()
    asked = queries.Asked(person=current_user.id)
    content = content_of(span, asked)
    days = grids.days_of(span, content, holidays(), load_china())
    planned = {one.record.project_id for one in content.plans if not one.off and one.record.project_id}
    return respond(
        "calendar/week.html",
        span=span,
        days=days,
        weeks=[days],
        rows=grids.rows_of(days, wording.PARTS),
        asked=asked,
        waiting=list_to_plan(db.session, current_user, span.first, span.last, clock.today(), planned),
        **words(),
    )


@blueprint.post("/calendar/week")
@login_required
def put() -> ResponseReturnValue:
    """Put something due onto a day: a visit to its site."""
    require(current_user, Action.RECORD_LOG)
    form, back = PutForm(), url_for("calendar.week", week=_week().first)
    if not form.validate_on_submit():
        flash(_("Choose a day of the week."), "warning")
        return go_to(back)
    project = get_project(db.session, current_user, form.project_id.data or 0)
    draft = planning.PlanDraft(form.on.data, "site_visit", form.text.data or "", token=form.token.data or None)
    try:
        planning.plan_on_project(db.session, project, draft, by=current_user)
    except AlreadyDone:
        db.session.rollback()
        return go_to(back)
    except Refused as error:
        db.session.rollback()
        flash(" ".join([str(error.message), *error.rules]), "warning")
        return go_to(back)
    db.session.commit()
    return go_to(back)

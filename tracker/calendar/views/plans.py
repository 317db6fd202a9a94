"""A plan: made, seen, moved, called off."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock, events
from tracker.absences.choosing import colleagues_to_choose
from tracker.accepting import accepted
from tracker.access import Action, is_dealer, require
from tracker.calendar import queries
from tracker.calendar.forms import ChangeForm, MoveForm, OffForm, PlanForm
from tracker.calendar.operations import planning
from tracker.calendar.spans import span_of
from tracker.calendar.views.blueprint import blueprint
from tracker.calendar.views.pages import words
from tracker.errors import AlreadyDone, Invalid, Refused, Stale
from tracker.event_words import sentence
from tracker.extensions import db
from tracker.htmx import go_to, respond, safe_next
from tracker.i18n import _
from tracker.leads.queries import LeadFilters, get_lead, list_leads
from tracker.matrix.definitions import current_definition, definition_of
from tracker.projects.queries import Filters, get_project, list_projects, list_recent
from tracker.reader import current_user

FOUND = 20  # sites to choose from


@blueprint.get("/calendar/plans/new")
@login_required
def new() -> ResponseReturnValue:
    """Plan something: first the site, then what and when."""
    require(current_user, Action.RECORD_LOG)
    project_id, lead_id = (request.args.get(name, 0, type=int) for name in ("project", "lead"))
    on = span_of("day", request.args.get("on", ""), clock.today()).on
    if not project_id and not lead_id:
        return _choose(on)
    form = PlanForm(formdata=None)
    form.preset(max(on, clock.today()), request.args.get("text", "")[:300])
    return _form(form, project_id, lead_id)


def _choose(on: date) -> ResponseReturnValue:
    user, wanted = current_user, request.args.get("q", "").strip()
    if wanted:
        projects: Any = list_projects(db.session, user, Filters(clock.today(), q=wanted), "name").items[:FOUND]
        leads: Any = list_leads(db.session, user, LeadFilters(q=wanted)).items[:FOUND]
    else:
        projects = list_recent(db.session, user)
        leads = list_leads(db.session, user, LeadFilters(owner=user.id)).items[:FOUND]
    return respond("calendar/choose.html", "sites", projects=projects, leads=leads, q=wanted, on=on)


def _people() -> Any:
    return () if is_dealer(current_user) else colleagues_to_choose(db.session, current_user, but=[current_user.id])


def _form(form: PlanForm, project_id: int, lead_id: int, status: int = 200, why: str = "") -> ResponseReturnValue:
    site, definition = _site(project_id, lead_id)
    form.offer(definition, _people())
    return respond("calendar/new.html", status=status, form=form, site=site, project_id=project_id, why=why)


def _site(project_id: int, lead_id: int) -> tuple[Any, Any]:
    """The project or lead, and the definition whose kinds of work it knows."""
    if project_id:
        project = get_project(db.session, current_user, project_id)
        require(current_user, Action.RECORD_LOG, project)
        return project, definition_of(db.session, project)
    return get_lead(db.session, current_user, lead_id), current_definition()


@blueprint.post("/calendar/plans")
@login_required
def add() -> ResponseReturnValue:
    """Plan it."""
    project_id, lead_id = (request.form.get(name, 0, type=int) for name in ("project_id", "lead_id"))
    require(current_user, Action.RECORD_LOG)
    site, definition = _site(project_id, lead_id)
    form = PlanForm()
    form.offer(definition, _people())
    if not form.validate_on_submit():
        return _form(form, project_id, lead_id, 422)
    plan: Any = planning.plan_on_project if project_id else planning.plan_on_lead
    try:
        made = plan(db.session, site, form.draft(), by=current_user).id
    except AlreadyDone as done:
        db.session.rollback()
        return go_to(url_for("calendar.plan", record_id=done.details or 0))
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field, form.text).errors = [error.message]
        return _form(form, project_id, lead_id, 422)
    except Refused as error:
        db.session.rollback()
        return _form(form, project_id, lead_id, 422, why=_why(error))
    db.session.commit()
    flash(_("Planned."))
    return go_to(url_for("calendar.page", on=form.on.data, plan=made))


def _why(error: Refused) -> str:
    return " ".join([str(error.message), *error.rules])


@blueprint.get("/calendar/plans/<int:record_id>")
@login_required
def plan(record_id: int) -> ResponseReturnValue:
    """A plan with what can be done about it."""
    return _plan(queries.get_plan(db.session, current_user, record_id))


def _plan(
    planned: queries.Planned, form: ChangeForm | None = None, off: OffForm | None = None, status: int = 200
) -> ResponseReturnValue:
    if form is None:
        form = ChangeForm(formdata=None, obj=planned.plan)
        form.on.data, form.version.data = planned.on, planned.version
        form.people.data = [str(one.id) for one in planned.people]
    form.offer(_people() or [(one.id, one.name) for one in planned.people])
    trail = () if is_dealer(current_user) else events.timeline(db.session, planned.record)
    return respond(
        "calendar/plan.html",
        status=status,
        planned=planned,
        form=form,
        off=off or OffForm(formdata=None),
        trail=[(event, sentence(event)) for event in trail],
        can_change=planning.may_change(current_user, planned) and planned.open,
        **words(),
    )


@blueprint.post("/calendar/plans/<int:record_id>")
@login_required
def change(record_id: int) -> ResponseReturnValue:
    """Put it onto another day or time, or say who comes along."""
    planned = queries.get_plan(db.session, current_user, record_id)
    form = ChangeForm()
    form.offer(_people())
    version = _version(form.version.data)
    if not form.validate_on_submit() or not accepted(
        form, lambda: planning.change_plan(db.session, planned, form.change(), by=current_user, version=version)
    ):
        return _plan(queries.get_plan(db.session, current_user, record_id), form, status=422)
    on = planned.on
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("calendar.page", on=on))


@blueprint.post("/calendar/plans/<int:record_id>/move")
@login_required
def move(record_id: int) -> ResponseReturnValue:
    """Put it onto another day, as somebody who drags it does; what stands in the way is said on the calendar."""
    planned, back = queries.get_plan(db.session, current_user, record_id), safe_next(url_for("calendar.page"))
    form = MoveForm()
    if not form.validate_on_submit():
        flash(_("Write the date as year-month-day, such as 2026-03-16."), "warning")
        return go_to(back)
    try:
        planning.move_plan(db.session, planned, form.on.data, by=current_user, version=_version(form.version.data))
    except (Refused, Stale) as error:
        db.session.rollback()
        flash(str(error.message), "warning")
        return go_to(back)
    db.session.commit()
    return go_to(back)


@blueprint.post("/calendar/plans/<int:record_id>/off")
@login_required
def off(record_id: int) -> ResponseReturnValue:
    """Call it off, with a reason."""
    planned = queries.get_plan(db.session, current_user, record_id)
    form = OffForm()
    if not form.validate_on_submit() or not accepted(
        form, lambda: planning.call_off(db.session, planned, by=current_user, why=form.why.data or "")
    ):
        return _plan(queries.get_plan(db.session, current_user, record_id), off=form, status=422)
    db.session.commit()
    flash(_("Called off."))
    return go_to(url_for("calendar.plan", record_id=record_id))


def _version(text: Any) -> int:
    digits = str(text or "")
    return int(digits) if digits.isdecimal() and len(digits) < 9 else 0

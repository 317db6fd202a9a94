"""What falls on which day: by day, week or month, by person, team and project; and a day's route."""

from __future__ import annotations

import secrets
from datetime import date
from functools import cache, partial
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.absences.operations import may_tell
from tracker.absences.queries import list_away
from tracker.access import Action, is_dealer, may, sees_others
from tracker.calendar import grids, queries, wording
from tracker.calendar.operations.planning import may_change
from tracker.calendar.routing import route_of
from tracker.calendar.spans import Span, span_of
from tracker.calendar.views.blueprint import blueprint
from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.projects.queries import get_project
from tracker.reader import current_user
from workflows.holidays import load_china


@blueprint.get("/calendar")
@login_required
def page() -> ResponseReturnValue:
    """The calendar: this week unless another span is asked for."""
    span = span_of(request.args.get("view", ""), request.args.get("on", ""), clock.today())
    people = queries.list_led(db.session, current_user)
    asked = asked_for(people)
    days = grids.days_of(span, content_of(span, asked), holidays(), load_china())
    project = get_project(db.session, current_user, asked.project) if asked.project else None
    return respond(
        "calendar/page.html",
        span=span,
        days=days,
        weeks=[days[start : start + 7] for start in range(0, len(days), 7)],
        rows=grids.rows_of(days, wording.PARTS) if span.view == "week" else (),
        asked=asked,
        people=people,
        teams=teams_of(people),
        project=project,
        **words(),
    )


def words() -> dict[str, Any]:
    """What the parts of a calendar page need to speak."""
    return {
        "definition": current_definition(),
        "wording": wording,
        "can_plan": may(current_user, Action.RECORD_LOG),
        "may_change": may_change,
        "may_tell": may_tell,
        "is_dealer": is_dealer(current_user),
        "fresh_token": partial(secrets.token_urlsafe, 18),
    }


def asked_for(people: Any) -> queries.Asked:
    """What the address narrows the calendar by; `me` means oneself, a person or team one does not lead nobody."""
    wanted = request.args.get("person", "")
    person = current_user.id if wanted == "me" else request.args.get("person", 0, type=int)
    team = request.args.get("team", 0, type=int)
    known, teams = {one.id for one in people}, {one.team_id for one in people}
    return queries.Asked(
        person=person if person == current_user.id or person in known else 0,
        team=team if team in teams else 0,
        project=request.args.get("project", 0, type=int),
    )


def content_of(span: Span, asked: queries.Asked) -> grids.Content:
    """All that falls into a span."""
    first, last, user = span.first, span.last, current_user
    away: Any = ()
    if not is_dealer(user) and not asked.project:
        only = asked.person or (0 if sees_others(user) else user.id)
        away = list_away(db.session, user, first, last, person=only, team=asked.team)
    return grids.Content(
        queries.list_plans(db.session, user, first, last, asked),
        queries.list_dated(db.session, user, first, last, asked),
        away,
    )


def teams_of(people: Any) -> list[Any]:
    """The teams of some people, by name."""
    teams = {one.team.id: one.team for one in people if one.team is not None}
    return sorted(teams.values(), key=lambda team: team.name)


@cache
def holidays() -> dict[date, Any]:
    """What each public holiday is called."""
    return dict(load_china().named)


@blueprint.get("/calendar/route")
@login_required
def route() -> ResponseReturnValue:
    """The visits of a day in the order in which they lie, with the kilometres between."""
    span = span_of("day", request.args.get("on", ""), clock.today())
    people = queries.list_led(db.session, current_user)
    asked = asked_for(people)
    asked = queries.Asked(person=asked.person or current_user.id)
    plans = queries.list_plans(db.session, current_user, span.on, span.on, asked)
    visits = [one for one in plans if one.open and one.record.kind in wording.VISITS]
    start = _start()
    return respond(
        "calendar/route.html",
        span=span,
        route=route_of(visits, start),
        start=start,
        asked=asked,
        person=next((one for one in people if one.id == asked.person), current_user),
        **words(),
    )


def _start() -> tuple[float, float] | None:
    latitude, longitude = (request.args.get(name, type=float) for name in ("lat", "lon"))
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return latitude, longitude

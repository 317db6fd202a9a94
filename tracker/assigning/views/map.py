"""The map of leads: looked at, chosen from, given away."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from flask import current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import colleagues_to_choose
from tracker.access import Action, may, require
from tracker.assigning.queries.map import Frame, Mark, Place, RegionCount, count_by_region, list_marks, list_within
from tracker.assigning.views.blueprint import blueprint
from tracker.extensions import db
from tracker.gcj import SHIFT, to_gcj02
from tracker.htmx import respond
from tracker.leads.forms import STATES
from tracker.leads.models import OPEN
from tracker.leads.queries import list_leads
from tracker.leads.views.pages import asked_filters
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.team.queries import list_regions

CORNERS = 200  # of a shape


@blueprint.get("/leads/map")
@login_required
def map_page() -> ResponseReturnValue:
    """The map; without scripts the same leads by region, to choose from."""
    user, filters = current_user, asked_filters()
    can_assign = may(user, Action.LEAD_ASSIGN)
    by_region = count_by_region(db.session, user, filters)
    return respond(
        "assigning/map.html",
        filters=filters,
        regions=list_regions(db.session),
        by_region=by_region,
        labels=[_label(one) for one in by_region if one.name and one.middle],
        page=list_leads(db.session, user, filters, "new", request.args.get("page", 1, type=int)),
        definition=current_definition(),
        states=STATES,
        tile_url=current_app.config["TRACKER"].tile_url or "",
        can_assign=can_assign,
        people=colleagues_to_choose(db.session, user) if can_assign else (),
    )


@blueprint.get("/leads/map/points")
@login_required
def points() -> ResponseReturnValue:
    """The marks within `bbox` (west, south, east, north) at `zoom`."""
    marks = list_marks(db.session, current_user, asked_filters(), _frame(SHIFT if _shifted() else 0.0))
    return jsonify([_plain(mark) for mark in marks])


@blueprint.get("/leads/map/within")
@login_required
def within() -> ResponseReturnValue:
    """The leads inside a `shape` that was drawn on the map (`latitude,longitude;…`), to be given to somebody."""
    require(current_user, Action.LEAD_ASSIGN)
    shape = _shape(request.args.get("shape", ""))
    if not shape:
        return jsonify(leads=[], more=False)
    found = list_within(db.session, current_user, asked_filters(), shape, _shown)
    return jsonify(leads=[{"id": number, "name": name} for number, name in found.leads], more=found.more)


def _shape(text: str) -> Sequence[Place]:
    """The corners as the address says them; none where it makes no sense."""
    try:
        pairs = [tuple(float(part) for part in corner.split(",")) for corner in text.split(";")[:CORNERS]]
        shape = [(latitude, longitude) for latitude, longitude in pairs]
    except ValueError:
        return ()
    return shape if len(shape) > 2 and all(isfinite(part) for corner in shape for part in corner) else ()


def _shifted() -> bool:
    """Whether the map's tiles want GCJ-02."""
    return bool(current_app.config["TRACKER"].tile_gcj02)


def _shown(latitude: float, longitude: float) -> Place:
    """Where a place is drawn on the map."""
    return to_gcj02(latitude, longitude) if _shifted() else (latitude, longitude)


def _at(place: Place) -> list[float]:
    return [round(degrees, 6) for degrees in _shown(*place)]


def _label(region: RegionCount) -> dict[str, Any]:
    return {"name": region.name, "count": region.count, "at": _at(region.middle or (0, 0))}


def _frame(wider: float) -> Frame:
    try:
        west, south, east, north = (float(part) for part in request.args.get("bbox", "").split(","))
    except ValueError:
        return Frame()
    zoom = max(0, min(request.args.get("zoom", 4, type=int), 20))
    return Frame(west - wider, south - wider, east + wider, north + wider, zoom)


def _plain(mark: Mark) -> dict[str, Any]:
    plain: dict[str, Any] = {"at": _at((mark.latitude, mark.longitude)), "count": mark.count}
    if mark.count > 1:
        return plain
    word = str(STATES.get(mark.state, mark.state))
    address = url_for("leads.page", lead_id=mark.lead_id)
    told = {"id": mark.lead_id, "name": mark.name, "state": mark.state, "open": mark.state in OPEN}
    return {**plain, **told, "word": word, "url": address}

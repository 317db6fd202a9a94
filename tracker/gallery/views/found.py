"""Pictures by day and by place: the stream of the team's day, the map."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.assigning.queries.map import Frame
from tracker.extensions import db
from tracker.gallery.queries.found import Mark, list_marks, list_sites, load_day
from tracker.gallery.views.blueprint import blueprint
from tracker.gallery.views.lists import filters_asked, narrowing
from tracker.gates import staff_only
from tracker.gcj import SHIFT, to_gcj02
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user

FIRST = date(1990, 1, 1)


@blueprint.get("/photos/day")
@login_required
def day() -> ResponseReturnValue:
    """What was taken on a day, by person and site."""
    today = clock.today()
    try:
        on = min(max(date.fromisoformat(request.args.get("on", "")), FIRST), today)
    except ValueError:
        on = today
    found = load_day(db.session, current_user, on, request.args.get("person", type=int))
    return respond("gallery/day.html", day=found, before=on - timedelta(days=1) if on > FIRST else None,
                   after=on + timedelta(days=1) if on < today else None, last=today,
                   person=request.args.get("person", type=int), definition=current_definition())  # fmt: skip


@blueprint.get("/photos/map")
@login_required
def map_page() -> ResponseReturnValue:
    """The map of pictures; without scripts the sites with how many they have."""
    staff_only()
    filters = filters_asked()
    return respond("gallery/map.html", filters=filters, sites=list_sites(db.session, current_user, filters),
                   narrowing=narrowing(), tile_url=current_app.config["TRACKER"].tile_url or "")  # fmt: skip


@blueprint.get("/photos/map/points")
@login_required
def map_points() -> ResponseReturnValue:
    """The marks within `bbox` (west, south, east, north) at `zoom`, as JSON."""
    staff_only()
    shifted = bool(current_app.config["TRACKER"].tile_gcj02)
    marks = list_marks(db.session, current_user, filters_asked(), _frame(SHIFT if shifted else 0.0))
    return jsonify([_plain(mark, shifted) for mark in marks])


def _frame(wider: float) -> Frame:
    try:
        west, south, east, north = (float(part) for part in request.args.get("bbox", "").split(","))
    except ValueError:
        return Frame()
    zoom = max(0, min(request.args.get("zoom", 4, type=int), 20))
    return Frame(west - wider, south - wider, east + wider, north + wider, zoom)


def _plain(mark: Mark, shifted: bool) -> dict[str, Any]:
    place = to_gcj02(mark.latitude, mark.longitude) if shifted else (mark.latitude, mark.longitude)
    around = url_for("gallery.list_page", lat=round(mark.latitude, 5), lon=round(mark.longitude, 5))
    return {
        "at": [round(degrees, 6) for degrees in place],
        "count": mark.count,
        "url": url_for("gallery.page", token=mark.token) if mark.count == 1 else around,
        "picture": url_for("gallery.picture", token=mark.token, size="320"),
        "caption": mark.caption,
    }

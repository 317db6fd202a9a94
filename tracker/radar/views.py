"""The window radar: what closes next, and the visit to make about it today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, may, sees_others
from tracker.exports.offices import RADAR
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import respond
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.projects.queries import Filters, load_filter_options
from tracker.radar import queries
from tracker.reader import current_user
from workflows.windows import ACTIVITY_NAMES

blueprint = Blueprint("radar", __name__)
BLUEPRINTS = (blueprint,)

BANDS: tuple[tuple[str, int, Any], ...] = (
    ("week", 7, _l("Closes within a week")),
    ("fortnight", 14, _l("Within two weeks")),
    ("month", 31, _l("Within a month")),
    ("later", 100_000, _l("Later")),
)
"""Key, the most days, and name of each stretch of time."""


@dataclass(frozen=True, slots=True)
class Band:
    """The windows that close within a stretch of time."""

    key: str
    name: Any
    blips: Sequence[queries.Blip]


@blueprint.get("/radar")
@login_required
def page() -> ResponseReturnValue:
    """The windows that close next: one's own, or those of all whom one supervises."""
    staff_only()
    definition, others = current_definition(), sees_others(current_user)
    asked = _asked(others, {window.category for window in definition.windows})
    radar = queries.load_radar(db.session, current_user, asked, clock.today())
    if format_asked():
        return send_list(RADAR, radar.blips)
    options = load_filter_options(db.session, current_user, Filters(clock.today())) if others else None
    return respond(
        "radar/page.html",
        bands=_banded(radar.blips),
        more=radar.more,
        asked=asked,
        owners=options.owners if options else (),
        definition=definition,
        activities=ACTIVITY_NAMES,
        can_log=may(current_user, Action.RECORD_LOG),
        others=others,
    )


def _asked(others: bool, categories: set[str]) -> queries.Asked:
    category, activity = request.args.get("category", ""), request.args.get("activity", "")
    return queries.Asked(
        owner=request.args.get("owner", type=int) if others else None,
        category=category if category in categories else "",
        activity=activity if activity in ACTIVITY_NAMES else "",
    )


def _banded(blips: Sequence[queries.Blip]) -> list[Band]:
    """The windows by stretch of time; stretches without any are left out."""
    found, least = [], -100_000
    for key, most, name in BANDS:
        inside = [blip for blip in blips if least < blip.days <= most]
        least = most
        if inside:
            found.append(Band(key, name, inside))
    return found

"""Giving many leads to people: chosen in the list or on the map, looked at once more, confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import colleagues_to_choose
from tracker.access import Action, require
from tracker.assigning.operations.many import MOST, Outcome, Wish, assign_many, may_give, share_many
from tracker.assigning.queries.chosen import list_chosen
from tracker.assigning.queries.suggestions import propose
from tracker.assigning.views.blueprint import blueprint
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _n
from tracker.reader import current_user
from tracker.team.queries import get_user


@blueprint.get("/leads/assign")
@login_required
def preview() -> ResponseReturnValue:
    """The chosen leads with the person proposed for each, and why; nothing is done yet."""
    user = current_user
    sharing = request.args.get("do") == "share"
    if not sharing:
        require(user, Action.LEAD_ASSIGN)
    chosen = list_chosen(db.session, user, request.args.getlist("lead", type=int))
    leads = list(chosen) if sharing else may_give(user, chosen)
    return respond(
        "assigning/share.html" if sharing else "assigning/preview.html",
        proposals=propose(db.session, user, leads, owner_id=request.args.get("owner", type=int)) if not sharing else (),
        leads=leads,
        left_out=len(chosen) - len(leads),
        people=colleagues_to_choose(db.session, user),
        most=MOST,
    )


@blueprint.post("/leads/assign")
@login_required
def give() -> ResponseReturnValue:
    """Give the leads to the people chosen; what could not go is told by name."""
    require(current_user, Action.LEAD_ASSIGN)
    keeps, reason = request.form.get("keeps_reading") == "1", request.form.get("reason", "")[:300]
    outcome = assign_many(db.session, list(wishes()), by=current_user, keeps_reading=keeps, reason=reason)
    db.session.commit()
    flash(_n("%(num)d lead is given.", "%(num)d leads are given.", outcome.done))
    return told(outcome)


@blueprint.post("/leads/share")
@login_required
def share() -> ResponseReturnValue:
    """Share the leads with one colleague."""
    person = get_user(db.session, current_user, request.form.get("user_id", 0, type=int))
    outcome = share_many(db.session, request.form.getlist("lead", type=int), person, by=current_user)
    db.session.commit()
    flash(_n("%(num)d lead is shared.", "%(num)d leads are shared.", outcome.done))
    return told(outcome)


def wishes() -> Iterator[Wish]:
    """Who shall have what, as the form says; what has no owner there is left as it is."""
    form = request.form
    for number in form.getlist("thing", type=int)[:MOST]:
        owner = form.get(f"owner-{number}", 0, type=int)
        if owner:
            yield Wish(number, form.get(f"version-{number}", 0, type=int), owner)


def told(outcome: Outcome) -> ResponseReturnValue:
    """Back to the list, or what was refused and why."""
    if not outcome.refused:
        return go_to(url_for("leads.list_page"))
    return respond("assigning/outcome.html", outcome=outcome)

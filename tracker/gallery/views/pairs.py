"""Pairs of pictures: before and after, side by side."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, can, is_dealer
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.gallery.operations import pairing
from tracker.gallery.queries.pairs import get_pair, list_pairs
from tracker.gallery.views.blueprint import blueprint
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.reader import current_user


@blueprint.get("/photos/pairs")
@login_required
def pairs() -> ResponseReturnValue:
    """The pairs of a project."""
    project = get_project(db.session, current_user, request.args.get("project", 0, type=int))
    return respond("gallery/pairs.html", project=project, pairs=list_pairs(db.session, current_user, project.id))


@blueprint.get("/photos/pairs/<int:pair_id>")
@login_required
def pair(pair_id: int) -> ResponseReturnValue:
    """Two pictures, one laid over the other; without scripts side by side."""
    found = get_pair(db.session, current_user, pair_id)
    project = _project(found.after.project_id)
    may_edit = project is not None and not is_dealer(current_user) and can(current_user, Action.RECORD_LOG, project)
    return respond("gallery/pair.html", pair=found, project=project, can_edit=may_edit)


@blueprint.post("/photos/pairs/<int:pair_id>")
@login_required
def name_pair(pair_id: int) -> ResponseReturnValue:
    """Say what it shows."""
    found = get_pair(db.session, current_user, pair_id)
    pairing.name_pair(db.session, found, request.form.get("title", ""), by=current_user)
    db.session.commit()
    flash(_("Noted."))
    return go_to(url_for("gallery.pair", pair_id=pair_id))


@blueprint.post("/photos/pairs/<int:pair_id>/part")
@login_required
def part_pair(pair_id: int) -> ResponseReturnValue:
    """The two are no pair any more."""
    found = get_pair(db.session, current_user, pair_id)
    project_id = found.after.project_id
    pairing.part_pair(db.session, found, by=current_user)
    db.session.commit()
    flash(_("Noted."))
    return go_to(url_for("gallery.pairs", project=project_id))


def _project(project_id: int | None) -> Project | None:
    try:
        return get_project(db.session, current_user, project_id or 0)
    except NotFound:
        return None

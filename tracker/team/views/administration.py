"""Teams, regions and roles."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import choices_of
from tracker.absences.queries import load_away
from tracker.access import Action, may
from tracker.errors import Invalid, NotFound, Refused
from tracker.exports.company import REGIONS, ROLES, TEAMS
from tracker.exports.queries import stream_teams
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from tracker.team import operations, queries
from tracker.team.forms import ACTION_WORDS, SCOPE_WORDS, RegionForm, RoleForm, TeamForm
from tracker.team.models import Role, Team
from tracker.team.views.blueprint import blueprint
from tracker.team.views.people import managers_only


@blueprint.get("/admin/teams")
@login_required
def teams() -> ResponseReturnValue:
    """The tree of teams, and the regions."""
    managers_only()
    if format_asked() and request.args.get("part") == "regions":
        return send_list(REGIONS, queries.list_regions(db.session))
    if format_asked():
        return send_list(TEAMS, stream_teams(db.session, current_user))
    return _teams_page(RegionForm())


def _teams_page(
    region_form: RegionForm, status: int = 200, renaming: dict[int, RegionForm] | None = None
) -> ResponseReturnValue:
    regions = queries.list_regions(db.session)
    forms = {region.id: _renaming(region.id, formdata=None, obj=region) for region in regions}
    return respond(
        "team/teams.html",
        status=status,
        teams=queries.list_teams(db.session, current_user),
        regions=regions,
        region_form=region_form,
        forms={**forms, **(renaming or {})},
    )


def _renaming(region_id: int, **values: Any) -> RegionForm:
    return RegionForm(prefix=f"region-{region_id}-", **values)


@blueprint.post("/admin/regions")
@login_required
def add_region() -> ResponseReturnValue:
    """Add a region."""
    managers_only()
    form = RegionForm()
    if not form.validate_on_submit():
        return _teams_page(form, 422)
    try:
        operations.add_region(db.session, form.name.data or "", by=current_user)
    except Invalid as error:
        db.session.rollback()
        form.name.errors = [error.message]
        return _teams_page(form, 422)
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("team.teams"))


@blueprint.post("/admin/regions/<int:region_id>")
@login_required
def rename_region(region_id: int) -> ResponseReturnValue:
    """Rename a region."""
    managers_only()
    region, form = queries.get_region(db.session, region_id), _renaming(region_id)
    if form.validate_on_submit():
        try:
            operations.rename_region(db.session, region, form.name.data or "", by=current_user)
            db.session.commit()
            flash(_("Saved."))
            return go_to(url_for("team.teams"))
        except Invalid as error:
            db.session.rollback()
            form.name.errors = [error.message]
    return _teams_page(RegionForm(formdata=None), 422, {region_id: form})


@blueprint.get("/admin/teams/new")
@login_required
def new_team() -> ResponseReturnValue:
    """The form for a new team."""
    managers_only()
    return respond("team/edit_team.html", form=_team_form(), team=None)


@blueprint.post("/admin/teams/new")
@login_required
def add_team() -> ResponseReturnValue:
    """Add a team."""
    managers_only()
    form = _team_form()
    if not form.validate_on_submit():
        return respond("team/edit_team.html", status=422, form=form, team=None)
    try:
        operations.add_team(
            db.session,
            form.name.data or "",
            by=current_user,
            parent=_parent(form),
            region_id=form.region_id.data,
            supervisor_id=form.supervisor_id.data,
        )
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return respond("team/edit_team.html", status=422, form=form, team=None)
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("team.teams"))


@blueprint.get("/admin/teams/<int:team_id>")
@login_required
def edit_team(team_id: int) -> ResponseReturnValue:
    """The form with a team's place in the tree."""
    managers_only()
    team = queries.get_team(db.session, current_user, team_id)
    return respond("team/edit_team.html", form=_team_form(obj=team), team=team)


@blueprint.post("/admin/teams/<int:team_id>")
@login_required
def save_team(team_id: int) -> ResponseReturnValue:
    """Rename or move a team; what lies below follows."""
    managers_only()
    team = queries.get_team(db.session, current_user, team_id)
    form = _team_form()
    if not form.validate_on_submit():
        return respond("team/edit_team.html", status=422, form=form, team=team)
    try:
        operations.edit_team(
            db.session,
            team,
            by=current_user,
            name=form.name.data or "",
            parent=_parent(form),
            region_id=form.region_id.data,
            supervisor_id=form.supervisor_id.data,
            active=bool(form.active.data),
        )
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        team = queries.get_team(db.session, current_user, team_id)
        return respond("team/edit_team.html", status=422, form=form, team=team)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("team.teams"))


def _team_form(**values: Any) -> TeamForm:
    form = TeamForm(**values)
    form.offer(
        queries.list_teams(db.session, current_user),
        queries.list_regions(db.session),
        choices_of(queries.list_leaders(db.session, current_user), load_away(db.session, current_user)),
    )
    return form


def _parent(form: TeamForm) -> Team | None:
    return queries.get_team(db.session, current_user, form.parent_id.data) if form.parent_id.data else None


@blueprint.get("/admin/roles")
@login_required
def roles() -> ResponseReturnValue:
    """What each role sees and may do."""
    managers_only()
    found = queries.list_roles(db.session, current_user)
    if format_asked():
        return send_list(ROLES, found)
    return respond("team/roles.html", roles=found, actions=ACTION_WORDS, scopes=SCOPE_WORDS)


@blueprint.get("/admin/roles/new")
@blueprint.get("/admin/roles/<int:role_id>")
@login_required
def edit_role(role_id: int | None = None) -> ResponseReturnValue:
    """The form of a role."""
    _roles_only()
    role = _role(role_id)
    form = RoleForm(obj=role)
    form.offer()
    return respond("team/edit_role.html", form=form, role=role)


@blueprint.post("/admin/roles/new")
@blueprint.post("/admin/roles/<int:role_id>")
@login_required
def save_role(role_id: int | None = None) -> ResponseReturnValue:
    """Add or change a role."""
    _roles_only()
    role = _role(role_id)
    form = RoleForm()
    form.offer()
    if not form.validate_on_submit():
        return respond("team/edit_role.html", status=422, form=form, role=role)
    values: dict[str, Any] = {
        "name_zh": form.name_zh.data,
        "name_en": form.name_en.data,
        "scope": form.scope.data,
        "capabilities": form.capabilities.data or (),
    }
    try:
        if role is None:
            operations.add_role(db.session, by=current_user, **values)
        else:
            operations.edit_role(db.session, role, by=current_user, **values)
    except Refused as error:
        db.session.rollback()
        field = getattr(form, error.field) if isinstance(error, Invalid) else form.capabilities
        field.errors = [error.message]
        role = _role(role_id)
        return respond("team/edit_role.html", status=422, form=form, role=role)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("team.roles"))


def _role(role_id: int | None) -> Role | None:
    return None if role_id is None else queries.get_role(db.session, current_user, role_id)


def _roles_only() -> None:
    if not may(current_user, Action.ROLES_MANAGE):
        raise NotFound

"""People: finding a colleague, adding, moving and switching off."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, may, require
from tracker.errors import Invalid, NotFound, Refused
from tracker.exports.company import PEOPLE
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.parties.queries import list_dealers
from tracker.reader import current_user
from tracker.team import operations, queries
from tracker.team.forms import NewPersonForm, PersonForm
from tracker.team.models import User
from tracker.team.views.blueprint import blueprint
from tracker.team.views.card import card_of
from tracker.team.views.links import show_link


def managers_only() -> None:
    """Administration does not exist for those who do not administer."""
    if not may(current_user, Action.PEOPLE_MANAGE):
        raise NotFound


@blueprint.get("/admin")
@login_required
def admin_page() -> ResponseReturnValue:
    """Everybody who signs in, and the ways to teams, roles, regions and the audit trail."""
    managers_only()
    q = request.args.get("q", "").strip()[:100]
    active = {"off": False, "all": None}.get(request.args.get("active", ""), True)
    people = queries.list_users(db.session, current_user, q, active)
    if format_asked():
        return send_list(PEOPLE, people)
    return respond(
        "team/admin.html", people=people, q=q, active=request.args.get("active", ""), definition=current_definition()
    )


@blueprint.get("/people/<int:user_id>")
@login_required
def person(user_id: int) -> ResponseReturnValue:
    """A colleague's card."""
    found = queries.get_user(db.session, current_user, user_id)
    return respond("team/person.html", **card_of(found))


@blueprint.get("/admin/people/new")
@login_required
def new_person() -> ResponseReturnValue:
    """The form for a new person."""
    managers_only()
    return _form_page(_offered(NewPersonForm()))


@blueprint.post("/admin/people/new")
@login_required
def add_person() -> ResponseReturnValue:
    """Add somebody and show the link by which he sets his password, once."""
    managers_only()
    form = _offered(NewPersonForm())
    if not form.validate_on_submit():
        return _form_page(form, 422)
    try:
        user = operations.add_user(db.session, by=current_user, username=form.username.data or "", **form.values())
        token = operations.make_password_link(db.session, user, by=current_user)
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _form_page(_offered(form), 422)
    db.session.commit()
    return show_link(queries.get_user(db.session, current_user, user.id), token)


@blueprint.get("/people/<int:user_id>/edit")
@login_required
def edit_person(user_id: int) -> ResponseReturnValue:
    """The form with a person's place in the company."""
    found = _managed(user_id)
    return _form_page(_offered(PersonForm(obj=found)), person=found)


@blueprint.post("/people/<int:user_id>/edit")
@login_required
def save_person(user_id: int) -> ResponseReturnValue:
    """Change a person's place in the company."""
    found = _managed(user_id)
    form = _offered(PersonForm())
    if not form.validate_on_submit():
        return _form_page(form, 422, person=found)
    try:
        operations.edit_user(db.session, found, by=current_user, **form.values())
    except Refused as error:
        db.session.rollback()
        field = getattr(form, error.field) if isinstance(error, Invalid) else form.role_id
        field.errors = [error.message]
        found = queries.get_user(db.session, current_user, user_id)
        return _form_page(_offered(form), 422, person=found)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("team.person", user_id=user_id))


@blueprint.post("/people/<int:user_id>/active")
@login_required
def switch_person(user_id: int) -> ResponseReturnValue:
    """Switch an account off (all its sessions end at once) or on again."""
    found = _managed(user_id)
    try:
        operations.set_active(db.session, found, request.form.get("active") == "1", by=current_user)
    except Refused as error:
        db.session.rollback()
        found = queries.get_user(db.session, current_user, user_id)
        return respond("team/person.html", status=422, **card_of(found, message=error.message))
    db.session.commit()
    flash(_("The account is on.") if found.active else _("The account is off and signed out everywhere."))
    return go_to(url_for("team.person", user_id=user_id))


def _managed(user_id: int) -> User:
    """A person whom the user sees and may manage."""
    found = queries.get_user(db.session, current_user, user_id)
    require(current_user, Action.PEOPLE_MANAGE)
    return found


def _offered(form: Any) -> Any:
    form.offer(
        current_definition(),
        queries.list_roles(db.session, current_user),
        queries.list_teams(db.session, current_user),
        list_dealers(db.session, current_user),
    )
    return form


def _form_page(form: PersonForm, status: int = 200, person: User | None = None) -> ResponseReturnValue:
    return respond("team/edit_person.html", status=status, form=form, person=person)

"""Who and what belongs to a project: buildings, categories, parties, contacts, the team. One page, small forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import colleagues_to_choose
from tracker.access import Action, require
from tracker.errors import Invalid, NotFound, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, _l, lang
from tracker.matrix.definitions import definition_of
from tracker.parties.operations import use_contact, use_party
from tracker.projects import operations, queries
from tracker.projects.forms import BuildingForm, CategoryForm, ContactForm, LineForm, MemberForm, NameForm, PartyForm
from tracker.projects.models import Project
from tracker.projects.views.blueprint import blueprint
from tracker.reader import current_user
from tracker.team.queries import get_user

Forms = dict[str, Any]


@blueprint.get("/projects/<int:project_id>/people")
@login_required
def people(project_id: int) -> ResponseReturnValue:
    """Everything that belongs to the project, with a small form to add to each."""
    project = queries.load_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_EDIT, project)
    return _page(project, _forms(project))


def _forms(project: Project) -> Forms:
    definition, language = definition_of(db.session, project), lang()
    forms: Forms = {
        "building": BuildingForm(prefix="building-"),
        "category": CategoryForm(prefix="category-"),
        "party": PartyForm(prefix="party-"),
        "contact": ContactForm(prefix="contact-"),
        "member": MemberForm(prefix="member-"),
        "name": NameForm(prefix="name-"),
    }
    reached = definition.step_index[project.step]
    forms["building"].step.choices = [(s.key, s.name.get(language)) for s in definition.steps[: reached + 1]]
    taken = {line.category for line in project.categories}
    windows = [window for window in definition.windows if window.category not in taken]
    forms["category"].category.choices = [(w.category, w.name.get(language)) for w in windows]
    forms["party"].role.choices = _words(definition, "participant_kinds", language)
    forms["contact"].role.choices = [("", _l("not said")), *_words(definition, "relationship_roles", language)]
    attitudes = _words(definition, "attitude_scale", language)
    known = {key for key, _name in attitudes}
    forms["contact"].attitude.choices = attitudes if "unknown" in known else [("unknown", _l("not known")), *attitudes]
    inside = {member.user_id for member in project.members} | {project.owner_id}
    colleagues = colleagues_to_choose(db.session, current_user, but=[key for key in inside if key])
    forms["member"].user_id.choices = list(colleagues)
    return forms


def _words(definition: Any, picklist: str, language: str) -> list[tuple[str, str]]:
    return [(choice.key, choice.name.get(language)) for choice in definition.picklist(picklist).items]


def _page(project: Project, forms: Forms, status: int = 200, message: str = "") -> ResponseReturnValue:
    definition = definition_of(db.session, project)
    return respond(
        "projects/people.html",
        status=status,
        project=project,
        forms=forms,
        definition=definition,
        message=message,
    )


def _add(project_id: int, name: str, add: Callable[[Project, Any], Any]) -> ResponseReturnValue:
    """Validate one of the small forms, add, commit; what is refused stays typed in the page."""
    project = queries.load_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_EDIT, project)
    forms = _forms(project)
    if not forms[name].validate_on_submit():
        return _page(project, forms, 422)
    try:
        add(project, forms[name])
    except Invalid as error:
        db.session.rollback()
        field = getattr(forms[name], error.field, None) or next(iter(forms[name]))
        field.errors = [error.message]
        return _page(queries.load_project(db.session, current_user, project_id), forms, 422)
    except Refused as error:
        db.session.rollback()
        return _page(queries.load_project(db.session, current_user, project_id), forms, 422, str(error.message))
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("projects.people", project_id=project_id, _anchor=name))


@blueprint.post("/projects/<int:project_id>/buildings")
@login_required
def add_building(project_id: int) -> ResponseReturnValue:
    """Add a building."""
    return _add(
        project_id,
        "building",
        lambda project, form: operations.add_building(
            db.session, project, by=current_user, name=form.name.data, step=form.step.data, floors=form.floors.data
        ),
    )


@blueprint.post("/projects/<int:project_id>/categories")
@login_required
def add_category(project_id: int) -> ResponseReturnValue:
    """Add a material category."""
    return _add(
        project_id,
        "category",
        lambda project, form: operations.add_category(
            db.session,
            project,
            by=current_user,
            category=form.category.data,
            value=form.value.data,
            quantity=form.quantity.data,
            unit=form.unit.data,
        ),
    )


@blueprint.post("/projects/<int:project_id>/parties")
@login_required
def add_party(project_id: int) -> ResponseReturnValue:
    """Put a firm in a role; a new firm is made from its name."""

    def add(project: Project, form: PartyForm) -> None:
        party = use_party(db.session, form.party.data or "", form.role.data, by=current_user)
        operations.add_party(db.session, project, party, form.role.data, by=current_user)

    return _add(project_id, "party", add)


@blueprint.post("/projects/<int:project_id>/contacts")
@login_required
def add_contact(project_id: int) -> ResponseReturnValue:
    """Put a person in the project's circle; a new person is made from name and firm."""

    def add(project: Project, form: ContactForm) -> None:
        party = use_party(db.session, form.firm.data or "", "owner", by=current_user)
        contact = use_contact(
            db.session, party, form.name.data or "", by=current_user, post=form.post.data, phone=form.phone.data
        )
        operations.add_contact(
            db.session, project, contact, by=current_user, role=form.role.data or None, attitude=form.attitude.data
        )

    return _add(project_id, "contact", add)


@blueprint.post("/projects/<int:project_id>/members")
@login_required
def add_member(project_id: int) -> ResponseReturnValue:
    """Take a colleague into the team."""
    return _add(
        project_id,
        "member",
        lambda project, form: operations.add_member(
            db.session, project, get_user(db.session, current_user, form.user_id.data or 0), by=current_user
        ),
    )


@blueprint.post("/projects/<int:project_id>/names")
@login_required
def add_name(project_id: int) -> ResponseReturnValue:
    """Add another name of the site."""
    return _add(
        project_id,
        "name",
        lambda project, form: operations.add_site_name(
            db.session, project, form.kind.data, form.name.data or "", by=current_user
        ),
    )


def _change(project_id: int, name: str, rows: str, row_id: int, change: Callable[[Project, Any], Any]) -> Any:
    """Change one row of the project, commit; what is refused is said above the page."""
    project = queries.load_project(db.session, current_user, project_id)
    require(current_user, Action.PROJECT_EDIT, project)
    row = next((row for row in getattr(project, rows) if row.id == row_id), None)
    if row is None:
        raise NotFound
    try:
        change(project, row)
    except Refused as error:
        db.session.rollback()
        project = queries.load_project(db.session, current_user, project_id)
        return _page(project, _forms(project), 422, str(error.message))
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("projects.people", project_id=project_id, _anchor=name))


@blueprint.post("/projects/<int:project_id>/buildings/<int:building_id>")
@login_required
def change_building(project_id: int, building_id: int) -> ResponseReturnValue:
    """Rename a building or correct its floors."""
    form = BuildingForm()
    form.step.choices = []

    def change(project: Project, row: Any) -> None:
        _check(form)
        operations.edit_building(
            db.session, project, row, by=current_user, name=form.name.data or "", floors=form.floors.data
        )

    return _change(project_id, "building", "buildings", building_id, change)


@blueprint.post("/projects/<int:project_id>/categories/<int:line_id>")
@login_required
def change_category(project_id: int, line_id: int) -> ResponseReturnValue:
    """Change a category line: how much, and whether it is the main one."""

    def change(project: Project, row: Any) -> None:
        form = LineForm()
        _check(form)
        amounts = {"value": form.value.data, "quantity": form.quantity.data, "unit": form.unit.data or None}
        operations.edit_category(db.session, project, row, by=current_user, main=form.main.data, **amounts)

    return _change(project_id, "category", "categories", line_id, change)


def _check(form: Any) -> None:
    """Raise Refused with the first fault of a small form that stands in a row."""
    if not form.validate_on_submit():
        field = next(field for field in form if field.errors)
        raise Refused(f"{field.label.text}: {field.errors[0]}")


@blueprint.post("/projects/<int:project_id>/remove/<what>/<int:row_id>")
@login_required
def remove(project_id: int, what: str, row_id: int) -> ResponseReturnValue:
    """Take a party, contact, colleague or other name out of the project."""
    project = queries.load_project(db.session, current_user, project_id)
    rows: dict[str, tuple[Any, Any]] = {
        "party": (project.parties, operations.remove_party),
        "contact": (project.contacts, operations.remove_contact),
        "member": (project.members, operations.remove_member),
        "name": (project.names, operations.drop_site_name),
    }
    found, take_out = rows.get(what, ((), None))
    row = next((row for row in found if row.id == row_id), None)
    if row is None or take_out is None:
        raise NotFound
    take_out(db.session, project, row, by=current_user)
    db.session.commit()
    flash(_("Taken out. The history keeps it."))
    return go_to(url_for("projects.people", project_id=project_id, _anchor=what))


@blueprint.post("/projects/<int:project_id>/contacts/<int:row_id>")
@login_required
def change_contact(project_id: int, row_id: int) -> ResponseReturnValue:
    """Change a contact's role or attitude."""
    role, attitude = request.form.get("role") or None, request.form.get("attitude") or "unknown"

    def change(project: Project, row: Any) -> None:
        operations.edit_contact(db.session, project, row, by=current_user, role=role, attitude=attitude)

    return _change(project_id, "contact", "contacts", row_id, change)

"""Designers: the list, and what each of them means to us."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, may, require
from tracker.contacts.queries import get_contact
from tracker.designers import operations, queries, wording
from tracker.designers.forms import LevelForm
from tracker.errors import Invalid, NotFound
from tracker.exports.designers import DESIGNERS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.parties.models import Contact
from tracker.projects.queries import load_project
from tracker.reader import current_user
from tracker.rewards import queries as rewards
from tracker.rewards import wording as reward_words
from workflows.advocacy import LEVELS
from workflows.rewards import reward_kinds

blueprint = Blueprint("designers", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/designers")
@login_required
def list_page() -> ResponseReturnValue:
    """The people of design firms and who leads a design, with what their projects say."""
    staff_only()
    asked = {name: request.args.get(name, "").strip()[:200] for name in ("q", "level", "show")}
    asked["level"] = asked["level"] if asked["level"] in LEVELS else ""
    definition = current_definition()
    if format_asked():
        return send_list(DESIGNERS, queries.stream_designers(db.session, current_user, definition, **asked))
    number = request.args.get("page", 1, type=int)
    found = queries.list_designers(db.session, current_user, definition, **asked, page=number)
    return respond("designers/list.html", page=found, asked=asked, wording=wording)


@blueprint.get("/designers/<int:contact_id>")
@login_required
def page(contact_id: int) -> ResponseReturnValue:
    """One: projects led or joined, drawings that carry us, level, what he was invited to and given."""
    return _page(_contact(contact_id))


def _contact(contact_id: int) -> Contact:
    staff_only()
    return get_contact(db.session, current_user, contact_id)


def _page(contact: Contact, status: int = 200, form: LevelForm | None = None) -> ResponseReturnValue:
    definition, today = current_definition(), clock.today()
    found = queries.load_designer(db.session, current_user, contact, definition, today)
    return respond(
        "designers/page.html",
        status=status,
        contact=contact,
        found=found,
        levels=LEVELS,
        form=form or LevelForm(formdata=None, level=found.suggested.level),
        wording=wording,
        rewards=rewards.rewards_of(db.session, current_user, contact),
        given=rewards.given_within_a_year(db.session, current_user, contact, today),
        kinds={kind.key: kind for kind in reward_kinds(definition)},
        reward_words=reward_words,
        can_edit=may(current_user, Action.PARTY_EDIT),
        can_enter=may(current_user, Action.REWARD_ENTER) and contact.forgotten_at is None,
        may_lead=may(current_user, Action.PROJECT_EDIT),
    )


@blueprint.post("/designers/<int:contact_id>/level")
@login_required
def set_level(contact_id: int) -> ResponseReturnValue:
    """Set his level."""
    contact, form = _contact(contact_id), LevelForm()
    require(current_user, Action.PARTY_EDIT)
    if not form.validate_on_submit():
        return _page(contact, 422, form)
    try:
        operations.set_level(db.session, contact, by=current_user, level=form.level.data, reason=form.reason.data or "")
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return _page(_contact(contact_id), 422, form)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("designers.page", contact_id=contact_id))


@blueprint.post("/designers/<int:contact_id>/projects/<int:project_id>")
@login_required
def set_lead(contact_id: int, project_id: int) -> ResponseReturnValue:
    """Say that he leads a project's design, or joined it."""
    _contact(contact_id)
    project = load_project(db.session, current_user, project_id)
    row = next((one for one in project.contacts if one.contact_id == contact_id), None)
    if row is None:
        raise NotFound
    operations.set_lead(db.session, project, row, by=current_user, leads=request.form.get("leads") == "1")
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("designers.page", contact_id=contact_id))

"""Briefings: a project and a person as whoever takes over must know them. Written from the records, made to print."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can
from tracker.contacts.queries import get_contact
from tracker.contacts.wording import CARES, CONSENTS, LINKS, PREFERRED, WAYS
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.handover.queries.briefing import load_contact_briefing, load_project_briefing
from tracker.handover.views.blueprint import blueprint
from tracker.htmx import go_to, respond
from tracker.matrix.definitions import current_definition
from tracker.matrix.views.wording import state_name
from tracker.merging.views import kept_page
from tracker.projects.queries import get_project
from tracker.reader import current_user
from workflows.windows import ACTIVITY_NAMES


@blueprint.get("/projects/<int:project_id>/briefing")
@login_required
def project_briefing(project_id: int) -> ResponseReturnValue:
    """A project: where it stands and how it came here, who decides, what was said, what is owed, what closes."""
    staff_only()
    project = get_project(db.session, current_user, project_id)
    told = load_project_briefing(db.session, current_user, project, clock.today())
    return respond(
        "handover/project.html",
        project=project,
        told=told,
        definition=told.matrix.definition,
        state_name=state_name,
        activity_names=ACTIVITY_NAMES,
        can_log=can(current_user, Action.RECORD_LOG, project),
    )


@blueprint.get("/contacts/<int:contact_id>/briefing")
@login_required
def contact_briefing(contact_id: int) -> ResponseReturnValue:
    """A person: what he does where, how he stands to us, what was spoken, how he is reached."""
    staff_only()
    try:
        contact = get_contact(db.session, current_user, contact_id)
    except NotFound:
        return go_to(f"{kept_page('contact', contact_id)}/briefing")
    told = load_contact_briefing(db.session, current_user, contact)
    words = {"ways": WAYS, "cares": CARES, "preferred": PREFERRED, "consents": CONSENTS, "links": LINKS}
    return respond("handover/contact.html", contact=contact, told=told, definition=current_definition(), words=words)

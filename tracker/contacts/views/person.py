"""A person's page with its small forms, as every view of what belongs to him shows it again when it refuses."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import Action, can, may
from tracker.contacts import queries
from tracker.contacts.forms import CardForm, ConsentForm, GoneForm, LinkForm, MoveForm, OursForm, PastForm, WayForm
from tracker.contacts.wording import CARES, CONSENTS, LINKS, PREFERRED, STRENGTHS, WAYS
from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.merging.views import merged_part
from tracker.parties.models import Contact
from tracker.reader import current_user
from tracker.team.queries import list_colleagues

FORMS: dict[str, Any] = {
    "way": WayForm,
    "move": MoveForm,
    "gone": GoneForm,
    "past": PastForm,
    "link": LinkForm,
    "ours": OursForm,
    "consent": ConsentForm,
    "card": CardForm,
}
WORDS = {"ways": WAYS, "cares": CARES, "preferred": PREFERRED, "links": LINKS, "strengths": STRENGTHS,
         "consents": CONSENTS}  # fmt: skip


def form_of(name: str, contact: Contact) -> Any:
    """One of the small forms, filled with what was sent or with what is likely."""
    form = FORMS[name](prefix=f"{name}-")
    sent = any(field.raw_data for field in form if field.type != "CSRFTokenField")
    if name == "ours":
        people = list_colleagues(db.session, current_user)
        form.user_id.choices = [(one.id, one.name) for one in people]
        form.user_id.data = form.user_id.data or current_user.id
    if name in ("move", "gone"):
        form.version.data = form.version.data or str(contact.version)
    if "on" in form and not sent:
        form.on.data = clock.today()
    return form


def show(contact: Contact, status: int = 200, message: str = "", **forms: Any) -> ResponseReturnValue:
    """The page; `forms` are those that were sent and refused."""
    can_edit = may(current_user, Action.PARTY_EDIT) and contact.forgotten_at is None
    plain = {name: forms.get(name) or form_of(name, contact) for name in FORMS} if can_edit else {}
    return respond(
        "contacts/page.html",
        status=status,
        contact=contact,
        person=queries.load_person(db.session, contact),
        circles=queries.list_circles(db.session, current_user, contact),
        definition=current_definition(),
        can_edit=can_edit,
        can_forget=can(current_user, Action.CONTACT_FORGET) and contact.forgotten_at is None,
        forms=plain,
        message=message,
        words=WORDS,
        **merged_part("contact", contact),
    )

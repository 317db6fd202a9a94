"""The form to merge two."""

from __future__ import annotations

from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tracker.forms import Form
from tracker.i18n import _l
from tracker.matrix.forms import ManyField


class MergeForm(Form):
    """Why the two are one, and which values come from the one that goes."""

    reason = StringField(
        _l("How do you know that they are the same?"),
        validators=[InputRequired(_l("Say in a sentence why the two are one.")), Length(max=300)],
    )
    take = ManyField(_l("From the one that goes"))


FIELD_WORDS = {
    "name": _l("Name"),
    "kind": _l("Kind"),
    "step": _l("What stands there"),
    "address": _l("Address"),
    "plot_number": _l("Plot number"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "phone": _l("Phone"),
    "value": _l("Value of our materials"),
    "currency": _l("Currency"),
    "area": _l("Area (m²)"),
    "note": _l("Note"),
    "source": _l("Source"),
    "short_name": _l("Short name"),
    "credit_code": _l("Credit code"),
    "ownership": _l("Ownership"),
    "staff": _l("Staff"),
    "post": _l("Post"),
    "email": _l("E-mail"),
    "birth_year": _l("Birthday (year)"),
    "birth_month": _l("Birthday (month)"),
    "birth_day": _l("Birthday (day)"),
    "preferred_way": _l("Prefers to be reached"),
    "care_note": _l("What he cares about, in words"),
}
TABLE_WORDS = {
    "record": _l("Records"),
    "photo": _l("Photos"),
    "evidence": _l("Evidence"),
    "lead_contact": _l("Contacts"),
    "reward": _l("Invitations and rewards"),
    "project_contact": _l("Contacts"),
    "contact": _l("Contacts"),
    "record_contact": _l("Meetings"),
    "lead_party": _l("Parties"),
    "project_party": _l("Parties"),
    "lead_member": _l("Shared with"),
    "lead_category": _l("Material categories"),
    "project_member": _l("Team"),
    "site_name": _l("Other names"),
    "lead": _l("Leads"),
    "project": _l("Projects"),
    "own_task": _l("Own tasks"),
    "todo": _l("To-dos"),
    "circumstance": _l("Circumstances"),
    "user_account": _l("People"),
    "dealer": _l("Dealer"),
    "key_account": _l("Key account"),
    "account_party": _l("Key accounts"),
    "party_licence": _l("Certificates"),
    "party_name": _l("Other names"),
    "party_role": _l("Roles"),
    "contact_post": _l("Posts"),
    "contact_way": _l("Numbers and addresses"),
    "contact_link": _l("Who knows whom"),
    "contact_consent": _l("Consent"),
}


def table_words(kind: str) -> dict[str, Any]:
    """What the tables are called beside something of a kind: a firm or a person has sites where a site has people."""
    sites = {
        "project_party": _l("Roles in projects"),
        "project_contact": _l("Roles in projects"),
        "lead_party": _l("Leads"),
        "lead_contact": _l("Leads"),
        "reward": _l("Invitations and rewards"),
        "advocacy_entry": _l("Level"),
    }
    return {**TABLE_WORDS, **(sites if kind in ("party", "contact") else {})}

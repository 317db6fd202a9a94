"""What an event says in the reader's language: one sentence for each kind, and the values that changed."""

from __future__ import annotations

from typing import Any

from tracker.events import Event, Kind
from tracker.i18n import _l

WORDS: dict[Kind, Any] = {
    Kind.SIGNED_IN: _l("signed in"),
    Kind.SESSION_REVOKED: _l("ended sessions"),
    Kind.PASSWORD_LINK_MADE: _l("made a password link"),
    Kind.PASSWORD_SET: _l("set a password"),
    Kind.USER_ADDED: _l("added a user"),
    Kind.USER_EDITED: _l("changed a user"),
    Kind.USER_DEACTIVATED: _l("switched a user off"),
    Kind.USER_REACTIVATED: _l("switched a user on again"),
    Kind.TEAM_ADDED: _l("added a team"),
    Kind.TEAM_EDITED: _l("changed a team"),
    Kind.ROLE_ADDED: _l("added a role"),
    Kind.ROLE_EDITED: _l("changed a role"),
    Kind.REGION_ADDED: _l("added a region"),
    Kind.REGION_EDITED: _l("renamed a region"),
    Kind.PROJECT_OPENED: _l("opened the project"),
    Kind.PROJECT_EDITED: _l("edited the project"),
    Kind.PROJECT_REASSIGNED: _l("reassigned the project"),
    Kind.BUILDING_ADDED: _l("added a building"),
    Kind.BUILDING_EDITED: _l("changed a building"),
    Kind.CATEGORY_ADDED: _l("added a material category"),
    Kind.CATEGORY_EDITED: _l("changed a material category"),
    Kind.PARTY_JOINED: _l("put a party into the project"),
    Kind.PARTY_LEFT: _l("took a party out of the project"),
    Kind.CONTACT_JOINED: _l("put a contact into the project"),
    Kind.CONTACT_EDITED: _l("changed a contact"),
    Kind.CONTACT_LEFT: _l("took a contact out of the project"),
    Kind.MEMBER_JOINED: _l("took a colleague into the team"),
    Kind.MEMBER_LEFT: _l("took a colleague out of the team"),
    Kind.PARTY_ADDED: _l("added a party"),
    Kind.PARTY_EDITED: _l("changed a party"),
    Kind.CONTACT_ADDED: _l("added a contact"),
    Kind.RECORD_LOGGED: _l("logged a record"),
    Kind.RECORD_CORRECTED: _l("corrected a record"),
    Kind.PHOTO_ADDED: _l("added a photo"),
    Kind.PHASE_MOVED: _l("moved the phase"),
    Kind.STEP_MOVED: _l("reported construction progress"),
    Kind.APPROVAL_ASKED: _l("asked for an approval"),
    Kind.APPROVAL_GRANTED: _l("granted a request"),
    Kind.APPROVAL_DECLINED: _l("declined a request"),
    Kind.APPROVAL_SIGNED: _l("signed a request"),
    Kind.APPROVAL_LAPSED: _l("a request lapsed"),
    Kind.STATE_CHANGED: _l("changed the project's state"),
    Kind.CATEGORY_DECIDED: _l("decided a material category"),
    Kind.ROUTE_CHANGED: _l("changed how they buy"),
    Kind.PROJECT_SPLIT: _l("split a sub-project off"),
    Kind.TASK_ADDED: _l("added a task"),
    Kind.TASK_DROPPED: _l("dropped a task"),
    Kind.DATE_STATED: _l("stated a date"),
    Kind.CIRCUMSTANCE_STATED: _l("stated a circumstance"),
    Kind.CIRCUMSTANCE_LIFTED: _l("lifted a circumstance"),
    Kind.LEAD_ADDED: _l("added a lead"),
    Kind.LEAD_EDITED: _l("changed a lead"),
    Kind.LEAD_ASSIGNED: _l("assigned a lead"),
    Kind.LEAD_CONVERTED: _l("converted a lead to a project"),
    Kind.LEAD_STATE_SET: _l("set a lead's state"),
    Kind.IMPORT_STARTED: _l("started an import"),
    Kind.IMPORT_FINISHED: _l("finished an import"),
}


# What an event's values are called; a key that is not here is shown as it is.
NAMES: dict[str, Any] = {
    "active": _l("Account"),
    "address": _l("Address"),
    "anchor": _l("Which date"),
    "answer": _l("The answer"),
    "area": _l("Area"),
    "attitude": _l("Attitude to us"),
    "before": _l("Before"),
    "capabilities": _l("May"),
    "categories": _l("Material categories"),
    "category": _l("Category"),
    "cell": _l("Cell"),
    "circumstance": _l("What it is"),
    "closed": _l("Proven"),
    "complete_by": _l("Complete by"),
    "contact": _l("Contact person"),
    "contact_id": _l("Contact person"),
    "count": _l("How many"),
    "created": _l("New leads"),
    "currency": _l("Currency"),
    "department": _l("Department"),
    "developer_id": _l("Developer"),
    "due_on": _l("Until when"),
    "email": _l("E-mail"),
    "file": _l("File"),
    "floor": _l("Floor reached"),
    "floors": _l("Floors"),
    "found_on": _l("Found on"),
    "handover": _l("Handover note"),
    "introduced": _l("Both met or called the decision maker together"),
    "kind": _l("What it is"),
    "latitude": _l("Latitude"),
    "lead_id": _l("Number of the lead"),
    "locale": _l("Language"),
    "longitude": _l("Longitude"),
    "main": _l("Main category"),
    "marks": _l("Marked as"),
    "name": _l("Name"),
    "name_en": _l("Name in English"),
    "name_zh": _l("Name in Chinese"),
    "note": _l("Note"),
    "on": _l("Day"),
    "owner": _l("Owner"),
    "owner_id": _l("Owner"),
    "parent_id": _l("Under"),
    "part": _l("In whose name"),
    "part_id": _l("Number of the sub-project"),
    "parts": _l("Whose consent it takes"),
    "party": _l("Firm"),
    "party_id": _l("Firm"),
    "phase": _l("Phase"),
    "phone": _l("Phone"),
    "photos": _l("Photos"),
    "plot_number": _l("Plot number"),
    "post": _l("Post"),
    "profile": _l("In his own profile"),
    "progress": _l("Construction progress"),
    "quantity": _l("Quantity"),
    "reason": _l("Reason"),
    "reason_key": _l("Main reason"),
    "record_id": _l("Number of the record"),
    "record_kind": _l("What kind of work"),
    "region_id": _l("Region"),
    "rejected": _l("Not taken"),
    "result": _l("Result"),
    "review_on": _l("Look at it again on"),
    "role": _l("Role"),
    "role_id": _l("Role"),
    "route": _l("How they buy"),
    "rows": _l("Rows"),
    "rules": _l("Rules"),
    "scope": _l("Sees"),
    "short_name": _l("Short name"),
    "since": _l("Since"),
    "source": _l("Source"),
    "state": _l("State"),
    "step": _l("Construction progress"),
    "supervisor_id": _l("Supervisor"),
    "target": _l("Moved to"),
    "team_id": _l("Team"),
    "text": _l("What happened"),
    "timezone": _l("Time zone"),
    "told": _l("Told"),
    "unchanged": _l("Known already, unchanged"),
    "unit": _l("Unit"),
    "user_id": _l("Person"),
    "username": _l("User name"),
    "value": _l("Value"),
    "version": _l("Version"),
    "weak": _l("Weakly proven"),
    "withdrawn": _l("Taken back"),
}


def sentence(event: Event) -> str:
    """What happened, without who and when."""
    return str(WORDS[Kind(event.kind)])


def details(event: Event) -> list[tuple[str, str]]:
    """The event's values as (name, text), for people who look closely."""
    return [(_name(key), _text(value)) for key, value in event.data.items() if value not in (None, "", [], {})]


def _name(key: str) -> str:
    return str(NAMES.get(key, key))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(_l("yes") if value else _l("no"))
    if isinstance(value, dict):
        return "; ".join(f"{_name(key)}: {_text(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(inner) for inner in value)
    return str(value)

"""What annotations are called: kinds, states, the things they are on."""

from __future__ import annotations

from typing import Any

from tracker.addresses import url_for
from tracker.annotations.models import Annotation
from tracker.annotations.things import site_of
from tracker.i18n import _, _l

KINDS: dict[str, Any] = {"ask": _l("Question"), "instruct": _l("Instruction"), "praise": _l("Praise")}
STATES: dict[str, tuple[str, Any]] = {
    "open": ("warn", _l("to be answered")),
    "answered": ("good", _l("answered")),
    "withdrawn": ("plain", _l("withdrawn")),
    "said": ("good", _l("said")),
}
"""Colour and word of each state."""
THINGS: dict[str, Any] = {
    "record": _l("on a record"),
    "photo": _l("on a photo"),
    "project": _l("on the project"),
    "lead": _l("on the lead"),
    "registration": _l("on the registration"),
    "report": _l("on the report"),
}


def said_of(annotation: Annotation) -> str:
    """Who says what to whom, in half a sentence."""
    who, whom = annotation.by.name, annotation.to.name
    if annotation.kind == "ask":
        return _("%(who)s asks %(whom)s", who=who, whom=whom)
    if annotation.kind == "instruct":
        return _("%(who)s instructs %(whom)s", who=who, whom=whom)
    return _("%(who)s praises %(whom)s", who=who, whom=whom)


def home_of(annotation: Annotation) -> Any:
    """The site, firm or person that a thing belongs to, where it is loaded."""
    thing = annotation.thing
    return thing.project if annotation.on in ("record", "photo") else thing


def site_name(annotation: Annotation) -> str:
    """What users call what it is on; nothing of what was done on a lead that is no project yet."""
    home = home_of(annotation)
    return site_of(home) if home is not None else ""


def address_of(annotation: Annotation, of_dealer: bool = False) -> str:
    """The page of the thing."""
    match annotation.on:
        case "record":
            return url_for("matrix.record", record_id=annotation.record_id)
        case "photo":
            return url_for("gallery.page", token=annotation.photo.token) if annotation.photo else ""
        case "project":
            return url_for("matrix.project", project_id=annotation.project_id)
        case "lead":
            return url_for("leads.page", lead_id=annotation.lead_id)
        case "registration":
            page = "registrations.mine_page" if of_dealer else "registrations.page"
            return url_for(page, registration_id=annotation.registration_id)
        case _:
            return url_for("reports.page", report_id=annotation.report_id)

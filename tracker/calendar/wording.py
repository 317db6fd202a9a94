"""What stands in a calendar in words: kinds, parts of the day, where each thing leads to."""

from __future__ import annotations

from typing import Any

from tracker.addresses import url_for
from tracker.calendar.queries import Dated, Planned
from tracker.i18n import _l, _n, lang
from tracker.matrix.facts import ANCHOR
from workflows.definition import Definition

SOURCES: dict[str, tuple[str, Any]] = {
    "task": ("flag", _l("Task due")),
    "promise": ("check", _l("Promised")),
    "date": ("building", _l("Date of the site")),
    "review": ("leads", _l("Lead to review")),
    "occasion": ("team", _l("Occasion")),
    "action": ("flag", _l("For a key account")),
    "agreement": ("document", _l("Agreement runs out")),
    "registration": ("link", _l("Protection ends")),
    "todo": ("check", _l("To do")),
}
"""(icon, word) of each source of dated things."""
VISITS = ("site_visit", "office_visit", "executive_visit", "reference_tour", "factory_tour", "progress_photo")
"""Kinds of plans for which somebody travels."""
PARTS = {"all_day": _l("All day"), "morning": _l("Morning"), "afternoon": _l("Afternoon")}
VIEWS = (("day", _l("By day")), ("week", _l("By week")), ("month", _l("By month")))
WEEKDAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))


def address_of(one: Dated) -> str:
    """Where something can be done about it."""
    match one.source:
        case "promise":
            return url_for("matrix.record", record_id=one.number)
        case "date":
            return url_for("matrix.dates", project_id=one.project_id)
        case "review":
            return url_for("leads.page", lead_id=one.lead_id)
        case "occasion":
            return url_for("rewards.occasion", occasion_id=one.number)
        case "action":
            return url_for("accounts.plan", account_id=one.number, _anchor="actions")
        case "agreement":
            return url_for("accounts.agreement", agreement_id=one.number)
        case "registration":
            return url_for("registrations.page", registration_id=one.number)
        case "todo":
            return url_for("todos.page", todo_id=one.number)
    return url_for("matrix.project", project_id=one.project_id)


def detail_of(one: Dated, definition: Definition) -> str:
    """What more there is to say of it."""
    if one.source == "task":
        number = int(one.detail or 0)
        return str(_n("%(num)d task", "%(num)d tasks", number))
    if one.source == "date":
        anchor = definition.anchors.get(one.detail.removeprefix(ANCHOR))
        return anchor.get(lang()) if anchor else one.detail.removeprefix(ANCHOR)
    return one.detail


def by_users(one: Dated) -> bool:
    """Whether its detail is what somebody typed."""
    return one.source not in ("task", "date")


def log_address(planned: Planned) -> str:
    """Where one logs what was planned, with the form filled from the plan."""
    record = planned.record
    if record.project_id:
        return url_for("matrix.log", project_id=record.project_id, plan=record.id)
    return url_for("leads.page", lead_id=record.lead_id, plan=record.id, _anchor="note-title")


def site_address(planned: Planned) -> str:
    """The page of its site."""
    record = planned.record
    if record.project_id:
        return url_for("matrix.project", project_id=record.project_id)
    return url_for("leads.page", lead_id=record.lead_id)

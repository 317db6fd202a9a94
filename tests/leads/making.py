"""Leads and sheets for the tests of leads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.events import Event
from tracker.leads.models import Lead
from tracker.leads.operations.capturing import LeadDraft, capture_lead
from tracker.projects.operations import ProjectDraft
from tracker.sheets.writing import csv_bytes
from tracker.team.models import User

HEADERS = ("number", "address", "date", "value", "area", "contractor", "developer")


def make_lead(session: Session, by: User, name: str = "Riverside plot 7", **values: object) -> Lead:
    """A lead captured by somebody, committed; it owes its evidence where none is given."""
    lead = capture_lead(
        session, LeadDraft(**{"name": name, "source": "street_canvassing", "later": True, **values}), by=by
    )  # type: ignore[arg-type]
    session.commit()
    return lead


def opening(**values: object) -> ProjectDraft:
    """A project to open in a cell where the rules have nothing against it."""
    plain: dict[str, object] = {
        "name": "Riverside Tower",
        "kind": "residential_fitted",
        "route": "design_led",
        "phase": "qualify",
        "step": "land",
        "categories": ("tiles",),
    }
    return ProjectDraft(**{**plain, **values})  # type: ignore[arg-type]


def row(number: str, **values: str) -> list[str]:
    """A row of a sheet under HEADERS."""
    plain = {
        "number": number,
        "address": f"{number} Harbour Road",
        "date": "2026-01-15",
        "value": "1250000",
        "area": "820",
        "contractor": "Linden Builders Inc",
        "developer": "",
    }
    return [{**plain, **values}[header] for header in HEADERS]


def sheet(rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS) -> bytes:
    """The rows as a CSV file."""
    return csv_bytes(headers, rows)


def kinds_of(session: Session, thing: object) -> list[str]:
    """The kinds of the events about one thing, in order."""
    about = select(Event.kind).where(
        Event.subject == thing.__tablename__,  # type: ignore[attr-defined]
        Event.subject_id == thing.id,  # type: ignore[attr-defined]
    )
    return list(session.scalars(about.order_by(Event.id)))

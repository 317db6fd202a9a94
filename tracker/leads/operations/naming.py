"""Other names of a lead's site."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.access import Action, require
from tracker.leads.models import Lead
from tracker.leads.operations.capturing import check_open
from tracker.projects.models import SiteName
from tracker.projects.operations.names import name_site, unname_site
from tracker.team.models import User


def add_lead_name(session: Session, lead: Lead, kind: str, name: str, *, by: User) -> SiteName:
    """Add another name: promotion, registered or site."""
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    return name_site(session, lead, kind, name, by=by)


def drop_lead_name(session: Session, lead: Lead, row: SiteName, *, by: User) -> None:
    """Take another name away; the history keeps it."""
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    unname_site(session, lead, row, by=by)

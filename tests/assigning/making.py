"""Leads in the pool and given to people, for the tests of who has a lead."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.leads.making import make_lead
from tracker.leads.models import Lead
from tracker.team.models import Team, User


def pool_lead(
    session: Session, by: User, name: str = "Pool plot", *, team: Team | None = None, **values: object
) -> Lead:
    """A lead that is nobody's, in a team's pool."""
    lead = make_lead(session, by, name, **values)
    lead.owner_id = None
    if team is not None:
        lead.team_id, lead.region_id = team.id, team.region_id
    session.commit()
    return lead

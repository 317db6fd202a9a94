"""Search of everything one may see, by name, address, phone or plot number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import is_dealer, visible
from tracker.leads.models import Lead
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.team.models import User

MOST = 12  # rows of each kind


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of each kind, the newest first."""

    projects: Sequence[Project] = ()
    leads: Sequence[Lead] = ()
    parties: Sequence[Party] = ()
    contacts: Sequence[Contact] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is no hit at all."""
        return not (self.projects or self.leads or self.parties or self.contacts)


def search(session: Session, by: User, text: str) -> Found:
    """Rows in which `text` (two characters at least) occurs, whatever its case."""
    text = text.strip()[:100]
    if len(text) < 2:
        return Found()

    def has(*columns: object) -> object:
        return or_(*(column.icontains(text, autoescape=True) for column in columns))  # type: ignore[attr-defined]

    projects = select(Project).where(visible(Project, by), has(Project.name, Project.address, Project.plot_number))  # type: ignore[arg-type]
    leads = select(Lead).where(visible(Lead, by), has(Lead.name, Lead.address, Lead.plot_number))  # type: ignore[arg-type]
    found_projects = session.scalars(projects.order_by(Project.id.desc()).limit(MOST)).all()
    found_leads = session.scalars(leads.order_by(Lead.id.desc()).limit(MOST)).all()
    if is_dealer(by):
        return Found(found_projects, found_leads)
    parties = select(Party).where(visible(Party, by), has(Party.name, Party.short_name)).order_by(Party.id.desc())  # type: ignore[arg-type]
    contacts = (
        select(Contact)
        .where(visible(Contact, by), has(Contact.name, Contact.phone))  # type: ignore[arg-type]
        .options(joinedload(Contact.party))
        .order_by(Contact.id.desc())
    )
    return Found(
        found_projects,
        found_leads,
        session.scalars(parties.limit(MOST)).all(),
        session.scalars(contacts.limit(MOST)).all(),
    )

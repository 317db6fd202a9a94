"""Search of everything one may see, by name, address, phone or plot number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import is_dealer, visible
from tracker.leads.models import Lead
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.search.indexing import holds
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
    """What holds the words of `text` (two characters at least): see `words` for how they are found."""
    text = text.strip()[:100]
    if len(text) < 2:
        return Found()
    projects, leads = _newest(session, by, Project, text), _newest(session, by, Lead, text)
    if is_dealer(by):
        return Found(projects, leads)
    contacts = _newest(session, by, Contact, text, joinedload(Contact.party))
    return Found(projects, leads, _newest(session, by, Party, text), contacts)


def _newest(session: Session, by: User, model: type[Any], text: str, *options: Any) -> Sequence[Any]:
    query = select(model).where(visible(model, by), holds(model, text)).order_by(model.id.desc()).limit(MOST)
    return session.scalars(query.options(*options)).all()

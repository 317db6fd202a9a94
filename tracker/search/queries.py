"""Search of everything one may see, by name, address, phone or plot number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import is_dealer, sight, visible
from tracker.leads.models import Lead
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.remembering import remembered
from tracker.search.indexing import Wanted, holds_wanted, looks_like, pattern_of
from tracker.search.words import wanted_of
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
    wanted = wanted_of(text)

    def newest(model: type[Any]) -> Sequence[Any]:
        asked = {"wanted": wanted or pattern_of(text)}
        return session.scalars(_newest(model, bool(wanted), by), asked).all()

    if is_dealer(by):
        return Found(newest(Project), newest(Lead))
    return Found(newest(Project), newest(Lead), newest(Party), newest(Contact))


@remembered(sight)
def _newest(model: Any, by_words: bool, by: User) -> Any:
    wanted = bindparam("wanted", type_=Wanted() if by_words else String())
    found = holds_wanted(model, wanted) if by_words else looks_like(model, wanted)
    query = select(model).where(visible(model, by), found).order_by(model.id.desc()).limit(MOST)
    return query.options(joinedload(Contact.party)) if model is Contact else query

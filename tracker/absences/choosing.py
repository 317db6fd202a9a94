"""People as pages offer them to choose from: who is away says until when."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from tracker.absences.models import Absence
from tracker.absences.queries import Away, list_colleagues_and_absences
from tracker.filters import day
from tracker.i18n import _
from tracker.team.models import User

Choices = list[tuple[int, str]]
"""The number of each person and what is said of him."""


def choices_of(people: Iterable[User], away: Away) -> Choices:
    """The people in their order."""
    return [(one.id, _said(one, away.get(one.id))) for one in people]


def colleagues_to_choose(session: Session, by: User, but: Iterable[int] = ()) -> Choices:
    """Our own active people by name, without those of these numbers."""
    left_out = set(but)
    found = list_colleagues_and_absences(session, by)
    return [(one.id, _said(one, absence)) for one, absence in found if one.id not in left_out]


def _said(person: User, absence: Absence | None) -> str:
    if absence is None:
        return person.name
    return _("%(name)s (away until %(day)s)", name=person.name, day=day(absence.ends_on))

"""Pictures for whoever sees few of them: looked for along each way in which he sees any, not by walking through all."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select

from tracker.access import covered, seen_traces, sight, visible, ways_to_projects
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.projects.models import Project
from tracker.registrations.models import RegistrationNote
from tracker.remembering import remembered
from tracker.team.models import User


def sees_most_pictures(user: User) -> bool:
    """Whether his scope covers a team: walking through all pictures he soon meets his own."""
    return covered(user) is not None


@remembered(sight)
def ways_to_pictures(user: User) -> Sequence[ColumnElement[bool]]:
    """The ways in which pictures exist for a user, each as a condition with an index of its own; together they say what
    `visible(Photo, user)` says."""
    homes = [Photo.project_id.in_(select(Project.id).where(way)) for way in ways_to_projects(user)]
    homes.append(Photo.lead_id.in_(select(Lead.id).where(visible(Lead, user))))
    there, seen = Photo.purged_at.is_(None), seen_traces(Photo, user)
    noted = Photo.registration_note_id.in_(select(RegistrationNote.id).where(visible(RegistrationNote, user)))
    return [*(and_(home, seen, there) for home in homes), and_(noted, there)]

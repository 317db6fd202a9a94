"""The blueprint that the gallery's pages hang on, and the picture that several of them change."""

from __future__ import annotations

from flask import Blueprint

from tracker.access import Action, require
from tracker.extensions import db
from tracker.gallery.models import Photo
from tracker.gallery.queries import get_photo
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.reader import current_user

blueprint = Blueprint("gallery", __name__)


def picture_to_work_on(token: str) -> tuple[Photo, Project]:
    """A picture of a project on which the user may log; NotFound or Forbidden."""
    photo = get_photo(db.session, current_user, token)
    project = get_project(db.session, current_user, photo.project_id or 0)
    require(current_user, Action.RECORD_LOG, project)
    return photo, project

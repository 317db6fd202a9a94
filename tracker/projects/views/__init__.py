"""The pages of projects outside the matrix: the list, opening and editing, and who and what belongs to one."""

from tracker.projects.views import belongings, editing, listing
from tracker.projects.views.blueprint import blueprint

__all__ = ["belongings", "editing", "listing"]

BLUEPRINTS = (blueprint,)

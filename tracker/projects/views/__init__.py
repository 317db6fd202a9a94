"""The pages of projects outside the matrix: the list, opening and editing, what becomes of one, who belongs to it."""

from tracker.projects.views import belongings, editing, listing, outcome
from tracker.projects.views.blueprint import blueprint

__all__ = ["belongings", "editing", "listing", "outcome"]

BLUEPRINTS = (blueprint,)

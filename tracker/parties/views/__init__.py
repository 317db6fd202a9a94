"""The pages of firms, and of the people who work there."""

from tracker.parties.views import belongings, pages
from tracker.parties.views.blueprint import blueprint

__all__ = ["belongings", "pages"]

BLUEPRINTS = (blueprint,)

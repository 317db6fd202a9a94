"""The pages of contacts."""

from tracker.contacts.views import belongings, cards, circle, forgetting, pages
from tracker.contacts.views.blueprint import blueprint

BLUEPRINTS = (blueprint,)

__all__ = ["BLUEPRINTS", "belongings", "cards", "circle", "forgetting", "pages"]

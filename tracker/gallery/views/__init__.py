"""Pictures: sending them in, showing them, the gallery. An address holds a random token and is checked each time."""

from tracker.gallery.views import asking, lists, pictures, sharing, uploads
from tracker.gallery.views.blueprint import blueprint

__all__ = ["asking", "lists", "pictures", "sharing", "uploads"]

BLUEPRINTS = (blueprint,)

"""Pictures: sending them in, showing them, the gallery. An address holds a random token and is checked each time."""

from tracker.gallery.views import (
    asking,
    chosen,
    drawing,
    found,
    lists,
    pairs,
    parcels,
    pictures,
    placing,
    sharing,
    uploads,
)
from tracker.gallery.views.blueprint import blueprint

__all__ = [
    "asking",
    "chosen",
    "drawing",
    "found",
    "lists",
    "pairs",
    "parcels",
    "pictures",
    "placing",
    "sharing",
    "uploads",
]

BLUEPRINTS = (blueprint,)

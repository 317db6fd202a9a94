"""Pages of registrations: the dealer's own, the desk's, and where two claim one site."""

from tracker.registrations.views import conflicts, corner, desk, handing_in, people, receipts
from tracker.registrations.views.blueprint import blueprint

BLUEPRINTS = (blueprint,)
__all__ = ["BLUEPRINTS", "conflicts", "corner", "desk", "handing_in", "people", "receipts"]

"""Pages of registrations: the dealer's own, the desk's, and where two claim one site."""

from tracker.registrations.views import complaints, conflicts, corner, desk, handing_in, people, receipts
from tracker.registrations.views.blueprint import blueprint

BLUEPRINTS = (blueprint,)
__all__ = ["BLUEPRINTS", "complaints", "conflicts", "corner", "desk", "handing_in", "people", "receipts"]

"""Pages of dealers: ours about them, and the dealer's own corner."""

from tracker.dealers.views import corner, evaluations, listing, profile, quotas, standing, stock, support
from tracker.dealers.views.blueprint import blueprint

BLUEPRINTS = (blueprint,)
__all__ = [
    "BLUEPRINTS",
    "corner",
    "evaluations",
    "listing",
    "profile",
    "quotas",
    "standing",
    "stock",
    "support",
]

"""The pages about who has a lead: giving many, the pool, sharing, territories and rules, the map."""

from tracker.assigning.views import covering, giving, map, pool, ruling, sharing
from tracker.assigning.views.blueprint import blueprint

__all__ = ["covering", "giving", "map", "pool", "ruling", "sharing"]

BLUEPRINTS = (blueprint,)

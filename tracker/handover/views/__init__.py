"""The pages of handing over: all that is somebody's, what one took over, the briefings."""

from tracker.handover.views import briefings, handing, taken
from tracker.handover.views.blueprint import blueprint

__all__ = ["briefings", "handing", "taken"]

BLUEPRINTS = (blueprint,)

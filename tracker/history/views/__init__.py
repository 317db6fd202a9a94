"""The pages of the past: the board and a project on a day, and the replay of a project's story."""

from tracker.history.views import replay
from tracker.history.views.blueprint import blueprint

__all__ = ["replay"]

BLUEPRINTS = (blueprint,)

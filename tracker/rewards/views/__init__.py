"""Pages of what people are given and invited to."""

from __future__ import annotations

from tracker.rewards.views import occasions as occasions
from tracker.rewards.views import rewards as rewards
from tracker.rewards.views.blueprint import blueprint

BLUEPRINTS = (blueprint,)

"""The pages about things that look alike."""

from tracker.duplicates.views import checking, likeness, requests  # noqa: F401  they hang their pages on the blueprint
from tracker.duplicates.views.blueprint import blueprint

BLUEPRINTS = (blueprint,)

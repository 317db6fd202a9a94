"""The pages of reports."""

from tracker.reports.views import arranging, pages, subscriptions, working
from tracker.reports.views.blueprint import blueprint

BLUEPRINTS = (blueprint,)
__all__ = ["BLUEPRINTS", "arranging", "pages", "subscriptions", "working"]

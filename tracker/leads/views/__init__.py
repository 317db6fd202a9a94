"""The pages of leads: the list, one lead, converting, importing."""

from tracker.leads.views import converting, importing, pages
from tracker.leads.views.blueprint import blueprint

__all__ = ["converting", "importing", "pages"]

BLUEPRINTS = (blueprint,)

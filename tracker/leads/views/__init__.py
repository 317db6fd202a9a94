"""The pages of leads: the list, one lead, judging, converting."""

from tracker.leads.views import assigning, becoming, converting, entering, judging, pages, people
from tracker.leads.views.blueprint import blueprint

__all__ = ["assigning", "becoming", "converting", "entering", "judging", "pages", "people"]

BLUEPRINTS = (blueprint,)

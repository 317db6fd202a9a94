"""The calendar's pages: days, weeks and months, plans, planning a week, a day's route, and the feed for programs."""

from tracker.calendar.views import feed, pages, plans, weeks
from tracker.calendar.views.blueprint import blueprint

__all__ = ["feed", "pages", "plans", "weeks"]

BLUEPRINTS = (blueprint,)

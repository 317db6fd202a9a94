"""Reads about the calendar. The user comes first; what he may not see does not exist."""

from tracker.calendar.queries.dated import Asked as Asked
from tracker.calendar.queries.dated import Dated as Dated
from tracker.calendar.queries.dated import list_dated as list_dated
from tracker.calendar.queries.people import list_led as list_led
from tracker.calendar.queries.plans import Planned as Planned
from tracker.calendar.queries.plans import find_plan as find_plan
from tracker.calendar.queries.plans import get_plan as get_plan
from tracker.calendar.queries.plans import list_plans as list_plans

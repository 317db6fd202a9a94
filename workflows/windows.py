"""The entry windows of material categories: in which construction steps an activity is possible."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.errors import UnknownKey
from workflows.text import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Span:
    """The steps in which an activity of a category is possible, and the best one."""

    first: str
    best: str
    last: str


ACTIVITY_NAMES = {
    "specify": Text("技术锁定", "specify"),
    "sample": Text("送样定样", "sample"),
    "bid": Text("投标报价", "bid"),
    "order": Text("下单", "order"),
}
"""What one still does within a window, in words."""


@dataclass(frozen=True, slots=True)
class Window:
    """The entry window of a material category; past `lost_at` of `lost_step` the chance is practically gone."""

    category: str
    name: Text
    buyer: tuple[str, ...]
    specify: Span
    sample: Span
    bid: Span
    order: Span
    deliver: Span
    lost_step: str
    lost_at: str
    lead_time_days: tuple[int, int]
    note: Text = NO_TEXT
    masterformat: str = ""

    def span(self, activity: str) -> Span:
        """The span of 'specify', 'sample', 'bid', 'order' or 'deliver'."""
        if activity not in ACTIVITIES:
            raise UnknownKey("activity", activity)
        span: Span = getattr(self, activity)
        return span


ACTIVITIES = ("specify", "sample", "bid", "order", "deliver")

"""What a page asks before anything else: who may come in at all."""

from __future__ import annotations

from tracker.access import is_dealer
from tracker.errors import NotFound
from tracker.reader import current_user


def staff_only() -> None:
    """A dealer has his own corner; what begins with this does not exist for him."""
    if is_dealer(current_user):
        raise NotFound

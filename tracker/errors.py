"""What can go wrong on purpose. Views turn these into pages or fragments (see `tracker.pages`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class TrackerError(Exception):
    """The base of all refusals; `message` is a translatable sentence for the user."""

    status = 400

    def __init__(self, message: Any = "", *, rules: Sequence[str] = (), details: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.rules = tuple(rules)
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class NotFound(TrackerError):
    """It does not exist, or not for this user: nobody can tell the two apart."""

    status = 404


class Forbidden(TrackerError):
    """The user sees the thing but may not do this; the message says why."""

    status = 403


class Refused(TrackerError):
    """A rule or a value stands in the way; `rules` names guard rules, `details` may carry the Decision."""

    status = 422


class Invalid(Refused):
    """A value cannot be accepted; `field` says where to show it."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(message)
        self.field = field


class Stale(TrackerError):
    """Somebody else changed the thing meanwhile; `details` carries what it is now."""

    status = 409


class AlreadyDone(TrackerError):
    """The same form was sent before; `details` is the address of its result."""

    status = 409

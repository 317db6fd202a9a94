"""What a lead is called while nobody knows its name: by its address, else by where it is. Pure."""

from __future__ import annotations

import re

_PLACE = re.compile(r"-?\d{1,2}\.\d{5}, -?\d{1,3}\.\d{5}")


def stand_in(address: str | None, place: tuple[float, float]) -> str:
    """What stands in for the name of a site whose place is known."""
    return (address or "").strip()[:200] or "{:.5f}, {:.5f}".format(*place)


def is_unnamed(name: str) -> bool:
    """Whether a name is only a place that stands in for one."""
    return _PLACE.fullmatch(name) is not None

"""The words for what firms keep by key, and what looks odd about their numbers."""

from __future__ import annotations

from typing import Any

from tracker.parties.forms import NAME_KINDS, OWNERSHIPS
from tracker.parties.licences import KINDS, odd_code, odd_number

WORDS: dict[str, Any] = {
    "names": NAME_KINDS,
    "licences": KINDS,
    "ownership": OWNERSHIPS,
    "odd_code": odd_code,
    "odd_number": odd_number,
}

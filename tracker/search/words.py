"""What of a text can be searched for, and what a search looks for.

Chinese (and what else is written without spaces) is cut into pairs of neighbouring characters, so that any two of
them are found; a Latin word is found by its beginning, a long number (a phone) also by its last digits. Both databases
only ever see our tokens, made of letters and digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.matching.normalise import folded, phone_key

LONGEST = 40  # characters of a token; what comes after them is not looked at
TAIL = 4  # digits by which a long number is found from behind
_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(rf"[{_WIDE}]+|[^\W_{_WIDE}]+")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_PHONE = re.compile(r"[+(]?\d[\d\s().-]{5,}\d")
BEGINNING = "*"  # behind a token: whatever begins so


def words_of(*texts: str | None) -> str:
    """The tokens by which these texts are found, each once, with spaces between."""
    return " ".join(dict.fromkeys(token for text in texts if text for run in _runs(text) for token in _tokens(run)))


def wanted_of(text: str) -> str:
    """What must all be there for a text to be found: tokens, those followed by `*` as beginnings; maybe none."""
    return " ".join(dict.fromkeys(token for run in _runs(text) for token in _wanted(run)))


def _runs(text: str) -> list[str]:
    """The stretches of one kind of characters; a phone number is one, however it is written."""
    found: list[str] = _RUNS.findall(phone_key(text) if _PHONE.fullmatch(text.strip()) else folded(text))
    return found


def _tokens(run: str) -> Iterable[str]:
    if _IS_WIDE.match(run):
        return (run[place : place + 2] for place in range(len(run)))
    if run.isdecimal() and len(run) > TAIL:
        return (run[place : place + LONGEST] for place in range(len(run) - TAIL + 1))
    return (run[:LONGEST],)


def _wanted(run: str) -> Iterable[str]:
    if not _IS_WIDE.match(run) or len(run) == 1:
        return (run[:LONGEST] + BEGINNING,)
    return (run[place : place + 2] for place in range(len(run) - 1))

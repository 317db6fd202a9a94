"""How Chinese characters are read, in letters without tones. The one place that knows pinyin.

Each character by itself: which of its readings a name means is only guessed by phrase books, and they take 50 MB of
every process; a name is found by any of them instead. Of the package only its table of characters is read, and kept
as half a megabyte: imported, even that takes 8 MB.
"""

from __future__ import annotations

import json
import unicodedata
from array import array
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

MOST = 3  # readings of one character, the commonest first
FIRST, LAST = 0x3007, 0x323AF  # code points: from the zero to the end of the third plane's ideographs
_UMLAUT = "\u0308"


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """The readings of a character, the commonest first; what is not Chinese is read as itself."""
    places, known = _table()
    code = ord(character)
    return (known[places[code - FIRST]] if FIRST <= code <= LAST else ()) or (character,)


def spoken(text: str) -> list[str]:
    """Each character as it is mostly read."""
    return [readings(character)[0] for character in text]


@cache
def _table() -> tuple[Sequence[int], Sequence[tuple[str, ...]]]:
    """For every code point from FIRST the place of its readings, and the different readings; the first are none."""
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin")
    told = json.loads(Path(package.origin).with_name("pinyin_dict.json").read_bytes())
    known: dict[tuple[str, ...], int] = {(): 0}
    places = array("H", bytes(2 * (LAST - FIRST + 1)))
    for key, said in told.items():
        if FIRST <= int(key) <= LAST:
            plain = dict.fromkeys(_plain(reading) for reading in said.split(","))
            some = tuple(reading for reading in plain if reading)[:MOST]
            places[int(key) - FIRST] = known.setdefault(some, len(known))
    _plain.cache_clear()
    return places, list(known)


@cache
def _plain(reading: str) -> str:
    """`lǚ` as it is typed: `lv`."""
    parts = unicodedata.normalize("NFD", reading).replace("u" + _UMLAUT, "v")
    return "".join(letter for letter in parts if letter.isascii() and letter.isalpha())

"""Where in a text the words of a search stand, so that a reader sees why it was found."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from tracker.search.words import compact, initials_of, readings, runs_of

AROUND = 40  # characters shown before and after the first mark of a long text
LONG = 120  # characters; a shorter text is shown whole


class Marked(NamedTuple):
    """A text in pieces, some of them marked; `held`: how much of what was looked for is in it."""

    held: int
    pieces: tuple[tuple[str, bool], ...]


def mark(text: str, sought: str, *, named: bool = False) -> Marked:
    """`text` with what it holds of `sought` marked; a name (`named`) also where it is read so."""
    letters, places = _folded(text)
    marks: set[int] = set()
    held = 0
    for run in runs_of(sought):
        spans = _spans(letters, run)
        held += len(run) * bool(spans)
        marks.update(places[place] for start, end in spans for place in range(start, end))
    if not marks and named:
        spans = _read_so(letters, compact(sought))
        held = sum(end - start for start, end in spans)
        marks.update(places[place] for start, end in spans for place in range(start, end))
    return Marked(held, _pieces(text, marks))


def _folded(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text as they are compared, and the place in the text of each."""
    letters, places = [], []
    for place, character in enumerate(text):
        for one in unicodedata.normalize("NFKC", character).casefold():
            if one.isalnum():
                letters.append(one)
                places.append(place)
    return "".join(letters), places


def _spans(letters: str, run: str) -> list[tuple[int, int]]:
    """Where a stretch stands: whole, or else each pair of its characters."""
    for parts in ([run], [run[place : place + 2] for place in range(len(run) - 1)] if not run.isascii() else []):
        spans = []
        for part in dict.fromkeys(parts):
            start = letters.find(part)
            while start >= 0:
                spans.append((start, start + len(part)))
                start = letters.find(part, start + len(part))
        if spans:
            return spans
    return []


def _read_so(letters: str, sought: str) -> list[tuple[int, int]]:
    """Where a name is read as `sought`: by its initials anywhere, or whole from its beginning."""
    if not (sought.isascii() and sought.isalpha()):
        return []
    initials = initials_of(letters)
    for start in range(len(initials) - len(sought) + 1):
        if all(letter in initials[start + place] for place, letter in enumerate(sought)):
            return [(start, start + len(sought))]
    end = _reaches(letters, sought)
    return [(0, end)] if end else []


def _reaches(letters: str, sought: str) -> int:
    """How many characters from the beginning are read as `sought`; 0 where they are not."""
    left = {sought}
    for place, character in enumerate(letters):
        following = set()
        for rest in left:
            for reading in readings(character):
                if reading.startswith(rest):
                    return place + 1
                if rest.startswith(reading):
                    following.add(rest[len(reading) :])
        left = following
    return 0


def _pieces(text: str, marks: set[int]) -> tuple[tuple[str, bool], ...]:
    start, end = 0, len(text)
    if len(text) > LONG:
        first = min(marks, default=0)
        start = max(0, first - AROUND)
        end = min(len(text), start + LONG)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    for place in range(start, end):
        marked = place in marks
        if pieces and pieces[-1][1] == marked:
            pieces[-1] = (pieces[-1][0] + text[place], marked)
        else:
            pieces.append((text[place], marked))
    if end < len(text):
        pieces.append(("…", False))
    return tuple(pieces)

"""Where the people of a project stand on its map, in units of an SVG: roles as columns, attitudes as rows, one band
above for those of ours who know somebody. Pure: no database, no words of ours."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

WIDTH, HEIGHT = 156, 62  # of a person's box
TALL = 79  # of the boxes where one of them has a line more
USUAL_LINES = 3  # of text in a box
GAP = 12  # between boxes
MARGIN = 100  # on the left, for the names of the rows
HEAD = 36  # of the row with the names of the columns
EMPTY = 34  # of a row in which nobody stands
LINE = WIDTH - 20  # units of a line of text in a box
WIDE, NARROW = 13.0, 7.2  # units of a Chinese and of a Latin character
SMALL = 0.85  # size of the lines below the name


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody who is to be drawn: his key, the keys of his column and row, his lines of text."""

    key: str
    column: str
    row: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A person's box: its upper left corner, and his lines shortened so that they fit."""

    key: str
    x: float
    y: float
    lines: tuple[str, ...]
    height: float = HEIGHT

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return self.x + WIDTH / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Bond:
    """Two keys that are tied, with what the tie looks like."""

    source: str
    target: str
    kind: str
    strength: int


@dataclass(frozen=True, slots=True)
class Path:
    """A tie as a curve from the edge of one box to that of the other."""

    kind: str
    strength: int
    d: str


@dataclass(frozen=True, slots=True)
class Band:
    """A column or row: its key, where it begins and how far it goes."""

    key: str
    start: float
    size: float

    @property
    def middle(self) -> float:
        """Its middle."""
        return self.start + self.size / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn."""

    width: float
    height: float
    columns: Sequence[Band]
    rows: Sequence[Band]
    boxes: Sequence[Box]
    paths: Sequence[Path]


def draw(columns: Sequence[str], rows: Sequence[str], people: Sequence[Stand], bonds: Sequence[Bond]) -> Picture:
    """Lay everybody out. A person whose column or row is not among them is left out, with his ties."""
    width, height = WIDTH + 2 * GAP, TALL if any(len(person.lines) > USUAL_LINES for person in people) else HEIGHT
    across = [Band(key, MARGIN + place * width, width) for place, key in enumerate(columns)]
    cells: dict[tuple[str, str], list[Stand]] = {}
    for person in people:
        cells.setdefault((person.row, person.column), []).append(person)
    down, top = [], float(HEAD)
    for key in rows:
        most = max(len(cells.get((key, column), ())) for column in columns) if columns else 0
        size = GAP + most * (height + GAP) if most else EMPTY
        down.append(Band(key, top, size))
        top += size
    boxes = [
        Box(person.key, column.start + GAP, row.start + GAP + place * (height + GAP), _lines(person), height)
        for row in down
        for column in across
        for place, person in enumerate(cells.get((row.key, column.key), ()))
    ]
    at = {box.key: box for box in boxes}
    paths = [_path(bond, at) for bond in bonds if bond.source in at and bond.target in at]
    return Picture(MARGIN + len(columns) * width, top, across, down, boxes, paths)


def _path(bond: Bond, at: Mapping[str, Box]) -> Path:
    """A curve that bends a little, so that two ties between the same two do not lie on each other."""
    (x1, y1), (x2, y2) = at[bond.source].middle, at[bond.target].middle
    bend = {"knows": 0.12, "reports_to": -0.12}.get(bond.kind, 0.22)
    over = (x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend
    start, end = _edge(at[bond.source], over), _edge(at[bond.target], over)
    numbers = [f"{number:.1f}" for number in (*start, *over, *end)]
    return Path(bond.kind, bond.strength, "M{} {} Q{} {} {} {}".format(*numbers))


def _edge(box: Box, towards: tuple[float, float]) -> tuple[float, float]:
    """Where the way from the middle of a box to a point leaves the box."""
    middle = box.middle
    across, down = towards[0] - middle[0], towards[1] - middle[1]
    if hypot(across, down) < 1:
        return middle
    share = min(WIDTH / 2 / abs(across) if across else 9e9, box.height / 2 / abs(down) if down else 9e9, 1.0)
    return middle[0] + across * share, middle[1] + down * share


def _lines(person: Stand) -> tuple[str, ...]:
    """What stands in a box: the first line in full size, the others small."""
    return tuple(fitted(line, SMALL if place else 1.0) for place, line in enumerate(person.lines))


def fitted(text: str, size: float = 1.0) -> str:
    """A text as far as it fits into a box; `size` is that of its letters, as a share of the full size."""
    room, dots = LINE / size, WIDE
    ends, used = [0.0], 0.0
    for sign in text:
        used += WIDE if unicodedata.east_asian_width(sign) in "WF" else NARROW
        ends.append(used)
    if used <= room:
        return text
    fits = next(place for place, (_one, end) in enumerate(pairwise(ends)) if end > room - dots)
    return text[:fits] + "…"

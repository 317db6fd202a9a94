"""The events of the stories and their days, as `shared/domain/stories.md` lists them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

A = ("A01", *[f"A{n:02}" for n in range(2, 11)], "A10b", *[f"A{n}" for n in range(11, 41)])
B = tuple(f"B{n:02}" for n in range(1, 38))
C = tuple(f"C{n:02}" for n in range(1, 29))
R = tuple(f"R{n:02}" for n in range(1, 21))
EVERY = (*A, *B, *C, *R)
_ROW = re.compile(r"^\| ([ABCR]\d\d\w?) \| ([^|]*) \|", re.MULTILINE)


def listed(stories: Path) -> dict[str, date | None]:
    """The number and the day of every row of the file; None for the short cases, which have none."""
    rows = _ROW.findall(stories.read_text(encoding="utf-8"))
    return {number: date.fromisoformat(on) if on[:1].isdigit() else None for number, on in rows}

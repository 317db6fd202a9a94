"""Reading the rows of an XLS workbook without trusting it: in a process of its own, with little memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tracker.sheets.faults import Fault, SheetRefused

CHILD = Path(__file__).with_name("old_workbook_child.py")
SECONDS = 60
FAULTS = {"password": Fault.PASSWORD, "too_big": Fault.TOO_BIG, "damaged": Fault.DAMAGED}


class OldWorkbook:
    """The visible sheets of an XLS workbook; raises SheetRefused."""

    def __init__(self, data: bytes) -> None:
        self._sheets = _read(data)
        self.names = list(self._sheets)

    def rows(self, name: str) -> Iterator[list[str]]:
        """The rows of a sheet, gaps included."""
        return iter(self._sheets[name])


def _read(data: bytes) -> dict[str, list[list[str]]]:
    """What the child found. Its memory limit, a crash or the clock end it, not us."""
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and file
            [sys.executable, "-I", str(CHILD)], input=data, capture_output=True, timeout=SECONDS, check=False
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise SheetRefused(Fault.DAMAGED) from None
    if "fault" in found:
        raise SheetRefused(FAULTS[found["fault"]])
    return dict(found["sheets"])

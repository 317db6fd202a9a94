"""Telling a person at a terminal how far long work is. Where nobody watches, nothing is written."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

CLEAR = "\r\x1b[K"
PAUSE = 0.1  # seconds between two lines


class Teller:
    """One line of standard error that is written again and again."""

    def __init__(self) -> None:
        self.watched = sys.stderr.isatty()
        self.shown = False
        self.last = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show what is being done, how much is done and how much there is (0: nobody knows)."""
        now = time.monotonic()
        if not self.watched or (now - self.last < PAUSE and done != total):
            return
        self.last, self.shown = now, True
        share = f" of {total:,} ({done * 100 // total} %)" if total else ""
        sys.stderr.write(f"{CLEAR}{what}: {done:,}{share}")
        sys.stderr.flush()

    def away(self) -> None:
        """Take the line away, so that something else can be written."""
        if self.shown:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
            self.shown = False


@contextmanager
def telling() -> Iterator[Teller]:
    """A teller whose line is gone in the end."""
    teller = Teller()
    try:
        yield teller
    finally:
        teller.away()

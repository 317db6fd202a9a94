"""What an examination finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Told = Callable[[str, int, int], None]
"""Takes what is examined, how much is done, how much there is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: a fault, or something worth knowing that is none. `key`: the stored file to which nothing refers."""

    text: str
    fault: bool = True
    key: str = ""

    def __str__(self) -> str:
        return self.text if self.fault else f"notice: {self.text}"


def notice(text: str, key: str = "") -> Finding:
    """Something worth knowing that is no fault."""
    return Finding(text, fault=False, key=key)

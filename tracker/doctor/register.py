"""The register of dealers' registrations: every entry is what it was, and follows the one before."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from tracker.doctor.findings import Finding
from tracker.registrations.operations.registering import broken_entries


def examine_register(session: Session) -> Iterator[Finding]:
    """Entries that somebody changed, took out or put in behind the program's back."""
    for number, what in broken_entries(session):
        yield Finding(f"register: entry {number} {what}")

"""The audit trail of what is added in bulk: events collected in any order, written in the order of their moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker import clock
from tracker.events import Event, Kind


class Chronicle:
    """Events to be written together."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def note(
        self, kind: Kind, thing: Any, at: datetime, by_id: int | None, project_id: int | None = None, **data: Any
    ) -> None:
        """Remember one event about a stored row; values of `data` must be JSON-able."""
        self._rows.append(
            {
                "at": at,
                "by_id": by_id,
                "kind": kind,
                "subject": thing.__tablename__,
                "subject_id": thing.id,
                "project_id": project_id,
                "data": data,
            }
        )

    def write(self, session: Session) -> None:
        """Add everything noted so far to the trail."""
        if self._rows:
            session.execute(insert(Event), sorted(self._rows, key=lambda row: row["at"]))
            self._rows = []


def moment(random: Random, day: date, early: int = 9, late: int = 18) -> datetime:
    """A moment of a day between two hours, never in the future."""
    minutes = random.randrange(early * 60, late * 60)
    local = datetime.combine(day, time(), clock.zone()) + timedelta(minutes=minutes, seconds=random.randrange(60))
    return min(local, clock.now())

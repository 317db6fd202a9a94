"""What a run leaves behind: an event for each thing, and the change by which it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.events import Event, Kind
from tracker.imports.models import ImportChange
from tracker.team.models import User


class Trail:
    """Writes events and changes of one run, a statement for each chunk."""

    def __init__(self, session: Session, run_id: int | None, by: User) -> None:
        self.session, self.run_id, self.by_id = session, run_id, by.id

    def created(self, model: Any, kind: Kind, things: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
        """New things with what their events tell."""
        self._write(model, kind, [(thing_id, told, {}, {}) for thing_id, told in things], "created")

    def updated(self, model: Any, kind: Kind, things: Iterable[tuple[int, dict[str, Any], dict[str, Any]]]) -> None:
        """Changed things with what their fields were and are."""
        rows = [(thing_id, {"before": before}, before, after) for thing_id, before, after in things]
        self._write(model, kind, rows, "updated")

    def note(self, model: Any, thing_id: int, action: str, **values: dict[str, Any]) -> None:
        """Keep a change whose event the thing's own operation has left."""
        self.session.add(
            ImportChange(run_id=self.run_id, subject=model.__tablename__, subject_id=thing_id, action=action, **values)
        )

    def _write(self, model: Any, kind: Kind, rows: list[tuple[int, Any, Any, Any]], action: str) -> None:
        if not rows:
            return
        subject = model.__tablename__
        about = {"kind": kind, "subject": subject, "by_id": self.by_id, "at": clock.now()}
        told = [{**about, "subject_id": key, "data": {**data, "run": self.run_id}} for key, data, _b, _a in rows]
        self.session.execute(insert(Event), told)
        plain = {"run_id": self.run_id, "subject": subject, "action": action, "fate": "stands"}
        kept = [{**plain, "subject_id": key, "before": before, "after": after} for key, _told, before, after in rows]
        self.session.execute(insert(ImportChange), kept)

    def done_before(self, model: Any) -> dict[int, str]:
        """What this run, which broke off once, did already: id -> action."""
        if self.run_id is None:
            return {}
        about = select(ImportChange.subject_id, ImportChange.action).where(
            ImportChange.run_id == self.run_id, ImportChange.subject == model.__tablename__
        )
        return dict(self.session.execute(about).all())


def plain(value: Any) -> Any:
    """A value as an event or a change keeps it."""
    return str(value) if isinstance(value, date | Decimal) else value

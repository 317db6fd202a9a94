"""Writing many rows of many tables with few statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from tracker.contacts import keeping as contact_rows
from tracker.database import renew_statistics
from tracker.dealers.models import Dealer
from tracker.duplicates.indexing import add_keys
from tracker.duplicates.things import MODELS
from tracker.events import Event
from tracker.gallery.models import Photo
from tracker.history.keeping import rebuild
from tracker.leads.models import Lead, LeadParty
from tracker.matrix.models import Evidence, LifecycleChange, Move, Record, RecordContact, RecordHint
from tracker.notifications.models import ProjectClock, WindowClock
from tracker.parties import tallying
from tracker.parties.models import Contact, Party
from tracker.projects.models import (
    Building,
    CategoryLine,
    Project,
    ProjectContact,
    ProjectDesk,
    ProjectMember,
    ProjectParty,
)
from tracker.projects.tallying import recount
from tracker.registrations.models import RegisterEntry, Registration
from tracker.search.indexing import SEARCHED, add_words

ORDER: tuple[Any, ...] = (
    Party, Contact, Project, Building, CategoryLine, ProjectParty, ProjectContact, ProjectMember, ProjectDesk, Move,
    ProjectClock, WindowClock, LifecycleChange, Dealer, Registration, RegisterEntry, Lead, LeadParty, Record,
    RecordHint, RecordContact, Evidence, Photo, Event,
)  # fmt: skip
"""What is referred to comes before what refers to it."""


class Bulk:
    """Rows that wait to be written together. It numbers them itself, so that nothing need be read back."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in ORDER}
        self.last: dict[Any, int] = {
            model: session.scalar(select(func.max(model.id))) or 0 for model in ORDER if hasattr(model, "id")
        }

    def add(self, model: Any, **values: Any) -> int:
        """Put one row on the list; returns its number."""
        number = self.last[model] = self.last[model] + 1
        values["id"] = number
        self.rows[model].append(values)
        return number

    def join(self, model: Any, **values: Any) -> None:
        """Put one row of a table without numbers on the list."""
        self.rows[model].append(values)

    def write(self) -> None:
        """Write what waits. Rows of one table must all name the same columns."""
        for model, rows in self.rows.items():
            if rows:
                self.session.execute(insert(model.__table__), rows)
                if model in SEARCHED:
                    add_words(self.session, model, rows)
                if model.__tablename__ in MODELS:
                    add_keys(self.session, model.__tablename__, [row["id"] for row in rows])
                rows.clear()

    def close(self) -> None:
        """Write the rest, count it, and tell PostgreSQL's sequences which numbers are taken."""
        self.write()
        renew_statistics(self.session)
        contact_rows.fill(self.session)
        recount(self.session)
        tallying.recount(self.session)
        rebuild(self.session)
        if self.session.get_bind().dialect.name != "postgresql":
            return
        for model, number in self.last.items():
            if number:
                name = model.__tablename__
                self.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {number})"))

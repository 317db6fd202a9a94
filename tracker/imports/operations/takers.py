"""Which taker takes which kind."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.imports.models import ImportRun
from tracker.imports.operations.contacts import ContactTaker
from tracker.imports.operations.leads import LeadTaker
from tracker.imports.operations.parties import PartyTaker
from tracker.imports.operations.projects import ProjectTaker
from tracker.imports.operations.stock import StockTaker
from tracker.imports.operations.taking import Taker
from tracker.sheets.reading import Sheet
from tracker.team.models import User

TAKERS: dict[str, type[Taker]] = {
    taker.kind: taker for taker in (LeadTaker, ProjectTaker, PartyTaker, ContactTaker, StockTaker)
}


def taker_for(session: Session, run: ImportRun, by: User, sheet: Sheet, *, dry: bool = False) -> Taker:
    """The taker of a run's rows."""
    return TAKERS[run.kind](session, run, by, sheet, dry=dry)

"""What would come of a file: its first rows as they would come in, and counts by what would happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.imports.models import ImportRun
from tracker.imports.operations.options import ImportOptions
from tracker.imports.operations.takers import taker_for
from tracker.imports.operations.taking import Fate, Verdict
from tracker.sheets.columns import Columns
from tracker.sheets.reading import Sheet
from tracker.team.models import User

LOOK = 500  # rows that are judged for a page
SHOWN = 12


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would come in: its cells as they stand, and what is said of them."""

    verdict: Verdict
    cells: Mapping[str, str]
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows, those with faults among them, and how many of the `judged` rows would meet which fate."""

    rows: Sequence[PreviewRow]
    counts: Mapping[str, int]
    judged: int


def preview(
    session: Session, run: ImportRun, sheet: Sheet, columns: Columns, options: ImportOptions, *, by: User
) -> Preview:
    """Try the first rows. Nothing is written."""
    trial = ImportRun(kind=run.kind, file_name=run.file_name, mapping=dict(columns), options=options.kept())
    rows = sheet.rows[:LOOK]
    verdicts = taker_for(session, trial, by, sheet, dry=True).judge(rows)
    cells = dict(rows)
    shown = [_shown(verdict, cells[verdict.number], columns) for verdict in _telling(verdicts)]
    return Preview(shown, Counter(verdict.fate.value for verdict in verdicts), len(rows))


def _telling(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The first rows, and the first ones with faults or changes beyond."""
    first, rest = list(verdicts[:SHOWN]), verdicts[SHOWN:]
    for fate in (Fate.REJECT, Fate.UPDATE):
        if not any(verdict.fate is fate for verdict in first):
            first += [verdict for verdict in rest if verdict.fate is fate][:3]
    return sorted(first, key=lambda verdict: verdict.number)


def _shown(verdict: Verdict, cells: Sequence[str], columns: Columns) -> PreviewRow:
    said = {key: cells[place] for key, place in columns.items()}
    faults: dict[str, Any] = {}
    for reason in verdict.reasons:
        faults.setdefault(reason.field, str(reason))
    return PreviewRow(verdict, said, faults)

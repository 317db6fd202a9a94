"""Taking a file in: what it is, which columns it has, and what is remembered of files of its shape."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.imports.models import ImportMapping, ImportRun
from tracker.imports.operations.options import ImportOptions, propose_options, schema_of
from tracker.sheets.columns import Columns, Guess, guess, problems_of
from tracker.sheets.fields import Schema, folded_header, shape_of
from tracker.sheets.reading import Fault, Reading, Sheet, SheetRefused, read_sheet
from tracker.storage import Storage
from tracker.team.models import User

_ONCE = ("reading", "reason", "existing")  # what is said of one file, never of the next of its shape
SAMPLES = 50  # rows whose values are held against their columns

FAULTS = {
    Fault.EMPTY: _l("The file is empty."),
    Fault.NOT_A_TABLE: _l("This is not a table. Send CSV, XLSX or XLS."),
    Fault.TOO_BIG: _l("The file is too big. Split it and send the parts."),
    Fault.TOO_MANY_ROWS: _l("There are more than 200,000 rows. Split the file."),
    Fault.ENCODING: _l("The text of the file cannot be read. Say below how it is encoded, or save it as CSV in UTF-8 "
                       "or as XLSX."),
    Fault.DAMAGED: _l("The file is damaged. Open it and save it again."),
    Fault.PASSWORD: _l("The file is protected by a password. Save it without one."),
    Fault.NO_SHEET: _l("There is no such sheet in the file. Choose another."),
    Fault.NO_HEADER: _l("There is no such row near the top of the sheet. Say which of the first rows heads the table."),
    Fault.NUMBERS: _l("This is a file of Apple Numbers. Export it as XLSX or CSV and send that."),
    Fault.OPEN_DOCUMENT: _l("This is an OpenDocument file. Save it as XLSX or CSV and send that."),
}  # fmt: skip


def action_of(kind: str) -> Action:
    """What it takes to import this kind."""
    return {"leads": Action.LEAD_IMPORT, "stock": Action.DEALER_MANAGE}.get(kind, Action.DATA_IMPORT)


def start_run(
    session: Session,
    storage: Storage,
    data: bytes,
    file_name: str,
    *,
    by: User,
    kind: str = "leads",
    reading: Reading | None = None,
) -> ImportRun:
    """Take a file in; raises Refused where it is no readable table."""
    require(by, action_of(kind))
    reading = reading or Reading()
    sheet = table_of(data, kind, reading)
    key = f"imports/{secrets.token_urlsafe(12)}"
    storage.put(key, data)
    run = ImportRun(kind=kind, file_name=file_name[-200:], file_key=key, by_id=by.id)
    read_again(session, run, sheet, reading)
    session.add(run)
    session.flush()
    events.record(session, Kind.IMPORT_STARTED, run, by=by, file=run.file_name, rows=run.rows_total, what=kind)
    return run


def read_again(session: Session, run: ImportRun, sheet: Sheet, reading: Reading) -> None:
    """Take the run's file as it is read now: another sheet, header row or encoding has other columns."""
    schema = schema_of(run.kind)
    columns, options = remembered(session, schema, sheet) or _proposed(schema, sheet)
    run.rows_total, run.mapping = len(sheet.rows), columns
    said = {"sheet": reading.sheet, "header": reading.header, "encoding": reading.encoding}
    run.options = {**options.kept(), "reading": {key: value for key, value in said.items() if value is not None}}


def _proposed(schema: Schema, sheet: Sheet) -> tuple[dict[str, int], ImportOptions]:
    columns = propose(schema, sheet).columns
    return columns, propose_options(schema, columns)


def reading_of(run: ImportRun) -> Reading:
    """How the run's file is read."""
    return Reading(**run.options.get("reading", {}))


def table_of(data: bytes, kind: str = "leads", reading: Reading | None = None) -> Sheet:
    """The table in these bytes; raises Refused with the reason in the user's words."""
    try:
        return read_sheet(data, reading, schema_of(kind).field_named)
    except SheetRefused as error:
        raise Refused(FAULTS[error.fault], details=error.fault) from None


def sheet_of(storage: Storage, run: ImportRun) -> Sheet:
    """The table of a run's file, as it was said to be read."""
    with storage.open(run.file_key or "") as file:
        return table_of(file.read(), run.kind, reading_of(run))


def propose(schema: Schema, sheet: Sheet) -> Guess:
    """The columns as they seem to be."""
    return guess(schema, sheet.headers, sheet.samples(SAMPLES))


def look(schema: Schema, sheet: Sheet, columns: Columns, options: ImportOptions | None = None) -> Guess:
    """A mapping with what is wrong in it."""
    order = options.order if options else None
    return Guess(dict(columns), tuple(problems_of(schema, columns, sheet.samples(SAMPLES), order)))


def remembered(session: Session, schema: Schema, sheet: Sheet) -> tuple[dict[str, int], ImportOptions] | None:
    """Columns and options that were last confirmed for a file of this shape, if any."""
    found = session.scalar(
        select(ImportMapping).where(ImportMapping.kind == schema.kind, ImportMapping.shape == shape(sheet))
    )
    if found is None:
        return None
    places = _places(sheet)
    columns = {key: places[head] for key, head in found.columns.items() if key in schema.by_key and head in places}
    return columns, ImportOptions.from_kept(found.options)


def remember(session: Session, run: ImportRun, sheet: Sheet, *, by: User) -> None:
    """Keep a confirmed mapping for the next file of this shape."""
    if sheet.headless:
        return
    found = session.scalar(
        select(ImportMapping).where(ImportMapping.kind == run.kind, ImportMapping.shape == shape(sheet))
    )
    if found is None:
        found = ImportMapping(kind=run.kind, shape=shape(sheet))
        session.add(found)
    heads = {place: head for head, place in _places(sheet).items()}
    kept: dict[str, Any] = {key: value for key, value in run.options.items() if key not in _ONCE}
    found.columns = {key: heads[place] for key, place in run.mapping.items()}
    found.options, found.by_id, found.at = kept, by.id, clock.now()
    session.flush()


def _places(sheet: Sheet) -> dict[str, int]:
    """Folded header -> column; of two that fold alike each keeps its own spelling."""
    places: dict[str, int] = {}
    for place, header in enumerate(sheet.headers):
        head = folded_header(header)
        places[header if head in places else head] = place
    return places


def shape(sheet: Sheet) -> str:
    """The digest of the set of a table's folded headers."""
    return hashlib.sha256("\x1f".join(shape_of(sheet.headers)).encode()).hexdigest()

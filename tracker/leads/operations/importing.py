"""Importing leads from a sheet: started, mapped by a person, run in chunks, and the same again changes nothing.

A run is the row `ImportRun`: its file lies in storage, its counts are progress, and a run that broke off goes on
where it stood, because every row is known by its `import_key`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.errors import AlreadyDone, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import LOCALES, _l, speaking
from tracker.leads.models import ImportRun
from tracker.leads.operations.bulk import BulkAdd, restored
from tracker.matrix.definitions import current_definition
from tracker.sheets.lead_columns import KEYS, Columns, Guess, guess, problems_of
from tracker.sheets.lead_rows import LeadRow, Rejected, read_row, units_of
from tracker.sheets.reading import Fault, Sheet, SheetRefused, read_sheet
from tracker.sheets.writing import csv_bytes
from tracker.storage import Storage
from tracker.team.models import Team, User

CHUNK = 1000  # rows in one transaction
SILENCE = timedelta(minutes=2)  # a run that gives no sign of life for so long has broken off
SAMPLES = 50  # rows whose values are held against their columns
OUR_COLUMNS = (_l("row"), _l("reasons"))  # what the file of rows not taken holds beside the sheet's own columns
CURRENCIES = ("CNY", "USD", "EUR", "GBP")

FAULTS = {
    Fault.EMPTY: _l("The file is empty."),
    Fault.NOT_A_TABLE: _l("This is not a table. Send CSV or XLSX."),
    Fault.TOO_BIG: _l("The file is too big. Split it and send the parts."),
    Fault.TOO_MANY_ROWS: _l("There are more than 200,000 rows. Split the file."),
    Fault.ENCODING: _l("The text of the file cannot be read. Save it as CSV in UTF-8, or as XLSX."),
    Fault.DAMAGED: _l("The file is damaged. Open it and save it again."),
    Fault.PASSWORD: _l("The file is protected by a password. Save it without one."),
    Fault.OLD_XLS: _l("This is an old Excel file. Save it as XLSX or CSV."),
}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What counts for every row: keys of the matrix definition, and the team that gets the leads."""

    source: str
    step: str = "land"
    kind: str | None = None
    currency: str = "CNY"
    team_id: int | None = None


def start_run(session: Session, storage: Storage, data: bytes, file_name: str, *, by: User) -> ImportRun:
    """Take a file in; raises Refused where it is no readable table."""
    require(by, Action.LEAD_IMPORT)
    sheet = table_of(data)
    key = f"imports/{secrets.token_urlsafe(12)}"
    storage.put(key, data)
    run = ImportRun(
        file_name=file_name[-200:],
        file_key=key,
        rows_total=len(sheet.rows),
        mapping=propose(sheet).columns,
        by_id=by.id,
    )
    session.add(run)
    session.flush()
    events.record(session, Kind.IMPORT_STARTED, run, by=by, file=run.file_name, rows=run.rows_total)
    return run


def table_of(data: bytes) -> Sheet:
    """The table in these bytes; raises Refused with the reason in the user's words."""
    try:
        return read_sheet(data)
    except SheetRefused as error:
        raise Refused(FAULTS[error.fault]) from None


def sheet_of(storage: Storage, run: ImportRun) -> Sheet:
    """The table of a run's file."""
    with storage.open(run.file_key or "") as file:
        return table_of(file.read())


def propose(sheet: Sheet) -> Guess:
    """The columns as they seem to be."""
    return guess(sheet.headers, sheet.samples(SAMPLES))


def propose_options(columns: Columns) -> ImportOptions:
    """What such a sheet probably is: land results name a buyer, permits a number and a place."""
    land, definition = "developer" in columns or "use" in columns, current_definition()
    return ImportOptions(
        source=_one_of(definition.picklist("lead_sources").keys, "media_land" if land else "planning_permit"),
        step=_one_of(tuple(definition.step_index), "land" if land else "ground"),
        currency="USD" if "latitude" in columns and not land else "CNY",
    )


def _one_of(keys: Sequence[str], likely: str) -> str:
    """The likely key where the definition has it, else its first."""
    return likely if likely in keys else keys[0]


def look(sheet: Sheet, columns: Columns) -> Guess:
    """A mapping with what is wrong in it."""
    return Guess(dict(columns), tuple(problems_of(columns, sheet.samples(SAMPLES))))


def preview(sheet: Sheet, columns: Columns, count: int = 10) -> list[LeadRow | Rejected]:
    """The first rows as they would come in."""
    units, today = units_of(sheet.headers, columns), clock.today()
    return [read_row(number, restored(cells), columns, units, today) for number, cells in sheet.rows[:count]]


def confirm_run(
    session: Session, run: ImportRun, sheet: Sheet, columns: Columns, options: ImportOptions, *, by: User
) -> None:
    """Settle the mapping. What contradicts itself is refused: nothing is imported askew."""
    require(by, Action.LEAD_IMPORT)
    if run.state not in ("uploaded", "ready", "failed"):
        raise AlreadyDone(details=f"/leads/imports/{run.id}")
    check_mapping(session, sheet, columns, options)
    run.mapping = dict(columns)
    run.options = asdict(options)
    run.state = "ready"
    session.flush()


def check_mapping(session: Session, sheet: Sheet, columns: Columns, options: ImportOptions) -> None:
    """Raise Invalid where a mapping or an option makes no sense."""
    definition = current_definition()
    if options.source not in definition.picklist("lead_sources").keys:
        raise Invalid("source", _l("Say where the lead comes from."))
    if options.step not in definition.step_index:
        raise Invalid("step", _l("Choose the construction step that you saw."))
    if options.kind and options.kind not in definition.picklist("project_types").keys:
        raise Invalid("kind", _l("Choose what is being built."))
    if options.currency not in CURRENCIES:
        raise Invalid("currency", _l("Choose the currency."))
    if options.team_id is not None and session.get(Team, options.team_id) is None:
        raise Invalid("team_id", _l("Choose the team that gets the leads."))
    if any(key not in KEYS or not 0 <= place < len(sheet.headers) for key, place in columns.items()):
        raise Invalid("columns", _l("The mapping names a column that is not there."))
    wrong = problems_of(columns, sheet.samples(SAMPLES))
    if wrong:
        raise Invalid("columns", wrong[0].message)


def claim_run(session: Session, run: ImportRun, *, by: User) -> None:
    """Make the run the caller's own to carry out. Raises AlreadyDone while somebody carries it out, or when it is done.

    Commit before starting, so that nobody else starts it too.
    """
    require(by, Action.LEAD_IMPORT)
    now = clock.now()
    broke_off = and_(ImportRun.state == "running", or_(ImportRun.beat_at.is_(None), ImportRun.beat_at < now - SILENCE))
    taken = session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, or_(ImportRun.state.in_(("ready", "failed")), broke_off))
        .values(state="running", beat_at=now, fault=None)
        .returning(ImportRun.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire(run)
    if not taken:
        raise AlreadyDone(details=f"/leads/imports/{run.id}")


def has_broken_off(run: ImportRun) -> bool:
    """Whether a run waits for somebody to start it again."""
    silent = run.beat_at is None or run.beat_at < clock.now() - SILENCE
    return run.state == "failed" or (run.state == "running" and silent)


def run_import(
    session: Session,
    storage: Storage,
    run: ImportRun,
    *,
    by: User,
    commit: Callable[[], None],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Carry out a claimed run. `commit` is called after each chunk by the entry point's own hand; `progress` is told
    rows done and rows in all. Running it again adds what is missing and changes nothing else.
    """
    require(by, Action.LEAD_IMPORT)
    sheet = sheet_of(storage, run)
    work = BulkAdd(session, run, by, sheet)
    total = len(sheet.rows)
    for done in taken_in_chunks(work, sheet):
        run.rows_done, run.rows_total, run.beat_at = done, total, clock.now()
        run.created, run.unchanged, run.rejected = work.created, work.unchanged, len(work.rejects)
        commit()
        if progress:
            progress(done, total)
    if work.rejects:
        run.rejected_key = f"imports/rejected-{run.id}-{secrets.token_urlsafe(8)}.csv"
        storage.put(run.rejected_key, rejects_as_csv(sheet, work.rejects))
    run.state, run.finished_at = "done", clock.now()
    session.flush()
    counts = {"created": work.created, "unchanged": work.unchanged, "rejected": len(work.rejects)}
    events.record(session, Kind.IMPORT_FINISHED, run, by=by, file=run.file_name, **counts)
    commit()


def taken_in_chunks(work: BulkAdd, sheet: Sheet) -> Iterator[int]:
    """Add the sheet's rows chunk by chunk; yields how many are done."""
    for start in range(0, len(sheet.rows), CHUNK):
        work.take(sheet.rows[start : start + CHUNK])
        yield min(start + CHUNK, len(sheet.rows))


def rejects_as_csv(sheet: Sheet, rejects: Sequence[Rejected]) -> bytes:
    """The rows that were not taken, with their reasons: mended, this file can be imported."""
    cells, ours = dict(sheet.rows), _our_columns()
    kept = [place for place, header in enumerate(sheet.headers) if header not in ours]
    headers = [sheet.headers[place] for place in kept] + [str(column) for column in OUR_COLUMNS]
    rows = [
        [*(cells[one.number][place] for place in kept), str(one.number), " ".join(str(why) for why in one.reasons)]
        for one in sorted(rejects, key=lambda one: one.number)
    ]
    return csv_bytes(headers, rows)


def _our_columns() -> set[str]:
    """Our own columns' heads in every language: the file may have been written for somebody else."""
    heads: set[str] = set()
    for language in LOCALES:
        with speaking(language):
            heads.update(str(column) for column in OUR_COLUMNS)
    return heads

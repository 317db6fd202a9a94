"""Settling a run and carrying it out, in chunks; the same again changes nothing, and what broke off goes on."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import require
from tracker.database import renew_statistics
from tracker.duplicates.models import MatchKey
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Kind
from tracker.i18n import LOCALES, _l, speaking
from tracker.imports.models import ImportRun
from tracker.imports.operations.options import ImportOptions, check_options, schema_of
from tracker.imports.operations.starting import SAMPLES, action_of, remember, sheet_of
from tracker.imports.operations.takers import taker_for
from tracker.imports.operations.taking import Taker
from tracker.parties.models import Party
from tracker.sheets.columns import Columns, problems_of
from tracker.sheets.fields import Schema
from tracker.sheets.reading import Sheet
from tracker.sheets.rows import Rejected
from tracker.sheets.writing import csv_bytes
from tracker.storage import Storage
from tracker.team.models import User

CHUNK = 1000  # rows in one transaction
SILENCE = timedelta(minutes=2)  # a run that gives no sign of life for so long has broken off
OUR_COLUMNS = (_l("row"), _l("reasons"))  # what the file of rows not taken holds beside the sheet's own columns


def address_of(run: ImportRun) -> str:
    """Where the run is to be seen."""
    return f"/imports/runs/{run.id}"


def confirm_run(
    session: Session, run: ImportRun, sheet: Sheet, columns: Columns, options: ImportOptions, *, by: User
) -> None:
    """Settle the mapping and remember it. What contradicts itself is refused: nothing is imported askew."""
    require(by, action_of(run.kind))
    if run.state not in ("uploaded", "ready", "failed"):
        raise AlreadyDone(details=address_of(run))
    check_mapping(session, schema_of(run.kind), sheet, columns, options)
    run.mapping = dict(columns)
    run.options = {**options.kept(), "reading": run.options.get("reading", {})}
    run.state = "ready"
    remember(session, run, sheet, by=by)
    session.flush()


def check_mapping(session: Session, schema: Schema, sheet: Sheet, columns: Columns, options: ImportOptions) -> None:
    """Raise Invalid where a mapping or an option makes no sense."""
    check_options(session, schema, columns, options)
    if any(key not in schema.by_key or not 0 <= place < len(sheet.headers) for key, place in columns.items()):
        raise Invalid("columns", _l("The mapping names a column that is not there."))
    wrong = problems_of(schema, columns, sheet.samples(SAMPLES), options.order)
    if wrong:
        raise Invalid("dates" if wrong[0].key == "dates" else "columns", wrong[0].message)


def claim_run(session: Session, run: ImportRun, *, by: User) -> None:
    """Make the run the caller's own to carry out. Raises AlreadyDone while somebody carries it out, or when it is done.

    Commit before starting, so that nobody else starts it too.
    """
    require(by, action_of(run.kind))
    now = clock.now()
    broke_off = and_(ImportRun.state == "running", or_(ImportRun.beat_at.is_(None), ImportRun.beat_at < now - SILENCE))
    waits = or_(ImportRun.state.in_(("ready", "failed")), broke_off)
    take_run(session, run, waits, state="running", beat_at=now, fault=None)


def take_run(session: Session, run: ImportRun, waits: ColumnElement[bool], **values: Any) -> None:
    """Set these values where the run still waits for it; AlreadyDone where somebody else was quicker."""
    taken = session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, waits)
        .values(**values)
        .returning(ImportRun.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire(run)
    if not taken:
        raise AlreadyDone(details=address_of(run))


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
    require(by, action_of(run.kind))
    sheet = sheet_of(storage, run)
    work = taker_for(session, run, by, sheet)
    total = len(sheet.rows)
    for done in taken_in_chunks(work, sheet):
        if grown_much(done) and done < total:
            renew_statistics(session, work.model, Party, MatchKey)
        run.rows_done, run.rows_total, run.beat_at = done, total, clock.now()
        count(run, work)
        commit()
        if progress:
            progress(done, total)
    if work.rejects:
        run.rejected_key = f"imports/rejected-{run.id}-{secrets.token_urlsafe(8)}.csv"
        storage.put(run.rejected_key, rejects_as_csv(sheet, work.rejects))
    run.state, run.finished_at = "done", clock.now()
    session.flush()
    counts = {"created": run.created, "updated": run.updated, "unchanged": run.unchanged, "rejected": run.rejected}
    events.record(session, Kind.IMPORT_FINISHED, run, by=by, file=run.file_name, **counts)
    commit()


def count(run: ImportRun, work: Taker) -> None:
    """What became of the rows so far."""
    run.created, run.updated, run.unchanged = work.created, work.updated, work.unchanged
    run.rejected = len(work.rejects)


def taken_in_chunks(work: Taker, sheet: Sheet) -> Iterator[int]:
    """Take the sheet's rows chunk by chunk; yields how many are done."""
    for start in range(0, len(sheet.rows), CHUNK):
        work.take(sheet.rows[start : start + CHUNK])
        yield min(start + CHUNK, len(sheet.rows))


def grown_much(done: int) -> bool:
    """Whether the rows have doubled since this was last so: after 1, 2, 4, 8 … chunks."""
    chunks, rest = divmod(done, CHUNK)
    return rest == 0 and chunks.bit_count() == 1


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

"""Importing a file in one go, for the command line: guessed or mapped by a file, tried out or carried out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tracker.access import require
from tracker.errors import Invalid
from tracker.i18n import _l
from tracker.imports.models import ImportRun
from tracker.imports.operations import carrying_out, starting
from tracker.imports.operations.options import ImportOptions, propose_options, schema_of
from tracker.imports.operations.takers import taker_for
from tracker.sheets.fields import Schema
from tracker.sheets.reading import Reading, Sheet
from tracker.storage import Storage
from tracker.team.models import User

OPTIONS = ("source", "step", "currency", "team_id", "route", "phase", "reason", "existing", "dates", "keys", "check")
"""What a mapping file may settle for every row beside its fields; `kind` and `categories` are fields, too."""
READING = ("sheet", "header", "encoding")


def import_file(
    session: Session,
    storage: Storage,
    path: Path,
    by: User,
    mapping: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    *,
    kind: str = "leads",
    commit: Callable[[], None] | None = None,
    rejected: Path | None = None,
) -> ImportRun:
    """Import a file of one kind; returns the run with its counts.

    `mapping` says which header fills which field, and may settle the options of every row and how the file is read;
    what it leaves out is remembered or guessed, and a guess that contradicts the values is refused (Invalid). With
    `dry_run` nothing is stored and the run belongs to no session. Without `commit` everything is one transaction of
    the caller. The rows not taken go to `rejected`, where given, and to storage unless it is a dry run.
    """
    require(by, starting.action_of(kind))
    data, schema = path.read_bytes(), schema_of(kind)
    reading = reading_said(mapping)
    sheet = starting.table_of(data, kind, reading)
    columns, options = settled(session, schema, sheet, mapping)
    carrying_out.check_mapping(session, schema, sheet, columns, options)
    if dry_run:
        run = ImportRun(kind=kind, file_name=path.name[-200:], mapping=columns, options=options.kept())
        return _tried(session, sheet, run, by, progress, rejected)
    run = starting.start_run(session, storage, data, path.name, by=by, kind=kind, reading=reading)
    carrying_out.confirm_run(session, run, sheet, columns, options, by=by)
    carrying_out.claim_run(session, run, by=by)
    keep = commit or session.flush
    keep()
    carrying_out.run_import(session, storage, run, by=by, commit=keep, progress=progress)
    if rejected and run.rejected_key:
        with storage.open(run.rejected_key) as file:
            rejected.write_bytes(file.read())
    return run


def _tried(
    session: Session,
    sheet: Sheet,
    run: ImportRun,
    by: User,
    progress: Callable[[int, int], None] | None,
    rejected: Path | None,
) -> ImportRun:
    work = taker_for(session, run, by, sheet, dry=True)
    run.rows_total = len(sheet.rows)
    for done in carrying_out.taken_in_chunks(work, sheet):
        if progress:
            progress(done, len(sheet.rows))
    run.rows_done, run.state = len(sheet.rows), "tried"
    carrying_out.count(run, work)
    if rejected and work.rejects:
        rejected.write_bytes(carrying_out.rejects_as_csv(sheet, work.rejects))
    return run


def reading_said(mapping: Mapping[str, Any] | None) -> Reading:
    """How a mapping file says that the file is to be read."""
    said = {key: value for key, value in (mapping or {}).items() if key in READING}
    return Reading(**said)


def settled(
    session: Session, schema: Schema, sheet: Sheet, mapping: Mapping[str, Any] | None
) -> tuple[dict[str, int], ImportOptions]:
    """Columns and options: those of the mapping file, else as remembered, else as they seem to be."""
    plain = {key: value for key, value in (mapping or {}).items() if key not in READING}
    said = {key: _option(key, value) for key, value in plain.items() if _is_option(key, value, sheet)}
    named = {key: header for key, header in plain.items() if key not in said}
    known = None if named else starting.remembered(session, schema, sheet)
    columns = columns_named(schema, named, sheet.headers) if named else known[0] if known else None
    if columns is None:
        columns = starting.propose(schema, sheet).columns
    options = known[1] if known else propose_options(schema, columns)
    return columns, replace(options, **said)


def _is_option(key: str, value: Any, sheet: Sheet) -> bool:
    """`kind` and `categories` name a column where there is one of that name, else what counts for every row."""
    if key in ("kind", "categories", "source", "step", "route", "phase"):
        return value not in sheet.headers
    return key in OPTIONS


def _option(key: str, value: Any) -> Any:
    if key in ("keys", "categories"):
        return tuple(value) if isinstance(value, list) else (str(value),)
    return value


def columns_named(schema: Schema, named: Mapping[str, Any], headers: Sequence[str]) -> dict[str, int]:
    """Columns from field -> header; raises Invalid naming what is not known."""
    columns = {}
    for field, header in named.items():
        if field not in schema.by_key:
            raise Invalid("columns", _l("There is no field %(name)s here.", name=field))
        if header not in headers:
            raise Invalid("columns", _l("There is no column %(name)s in the file.", name=header))
        columns[field] = list(headers).index(header)
    return columns


def read_map(text: str) -> dict[str, Any]:
    """The mapping in a mapping file: a JSON object of field and header."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid("columns", _l("The mapping file does not fit: it is JSON of field and header."))
    return found

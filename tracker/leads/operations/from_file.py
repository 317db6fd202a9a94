"""Importing a file of leads in one go, for the command line: guessed or mapped by a file, tried out or carried out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tracker.access import Action, require
from tracker.errors import Invalid
from tracker.i18n import _l
from tracker.leads.models import ImportRun
from tracker.leads.operations import importing
from tracker.leads.operations.bulk import BulkAdd
from tracker.leads.operations.importing import ImportOptions
from tracker.sheets.lead_columns import KEYS
from tracker.sheets.reading import Sheet
from tracker.storage import Storage
from tracker.team.models import User

OPTIONS = ("source", "step", "kind", "currency", "team_id")


def import_leads_file(
    session: Session,
    storage: Storage,
    path: Path,
    by: User,
    mapping: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    *,
    commit: Callable[[], None] | None = None,
    rejected: Path | None = None,
) -> ImportRun:
    """Import the leads of a file; returns the run with its counts.

    `mapping` says which header fills which field, and may settle `source`, `step`, `kind`, `currency` and `team_id`
    for every row; what it leaves out is guessed, and a guess that contradicts the values is refused (Invalid). With
    `dry_run` nothing is stored and the run belongs to no session. Without `commit` everything is one transaction of
    the caller. The rows not taken go to `rejected`, where given, and to storage unless it is a dry run.
    """
    require(by, Action.LEAD_IMPORT)
    data = path.read_bytes()
    sheet = importing.table_of(data)
    columns, options = settled(sheet, mapping)
    importing.check_mapping(session, sheet, columns, options)
    if dry_run:
        return _tried(session, sheet, path.name, columns, options, by, progress, rejected)
    run = importing.start_run(session, storage, data, path.name, by=by)
    importing.confirm_run(session, run, sheet, columns, options, by=by)
    importing.claim_run(session, run, by=by)
    keep = commit or session.flush
    keep()
    importing.run_import(session, storage, run, by=by, commit=keep, progress=progress)
    if rejected and run.rejected_key:
        with storage.open(run.rejected_key) as file:
            rejected.write_bytes(file.read())
    return run


def _tried(
    session: Session,
    sheet: Sheet,
    name: str,
    columns: dict[str, int],
    options: ImportOptions,
    by: User,
    progress: Callable[[int, int], None] | None,
    rejected: Path | None,
) -> ImportRun:
    run = ImportRun(file_name=name[-200:], mapping=columns, options=asdict(options), rows_total=len(sheet.rows))
    work = BulkAdd(session, run, by, sheet, dry=True)
    for done in importing.taken_in_chunks(work, sheet):
        if progress:
            progress(done, len(sheet.rows))
    run.rows_done, run.state = len(sheet.rows), "tried"
    run.created, run.unchanged, run.rejected = work.created, work.unchanged, len(work.rejects)
    if rejected and work.rejects:
        rejected.write_bytes(importing.rejects_as_csv(sheet, work.rejects))
    return run


def settled(sheet: Sheet, mapping: Mapping[str, Any] | None) -> tuple[dict[str, int], ImportOptions]:
    """Columns and options: those of the mapping file, else as they seem to be."""
    named = {key: header for key, header in (mapping or {}).items() if key not in OPTIONS}
    columns = columns_named(named, sheet.headers) if named else importing.propose(sheet).columns
    said = {key: value for key, value in (mapping or {}).items() if key in OPTIONS}
    return columns, replace(importing.propose_options(columns), **said)


def columns_named(named: Mapping[str, Any], headers: Sequence[str]) -> dict[str, int]:
    """Columns from field -> header; raises Invalid naming what is not known."""
    columns = {}
    for field, header in named.items():
        if field not in KEYS:
            raise Invalid("columns", _l("There is no field %(name)s in a lead.", name=field))
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

"""`tracker import`: leads from sheets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.opening import opened
from tracker.cli.progress import telling

if TYPE_CHECKING:
    from flask import Flask

    from tracker.errors import Invalid
    from tracker.leads.models import ImportRun

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def imports() -> None:
    """Import from CSV or XLSX."""


@imports.command()
@click.argument("file", type=FILE)
@click.option("--by", metavar="USERNAME", help="Who imports; his team gets the leads. Default: the administrator.")
@click.option("--map", "mapping", type=FILE, help="JSON of field and header; what is missing is guessed.")
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@click.option("--rejected", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the refused rows.")
def leads(file: Path, by: str | None, mapping: Path | None, dry_run: bool, rejected: Path | None) -> None:
    """Import leads. The same file a second time changes nothing; refused rows are kept with their reasons."""
    with opened() as (app, session):
        from tracker.cli.lookups import first_administrator, user_named
        from tracker.errors import Invalid
        from tracker.i18n import speaking
        from tracker.leads.operations.from_file import import_leads_file, read_map

        who = user_named(session, by) if by else first_administrator(session)
        said = read_map(mapping.read_text(encoding="utf-8-sig")) if mapping else None
        began = time.monotonic()
        try:
            with telling() as tell, speaking(app.config["TRACKER"].locale):
                run = import_leads_file(
                    session,
                    app.extensions["storage"],
                    file,
                    who,
                    said,
                    dry_run,
                    lambda done, total: tell(file.name, done, total),
                    commit=session.commit,
                    rejected=rejected,
                )
        except Invalid as error:
            raise click.ClickException(_why(file, said, error)) from error
        click.echo(_summary(run, dry_run, time.monotonic() - began))
        if run.rejected:
            click.echo(_where_rejected(app, run, rejected))


def _why(file: Path, said: dict[str, Any] | None, error: Invalid) -> str:
    """What is wrong, with the column it is about, and the way out."""
    from tracker.leads.operations import importing
    from tracker.leads.operations.from_file import OPTIONS, settled
    from tracker.sheets.lead_columns import KEYS

    if error.field != "columns":
        return str(error)
    sheet = importing.table_of(file.read_bytes())
    named = {key: header for key, header in (said or {}).items() if key not in OPTIONS}
    if not set(named) <= set(KEYS):
        return f"{error} Its fields are {', '.join(KEYS)}."
    if not set(named.values()) <= set(sheet.headers):
        return f"{error} Its columns are {', '.join(sheet.headers)}."
    columns, _options = settled(sheet, said)
    for problem in importing.look(sheet, columns).problems:
        place = f"{problem.key} from column {sheet.headers[columns[problem.key]]}: " if problem.key in columns else ""
        return f"{place}{problem.message} --map FILE says which column is what."
    return str(error)


def _summary(run: ImportRun, dry_run: bool, seconds: float) -> str:
    would = "would be created" if dry_run else "created"
    return (
        f"{run.rows_total:,} rows: {run.created:,} {would}, {run.unchanged:,} unchanged, {run.rejected:,} refused, "
        f"in {seconds:.1f} s."
    )


def _where_rejected(app: Flask, run: ImportRun, rejected: Path | None) -> str:
    place = rejected or (app.config["TRACKER"].media / run.rejected_key if run.rejected_key else None)
    if place is None:
        return "--rejected FILE writes the refused rows with their reasons."
    return f"The refused rows with their reasons are in {place}; mend it and import it again."

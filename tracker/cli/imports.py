"""`tracker import`: leads, projects, parties, contacts and dealers' stock from files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.opening import opened
from tracker.cli.progress import telling

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tracker.errors import Invalid
    from tracker.imports.models import ImportRun

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("kind", type=click.Choice(["leads", "projects", "parties", "contacts", "stock"]))
@click.argument("file", type=FILE)
@click.option("--by", metavar="USERNAME", help="Who imports; his team gets the leads. Default: the administrator.")
@click.option("--map", "mapping", type=FILE, help="JSON of field and header, and of options; the rest is guessed.")
@click.option("--sheet", help="Which sheet of a workbook. Default: the one that looks like the wanted table.")
@click.option("--header", type=click.IntRange(0), help="The row that heads the table, 0 for none.")
@click.option("--encoding", type=click.Choice(["big5", "cp1252"]), help="Of a CSV file whose bytes do not tell.")
@click.option("--existing", type=click.Choice(["create", "update", "both"]), help="Rows of what is known already.")
@click.option("--dates", type=click.Choice(["mdy", "dmy"]), help="What 3/5/2024 means, where the file does not show.")
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@click.option("--rejected", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the refused rows.")
def imports(
    kind: str,
    file: Path,
    by: str | None,
    mapping: Path | None,
    dry_run: bool,
    rejected: Path | None,
    **said: Any,
) -> None:
    """Import from CSV, XLSX or XLS. The same file again changes nothing; refused rows are kept with their reasons."""
    with opened() as (app, session):
        from tracker.cli.lookups import first_administrator, user_named
        from tracker.errors import Invalid
        from tracker.i18n import speaking
        from tracker.imports.operations.from_file import import_file, read_map

        who = user_named(session, by) if by else first_administrator(session)
        wanted = read_map(mapping.read_text(encoding="utf-8-sig")) if mapping else {}
        wanted |= {key: value for key, value in said.items() if value is not None}
        began = time.monotonic()
        try:
            with telling() as tell, speaking(app.config["TRACKER"].locale):
                run = import_file(
                    session,
                    app.extensions["storage"],
                    file,
                    who,
                    wanted,
                    dry_run,
                    lambda done, total: tell(file.name, done, total),
                    kind=kind,
                    commit=session.commit,
                    rejected=rejected,
                )
        except Invalid as error:
            raise click.ClickException(_why(session, kind, file, wanted, error)) from error
        click.echo(_summary(run, dry_run, time.monotonic() - began))
        if run.rejected:
            click.echo(_where_rejected(app, run, rejected))


def _why(session: Session, kind: str, file: Path, said: dict[str, Any], error: Invalid) -> str:
    """What is wrong, with the column it is about, and the way out."""
    from tracker.imports.operations import from_file, starting
    from tracker.imports.operations.options import schema_of

    if error.field == "dates":
        return f"{error} --dates mdy or --dates dmy says it."
    if error.field != "columns":
        return str(error)
    schema = schema_of(kind)
    sheet = starting.table_of(file.read_bytes(), kind, from_file.reading_said(said))
    beside = (*from_file.OPTIONS, *from_file.READING)
    named = {key: header for key, header in said.items() if key not in beside}
    if not set(named) <= set(schema.by_key):
        return f"{error} Its fields are {', '.join(schema.by_key)}."
    if not set(named.values()) <= set(sheet.headers):
        return f"{error} Its columns are {', '.join(sheet.headers)}."
    columns, options = from_file.settled(session, schema, sheet, said)
    for problem in starting.look(schema, sheet, columns, options).problems:
        place = f"{problem.key} from column {sheet.headers[columns[problem.key]]}: " if problem.key in columns else ""
        return f"{place}{problem.message} --map FILE says which column is what."
    return str(error)


def _summary(run: ImportRun, dry_run: bool, seconds: float) -> str:
    would = "would be created" if dry_run else "created"
    changed = f"{run.updated:,} {'would be changed' if dry_run else 'changed'}, " if run.updated else ""
    return (
        f"{run.rows_total:,} rows: {run.created:,} {would}, {changed}{run.unchanged:,} unchanged, "
        f"{run.rejected:,} refused, in {seconds:.1f} s."
    )


def _where_rejected(app: Flask, run: ImportRun, rejected: Path | None) -> str:
    place = rejected or (app.config["TRACKER"].media / run.rejected_key if run.rejected_key else None)
    if place is None:
        return "--rejected FILE writes the refused rows with their reasons."
    return f"The refused rows with their reasons are in {place}; mend it and import it again."

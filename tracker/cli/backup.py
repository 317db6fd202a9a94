"""`tracker backup`: everything in one file."""

from __future__ import annotations

import time
from pathlib import Path

import click

from tracker.cli.opening import opened
from tracker.cli.progress import telling


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def backup(out: Path) -> None:
    """Write database and media to OUT (.tar, .tar.gz or .tgz) while the installation runs."""
    with opened() as (app, session), telling() as tell:
        from tracker.backup.manifest import BackupRefused
        from tracker.backup.writing import write_backup

        began = time.monotonic()
        try:
            made = write_backup(session, app.extensions["storage"], out, tell)
        except BackupRefused as error:
            raise click.ClickException(str(error)) from error
        rows = sum(entry.rows for entry in made.tables.values())
        files = len(made.files) - len(made.tables)
        tell.away()
        click.echo(f"{out}: {rows:,} rows and {files:,} files, in {time.monotonic() - began:.1f} s.")

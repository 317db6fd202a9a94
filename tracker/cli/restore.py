"""`tracker restore`: a backup comes back."""

from __future__ import annotations

import time
from pathlib import Path

import click

from tracker.cli.opening import bare
from tracker.cli.progress import telling


@click.command()
@click.argument("file", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up the rows that are there. Stop the server first.")
def restore(file: Path, replace: bool) -> None:
    """Bring back database and media from a backup, into an empty installation."""
    with bare() as app, telling() as tell:
        from tracker.backup.manifest import BackupRefused
        from tracker.backup.restoring import check_backup, restore_backup
        from tracker.extensions import db

        began = time.monotonic()
        try:
            manifest = check_backup(file, tell)
            restore_backup(db.engine, app.extensions["storage"], file, manifest, tell, replace=replace)
        except BackupRefused as error:
            raise click.ClickException(str(error)) from error
        rows = sum(entry.rows for entry in manifest.tables.values())
        files = len(manifest.files) - len(manifest.tables)
        tell.away()
        click.echo(f"{rows:,} rows and {files:,} files of {manifest.made_at[:16]} are back, "
                   f"in {time.monotonic() - began:.1f} s.")  # fmt: skip

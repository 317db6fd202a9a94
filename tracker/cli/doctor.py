"""`tracker doctor`: is this installation well?"""

from __future__ import annotations

import click

from config import Config
from tracker.cli.opening import opened
from tracker.cli.progress import telling


@click.command()
@click.option("--mend", is_flag=True, help="First write derived state anew, and sweep stray files.")
@click.option(
    "--every-byte", is_flag=True, help="Read all originals and documents, and compare them with their hashes."
)
@click.pass_context
def doctor(ctx: click.Context, mend: bool, every_byte: bool) -> None:
    """Check settings, database, migrations, pictures, people, and derived state against what happened."""
    if mend:
        _mend()
    from tracker import create_app
    from tracker.doctor.examination import examine
    from tracker.extensions import db

    config = Config.from_env()
    app = create_app(config)
    faults = 0
    with app.app_context(), telling() as tell:
        for finding in examine(config, db.session, app.extensions["storage"], tell, every_byte=every_byte):
            tell.away()
            click.echo(str(finding))
            faults += finding.fault
        db.engine.dispose()
    if faults:
        ctx.exit(1)
    click.echo("all is well")


def _mend() -> None:
    with opened() as (app, session), telling() as tell:
        from tracker.doctor.mending import mend_derived, mend_media

        mend_derived(session, tell, session.commit)
        gone, marked = mend_media(session, app.extensions["storage"], tell, session.commit)
        tell.away()
        if gone or marked:
            click.echo(f"{gone:,} stray files swept, {marked:,} pictures marked.")

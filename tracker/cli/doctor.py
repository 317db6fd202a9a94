"""`tracker doctor`: is this installation well?"""

from __future__ import annotations

import click

from config import Config
from tracker.cli.opening import opened
from tracker.cli.progress import telling


@click.command()
@click.option("--mend", is_flag=True, help="Write derived state anew from the facts first.")
@click.pass_context
def doctor(ctx: click.Context, mend: bool) -> None:
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
        for finding in examine(config, db.session, app.extensions["storage"], tell):
            tell.away()
            click.echo(str(finding))
            faults += finding.fault
        db.engine.dispose()
    if faults:
        ctx.exit(1)
    click.echo("all is well")


def _mend() -> None:
    with opened() as (_app, session), telling() as tell:
        from tracker.doctor.mending import mend_derived

        mend_derived(session, tell, session.commit)

"""`tracker demo`: the demo company."""

from __future__ import annotations

import click

from config import Config
from tracker.cli.opening import has_users, opened
from tracker.cli.progress import telling


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there are users already.")
def demo(if_empty: bool) -> None:
    """Build the demo company: only where TRACKER_ENV is demo or development, and nobody can sign in yet."""
    config = Config.from_env()
    if config.environment not in ("demo", "development"):
        raise click.ClickException("The demo company is for TRACKER_ENV=demo or development, never for production.")
    if has_users(config):
        if if_empty:
            return
        raise click.ClickException("There are users already; the demo company wants an empty database.")
    with opened(config, migrate=True) as (app, session), telling() as tell:
        from tracker.demo.company import build_demo

        build_demo(session, app.extensions["storage"], progress=tell, seed=1)
        session.commit()
    click.echo("The demo company is ready.")

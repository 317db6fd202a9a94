"""`tracker generate`: load data for measurements."""

from __future__ import annotations

import time

import click

from config import Config
from tracker.cli.opening import opened
from tracker.cli.progress import telling

COUNT = click.IntRange(min=0)


@click.command()
@click.option("--projects", type=click.IntRange(min=1), required=True, help="How many projects.")
@click.option("--records", type=COUNT, help="How many records; default five for each project.")
@click.option("--contacts", type=COUNT, help="How many contacts; default two for each project.")
@click.option("--users", type=click.IntRange(min=2), default=50, show_default=True, help="How many people.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same data.")
def generate(projects: int, records: int | None, contacts: int | None, users: int, seed: int) -> None:
    """Fill the database with load data."""
    config = Config.from_env()
    if config.environment == "production":
        raise click.ClickException("Load data is for TRACKER_ENV=demo or development, never for production.")
    with opened(config, migrate=True) as (_app, session):
        from tracker.generating import generate as fill

        began = time.monotonic()
        with telling() as tell:
            fill(
                session,
                projects=projects,
                records=records,
                contacts=contacts,
                users=users,
                seed=seed,
                progress=lambda done, total: tell("projects", done, total),
            )
            session.commit()
        click.echo(f"{projects:,} projects are there, in {time.monotonic() - began:.1f} s.")

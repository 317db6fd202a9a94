"""`tracker worker`: reminders, escalations and their mails."""

from __future__ import annotations

import signal

import click

from tracker.cli.opening import opened


@click.command()
@click.option("--once", is_flag=True, help="One turn, then end (for cron).")
@click.option(
    "--every", type=click.FloatRange(min=1), default=60.0, show_default=True, help="Seconds between two turns."
)
def worker(once: bool, every: float) -> None:
    """Tell people what is due, and send the mails that wait. Several may run; one leads, the others wait."""
    with opened() as (app, _session):
        from tracker.notifications.worker import Worker

        mine = Worker(app, every)
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, mine.stop)
            mine.run()
            return
        done = mine.turn()
        mine.step_down()
    if done.led:
        click.echo(f"{done.delivered:,} things newly due, {done.mails:,} mails sent.")
    else:
        click.echo("Another worker leads; nothing to do.")

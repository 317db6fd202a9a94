"""`tracker serve`: the pages."""

from __future__ import annotations

import gc
import socket
from typing import TYPE_CHECKING

import click

from config import Config
from tracker.cli.opening import opened

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads of each process.")
@click.option("--worker/--no-worker", default=True, help="Whether to bring reminders and mails with it.")
def serve(host: str, port: int, workers: int, threads: int, worker: bool) -> None:
    """Serve the pages. The database is made where it is missing and brought up to date first.

    Each process brings a worker in a thread, of which one leads; `--no-worker` where `tracker worker` runs by itself.
    """
    config = Config.from_env()
    refuse_taken_address(host, port)
    gc.disable()  # what is loaded now stays: walking it again and again would take an eighth of the time
    try:
        with opened(config, migrate=True) as (app, session):
            lines = welcome(config, session, host, port)
        from tracker.serving import serve_app

        serve_app(app, host, port, workers, threads, lambda: click.echo("\n".join(lines)), with_worker=worker)
    finally:
        gc.enable()


def refuse_taken_address(host: str, port: int) -> None:
    """One line instead of a server that tries again and again."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.ClickException(f"Cannot listen at {host}:{port}: {reason}.") from error


def welcome(config: Config, session: Session, host: str, port: int) -> list[str]:
    """What to say as soon as the pages are served."""
    place = f"[{host}]" if ":" in host else host
    lines = [f"Project Tracker answers at http://{place}:{port}"]
    if config.environment == "demo":
        from tracker.demo.people import PASSWORD
        from tracker.team.queries import list_usernames

        lines += [f"Sign in with the password {PASSWORD} as {', '.join(list_usernames(session))}."]
        if host not in LOOPBACK:
            lines += [f"Everybody who reaches {host} can sign in: this is a demo."]
    return lines

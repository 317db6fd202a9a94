"""`tracker init`: an empty company."""

from __future__ import annotations

import click

from tracker.cli.opening import opened


@click.command()
@click.option("--company", prompt="Name of the company", help="Name of the company, and of its first team.")
@click.option("--username", prompt="User name of the administrator", help="What the first administrator signs in with.")
@click.option("--name", prompt="Name of the administrator", help="The first administrator's own name.")
@click.option(
    "--password",
    prompt="Password",
    hide_input=True,
    confirmation_prompt="The password again",
    help="The first administrator's password; better asked for than written here.",
)
def init(company: str, username: str, name: str, password: str) -> None:
    """Start an empty company: database, roles, matrix, one team, the first administrator."""
    from tracker.cli.user import checked_username
    from tracker.team.starting import start_company

    checked_username(username)
    with opened(migrate=True) as (_app, session):
        admin = start_company(session, company, username=username, name=name, password=password)
        session.commit()
        click.echo(f"{company.strip()} is ready. Sign in as {admin.username}; `tracker serve` serves the pages.")

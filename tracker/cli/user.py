"""`tracker user`: people who sign in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from tracker.cli.opening import opened

if TYPE_CHECKING:
    from flask import Flask

USERNAME = re.compile(r"[A-Za-z0-9._@+\-]{1,60}")


@click.group()
def user() -> None:
    """Add people who sign in."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, metavar="KEY", help="Key of the role: salesperson, supervisor, administrator …")
@click.option("--team", metavar="NAME", help="Name of the team.")
@click.option("--department", metavar="KEY", help="Key of the department: sales, technical, bidding …")
@click.option("--dealer", metavar="NAME", help="The dealer's company, for a dealer's user.")
@click.option("--password", help="The password. Without it, a link by which the person sets one is printed.")
def add(
    username: str, name: str, role: str, team: str | None, department: str | None, dealer: str | None,
    password: str | None,
) -> None:  # fmt: skip
    """Add somebody who may sign in."""
    checked_username(username)
    with opened() as (app, session):
        from tracker.cli import lookups
        from tracker.team import operations

        person = operations.add_user(
            session,
            by=None,
            username=username,
            name=name,
            role_id=lookups.role_named(session, role).id,
            team_id=lookups.team_named(session, team).id if team else None,
            department=lookups.department_named(department) if department else None,
            party_id=lookups.dealer_named(session, dealer).id if dealer else None,
        )
        link = None
        if password is None:
            link = password_address(app, operations.make_password_link(session, person, by=None))
        else:
            operations.set_password(session, person, password, by=None)
        session.commit()
        click.echo(
            f"{person.username} may sign in." if link is None else f"{person.username} sets a password at {link}"
        )


def checked_username(username: str) -> None:
    """Refuse what nobody could type at the sign-in page."""
    if not USERNAME.fullmatch(username.strip()):
        raise click.BadParameter("Latin letters, digits and . _ - @ + only, without spaces.", param_hint="username")


def password_address(app: Flask, token: str) -> str:
    """The address behind which a password is set."""
    from flask import url_for

    with app.test_request_context(base_url=app.config["TRACKER"].base_url):
        return url_for("team.new_password", token=token, _external=True)

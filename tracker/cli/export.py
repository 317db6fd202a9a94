"""`tracker export`: a list as a workbook or CSV, as somebody sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.opening import opened
from tracker.cli.progress import telling

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tracker.exports.columns import Listing
    from tracker.team.models import User

KINDS = ("projects", "leads", "parties", "contacts", "photos")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--by", metavar="USERNAME", help="With whose rights. Default: the administrator.")
@click.option("--state", default="all", show_default=True, help="Only leads or projects in this state.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Default: the installation's language.")
def export(kind: str, out: Path, by: str | None, state: str, lang: str | None) -> None:
    """Write projects, leads, parties, contacts or photos (their facts) to OUT, whose ending says which kind of file."""
    from tracker.exports.operations import FORMATS

    format = out.suffix.removeprefix(".").lower()
    if format not in FORMATS:
        raise click.BadParameter("it ends in .xlsx or .csv.", param_hint="OUT")
    with opened() as (app, session):
        from tracker.cli.lookups import first_administrator, user_named
        from tracker.i18n import speaking

        who = user_named(session, by) if by else first_administrator(session)
        began = time.monotonic()
        with speaking(lang or app.config["TRACKER"].locale):
            count = _write(session, kind, out, format, who, state)
        click.echo(f"{count:,} rows in {out}, in {time.monotonic() - began:.1f} s.")


def _write(session: Session, kind: str, out: Path, format: str, who: User, state: str) -> int:
    """Write beside the place first: a file that is there stays whole until the new one is."""
    from tracker.database import begin_for, reading
    from tracker.exports.operations import record_export, write_list
    from tracker.matrix.definitions import current_definition

    unfinished = out.with_name(out.name + ".part")
    try:
        with reading(), telling() as tell, unfinished.open("wb+") as file:
            listing, rows = _list(session, kind, who, state)
            count = write_list(
                file, format, listing, rows, by=who, definition=current_definition(),
                progress=lambda done: tell(kind, done, 0),
            )  # fmt: skip
        unfinished.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    session.rollback()
    begin_for(reads_only=False)
    record_export(session, listing, format, count, {"state": "" if state == "all" else state}, by=who)
    session.commit()
    return count


def _list(session: Session, kind: str, who: User, state: str) -> tuple[Listing, Iterator[Any]]:
    from tracker import clock
    from tracker.exports import listings, queries
    from tracker.leads.queries import LeadFilters
    from tracker.parties.queries.listing import PartyFilters
    from tracker.projects.queries import Filters

    match kind:
        case "projects":
            filters = Filters(clock.today(), state=state)
            return listings.PROJECTS, queries.stream_projects(session, who, filters, "new")
        case "leads":
            return listings.LEADS, queries.stream_leads(session, who, LeadFilters(state=state))
        case "parties":
            return listings.PARTIES, queries.stream_parties(session, who, PartyFilters())
        case "contacts":
            return listings.CONTACTS, queries.stream_contacts(session, who)
    return listings.PHOTOS, queries.stream_photos(session, who)

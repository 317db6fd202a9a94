"""Load data: a company of the size the product is measured at.

`generate` adds as many projects as asked for, with firms, people, records and everything else that hangs on them,
written in bulk. What it writes follows from the seed and today's date alone.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sqlalchemy.orm import Session

from tracker.database import renew_statistics
from tracker.generating.bulk import Bulk
from tracker.generating.circle import add_circle
from tracker.generating.company import add_company
from tracker.generating.histories import Histories
from tracker.generating.leads import add_leads
from tracker.generating.registrations import add_registrations
from tracker.matrix.definitions import publish_standard

__all__ = ["PASSWORD", "generate"]

PASSWORD = "tracker-demo"
CHUNK = 1000  # projects whose rows are written together
RECORDS_EACH, CONTACTS_EACH = 5, 2  # of a project on average, where no number is asked for
MOST_RECORDS, MOST_PHOTOS = 50, 30  # of the first project, on which a full project page is measured
LARGEST = 200  # projects of the first developer, at least (of few projects a half), on whom a firm's page is measured


def generate(
    session: Session,
    *,
    projects: int,
    records: int | None = None,
    contacts: int | None = None,
    users: int = 50,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Add load data to what is there; refuses nothing, flushes, never commits.

    `records` defaults to five and `contacts` to two of each project. The `users` are called `load-1`, `load-2` …,
    all with the password `PASSWORD`: `load-1` supervises everybody, every team below has one supervisor (`load-2` is
    the first) and salespeople; a second run takes those who are there. The first project is full: as many of the
    records as make `MOST_RECORDS`, and `MOST_PHOTOS` pictures. The first developer has `LARGEST` of them, evenly among
    the others'. `progress` is told projects done and projects in all.

    All derived columns agree with the facts. What is not as in life: pictures have no files, projects stand in cells
    without regard to rules other than blocked cells, registrations stand in no project, and only projects, leads and
    records have an event. Nobody else may write meanwhile, since rows bring their own numbers.
    """
    random = Random(seed)  # noqa: S311  nothing here is secret
    records = RECORDS_EACH * projects if records is None else records
    contacts = CONTACTS_EACH * projects if contacts is None else contacts
    publish_standard(session)
    people = add_company(session, users, PASSWORD)
    bulk = Bulk(session)
    circle = add_circle(bulk, random, people[0].id, firms=max(10, projects // 5), contacts=contacts)
    work = Histories(bulk, random, people, circle)
    every = max(2, projects // LARGEST)
    for done, logged in enumerate(shares(random, projects, records), start=1):
        work.add_project(logged, photos=MOST_PHOTOS if done == 1 else None, of_largest=done % every == 0)
        if done % CHUNK == 0 or done == projects:
            bulk.write()
            if progress:
                progress(done, projects)
    add_leads(bulk, random, people, circle, projects // 5)
    add_registrations(bulk, random, people[0].id, circle, projects // 5)
    bulk.close()
    renew_statistics(session)


def shares(random: Random, projects: int, records: int) -> list[int]:
    """How many of the records each project gets: the first many, the others an even number give or take some."""
    if projects < 1:
        return []
    first = min(MOST_RECORDS, records) if projects > 1 else records
    found = [first]
    left, rest = records - first, projects - 1
    for others in range(rest, 0, -1):
        even = left // others
        own = left if others == 1 else min(left, max(0, even + random.randint(-even, even)))
        found.append(own)
        left -= own
    return found

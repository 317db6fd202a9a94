"""What has a budget beside the pages: an import of 20,000 rows, a list of 100,000 taken out, and a large picture.

Run as `python -m benching.others picture PICTURE` or `… export USERNAME` it does that and prints what it took.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random

from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from benching.servers import MODULES, environment_of, memory_at_most, memory_now
from config import Config
from tracker import clock
from tracker.dealers.models import Dealer
from tracker.demo.names import firm_name
from tracker.extensions import db
from tracker.imports.operations.from_file import import_file
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.registrations.queries.checking import check
from tracker.sheets.writing import csv_bytes
from tracker.storage import open_storage
from tracker.team.models import User

ROWS = 20_000
WORDS = 20  # sites that a dealer asks about
HEADERS = ("number", "address", "date", "value", "area", "contractor", "developer")


def measure_import(app: Flask, username: str) -> float:
    """Seconds that importing so many new rows takes beside all that is there; undone afterwards."""
    random, today = Random(1), clock.today().isoformat()  # noqa: S311  nothing here is secret
    firms = [firm_name(random, kind) for kind in ("main_contractor", "owner") for _each in range(1000)]
    rows = [
        (f"B-{number}", f"{number} Harbour Road", today, "1250000", "820", random.choice(firms), random.choice(firms))
        for number in range(ROWS)
    ]
    with tempfile.TemporaryDirectory() as folder, app.app_context():
        path = Path(folder) / "permits.csv"
        path.write_bytes(csv_bytes(HEADERS, [list(row) for row in rows]))
        user = _user(db.session, username)
        began = time.monotonic()
        run = import_file(db.session, open_storage(Path(folder)), path, user)
        took = time.monotonic() - began
        if run.created != ROWS:
            raise RuntimeError(f"{run.created} of {ROWS} rows came in")
        db.session.rollback()
    return took


def _user(session: Session, username: str) -> User:
    loaded = (joinedload(User.role), joinedload(User.team))
    return session.scalars(select(User).where(User.username == username).options(*loaded)).one()


def measure_picture() -> tuple[float, float]:
    """Seconds and megabytes that taking in a picture of twelve megapixels takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.jpg"
        Image.effect_noise((4000, 3000), 40).convert("RGB").save(path, quality=85)
        seconds, size = _alone(os.environ, "picture", str(path))
    return seconds, size / 1e6


def measure_export(config: Config, username: str) -> tuple[int, float, float]:
    """Rows, seconds and megabytes of taking all projects out as a workbook, in a process of its own."""
    rows, seconds, size = _alone(os.environ | environment_of(config), "export", username)
    return int(rows), seconds, size / 1e6


def _alone(environ: Mapping[str, str], *arguments: str) -> list[float]:
    """The figures that this module prints when it is run for itself."""
    command = [sys.executable, "-m", "benching.others", *arguments]
    paths = {**environ, "PYTHONPATH": MODULES}
    return [
        float(word) for word in subprocess.run(command, env=paths, check=True, stdout=subprocess.PIPE).stdout.split()
    ]


def _take(path: Path) -> None:
    from tracker.images import examine

    data = path.read_bytes()
    before = memory_now()
    began = time.monotonic()
    examine(data)
    took = time.monotonic() - began
    print(took, memory_at_most() - before)


def _export(username: str) -> None:
    from tracker.cli.opening import opened
    from tracker.database import reading
    from tracker.exports.listings import PROJECTS
    from tracker.exports.operations import write_list
    from tracker.exports.queries import stream_projects
    from tracker.i18n import speaking
    from tracker.matrix.definitions import current_definition
    from tracker.projects.queries import Filters

    with opened() as (_app, session), reading(), speaking("zh"), tempfile.TemporaryFile() as file:
        user, definition = _user(session, username), current_definition()
        before = memory_now()
        began = time.monotonic()
        rows = stream_projects(session, user, Filters(clock.today(), state="all"))
        count = write_list(file, "xlsx", PROJECTS, rows, by=user, definition=definition)
        took = time.monotonic() - began
        print(count, took, memory_at_most() - before)


if __name__ == "__main__":
    if sys.argv[1] == "picture":
        _take(Path(sys.argv[2]))
    else:
        _export(sys.argv[2])


def measure_word(app: Flask, username: str) -> float:
    """Seconds, in the median, until a dealer has the one word on a site that he registers."""
    with app.app_context():
        by = db.session.scalars(select(User).where(User.username == username).options(joinedload(User.role))).one()
        dealer = db.session.scalars(select(Dealer).where(Dealer.party_id == by.party_id)).one()
        taken = []
        for project in db.session.scalars(select(Project).order_by(Project.id.desc()).limit(WORDS)).all():
            typed = Registration(
                dealer_id=dealer.id, name=project.name[:-1], kind=project.kind, step=project.step,
                address=project.address, plot_number=project.plot_number, latitude=project.latitude,
                longitude=project.longitude, developer="新业主", categories=["tiles"], buildings=[],
            )  # fmt: skip
            began = time.perf_counter()
            check(db.session, by, typed, dealer)
            taken.append(time.perf_counter() - began)
            db.session.rollback()
        return statistics.median(taken)

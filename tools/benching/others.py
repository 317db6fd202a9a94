"""What has a budget beside the pages: an import of 20,000 rows, and a picture of twelve megapixels.

Run as `python -m benching.others PICTURE` it takes in that picture and prints seconds and bytes of memory it took.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from benching.servers import MODULES
from tracker import clock
from tracker.demo.names import firm_name
from tracker.extensions import db
from tracker.leads.operations.from_file import import_leads_file
from tracker.sheets.writing import csv_bytes
from tracker.storage import open_storage
from tracker.team.models import User

ROWS = 20_000
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
        loaded = (joinedload(User.role), joinedload(User.team))
        user = db.session.scalars(select(User).where(User.username == username).options(*loaded)).one()
        began = time.monotonic()
        run = import_leads_file(db.session, open_storage(Path(folder)), path, user)
        took = time.monotonic() - began
        if run.created != ROWS:
            raise RuntimeError(f"{run.created} of {ROWS} rows came in")
        db.session.rollback()
    return took


def measure_picture() -> tuple[float, float]:
    """Seconds and megabytes that taking in a picture of twelve megapixels takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.jpg"
        Image.effect_noise((4000, 3000), 40).convert("RGB").save(path, quality=85)
        command = [sys.executable, "-m", "benching.others", str(path)]
        environ = os.environ | {"PYTHONPATH": MODULES}
        seconds, size = subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(size) / 1e6


def _take(path: Path) -> None:
    from tracker.images import examine

    data = path.read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    examine(data)
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(took, (after - before) * 1024)


if __name__ == "__main__":
    _take(Path(sys.argv[1]))

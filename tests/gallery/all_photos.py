"""Sends every picture of a folder through the upload of an application of its own; prints what became of each.

Run in a process of its own (`python -m tests.gallery.all_photos PHOTOS DATA`), so that its memory can be measured.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from config import Config
from tests.client import Client
from tests.gallery.making import opened, peak_memory
from tracker import create_app, sessions
from tracker.extensions import db
from tracker.images import SIZES
from tracker.team.models import User, UserSession
from tracker.team.operations import add_builtin_roles
from tracker.team.passwords import token_hash


def main(photos: Path, data: Path) -> None:
    """Send them all; the last line of the output is one JSON value."""
    config = Config(
        environment="development",
        data=data,
        database_url=f"sqlite:///{data / 'photos.sqlite3'}",
        media=data / "media",
        secret_key="only-for-tests-only-for-tests",
    )
    app = create_app(config)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        db.create_all()
        token = _sign_in()
        client = Client(app, app.response_class, use_cookies=True)
        with client.session_transaction() as cookie:
            cookie[sessions.COOKIE_KEY], cookie["lang"] = token, "en"
        idle = peak_memory()
        with (photos / "manifest.csv").open(encoding="utf-8") as file:
            sent = [_send(client, photos / row["path"], row["path"]) for row in csv.DictReader(file)]
    sys.stdout.write(json.dumps({"idle": idle, "peak": peak_memory(), "sent": sent}))


def _sign_in() -> str:
    role = add_builtin_roles(db.session)["salesperson"]
    user = User(username="sales", name="Sales", role=role)
    db.session.add(user)
    db.session.flush()
    token = secrets.token_urlsafe(16)
    db.session.add(UserSession(token_hash=token_hash(token), user_id=user.id))
    db.session.commit()
    return token


def _send(client: FlaskClient, path: Path, name: str) -> dict[str, Any]:
    data = path.read_bytes()
    start = time.perf_counter()
    answer = client.post("/photos/staged", data={"file": (io.BytesIO(data), path.name)})
    seconds = time.perf_counter() - start
    outcome = {"name": name, "status": answer.status_code, "seconds": seconds, **(answer.json or {})}
    if answer.status_code == 201:
        token = outcome["token"]
        outcome["shown"] = {side: _look(client.get(f"/media/{token}/{side}.jpg").data) for side in map(str, SIZES)}
    return outcome


def _look(shown: bytes) -> dict[str, Any]:
    image = opened(shown)
    grey = image.convert("L").resize((12, 8))
    return {"size": image.size, "exif": bool(image.getexif()) or b"Exif" in shown, "grey": list(grey.tobytes())}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""Projects follow a new version in a thread of its own while its page shows how far it is."""

from __future__ import annotations

import threading

import structlog
from flask import Flask

from tracker import clock
from tracker.definitions.models import BROKEN, Publication
from tracker.definitions.operations.following import carry_out
from tracker.extensions import db
from tracker.team.models import User

log = structlog.get_logger()


def start_in_background(app: Flask, publication_id: int, user_id: int) -> threading.Thread:
    """Carry a publication out beside the request."""
    words = (app, publication_id, user_id, clock.zone().key)
    thread = threading.Thread(target=follow, args=words, daemon=True, name=f"publication-{publication_id}")
    thread.start()
    return thread


def follow(app: Flask, publication_id: int, user_id: int, zone: str) -> None:
    """The entry point: its own context and session, a commit after each chunk."""
    clock.use_zone(zone)
    with app.app_context():
        try:
            publication = db.session.get_one(Publication, publication_id)
            carry_out(db.session, publication, by=db.session.get_one(User, user_id), commit=db.session.commit)
        except Exception:  # whatever broke is said on the page and kept in the log
            db.session.rollback()
            log.exception("publication broke off", publication=publication_id)
            db.session.get_one(Publication, publication_id).state = BROKEN
            db.session.commit()
        finally:
            db.session.remove()  # type: ignore[attr-defined]

"""An import goes on in a thread of its own while its page shows how far it is."""

from __future__ import annotations

import threading

import structlog
from flask import Flask
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.i18n import _l, lang, speaking
from tracker.imports.models import ImportRun
from tracker.imports.operations.carrying_out import run_import
from tracker.imports.operations.undoing import take_back
from tracker.team.models import User

log = structlog.get_logger()
BROKEN = _l("Something broke on our side; it is in the log.")


def start_in_background(app: Flask, run_id: int, user_id: int) -> threading.Thread:
    """Carry out a claimed import beside the request, in its reader's language and zone."""
    words = (app, run_id, user_id, lang(), clock.zone().key)
    thread = threading.Thread(target=carry_out, args=words, daemon=True, name=f"import-{run_id}")
    thread.start()
    return thread


def undo_in_background(app: Flask, run_id: int, user_id: int) -> threading.Thread:
    """Take an import back beside the request."""
    words = (app, run_id, user_id, lang(), clock.zone().key)
    thread = threading.Thread(target=take_back_run, args=words, daemon=True, name=f"undo-{run_id}")
    thread.start()
    return thread


def take_back_run(app: Flask, run_id: int, user_id: int, language: str, zone: str) -> None:
    """The undoing's entry point; what breaks off is in the log and goes on when it is asked for again."""
    clock.use_zone(zone)
    with app.app_context(), speaking(language):
        try:
            whole = (joinedload(User.role), joinedload(User.team))
            user = db.session.get_one(User, user_id, options=whole)
            take_back(db.session, db.session.get_one(ImportRun, run_id), by=user, commit=db.session.commit)
        except Exception:
            db.session.rollback()
            log.exception("undoing broke off", run=run_id)
        finally:
            db.session.remove()  # type: ignore[attr-defined]


def carry_out(app: Flask, run_id: int, user_id: int, language: str, zone: str) -> None:
    """The import's entry point: its own context and session, a commit after each chunk."""
    clock.use_zone(zone)
    with app.app_context(), speaking(language):
        try:
            whole = (joinedload(User.role), joinedload(User.team))
            user = db.session.get_one(User, user_id, options=whole)
            run = db.session.get_one(ImportRun, run_id)
            run_import(db.session, app.extensions["storage"], run, by=user, commit=db.session.commit)
        except Exception as error:  # whatever broke is said on the run's page and kept in the log
            db.session.rollback()
            log.exception("import broke off", run=run_id)
            run = db.session.get_one(ImportRun, run_id)
            run.state = "failed"
            run.fault = str(error if isinstance(error, TrackerError) else BROKEN)
            db.session.commit()
        finally:
            db.session.remove()  # type: ignore[attr-defined]

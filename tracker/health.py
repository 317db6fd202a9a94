"""`/healthz`: the process is up. `/readyz`: database and media answer."""

from __future__ import annotations

from flask import Blueprint, current_app
from sqlalchemy import text

from tracker.extensions import db

blueprint = Blueprint("operations", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/healthz")
def healthz() -> tuple[str, int]:
    """The process answers."""
    return "ok\n", 200


@blueprint.get("/readyz")
def readyz() -> tuple[str, int]:
    """Database and media answer; 503 otherwise."""
    try:
        db.session.execute(text("SELECT 1"))
        current_app.extensions["storage"].exists("readyz")
    except Exception as error:  # whatever it is, we are not ready
        return f"not ready: {type(error).__name__}\n", 503
    return "ready\n", 200

"""The addresses that imports had when only leads could be imported: bookmarks and scripts go on working."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.imports.views.blueprint import blueprint

MOVED = 308  # the method stays


@blueprint.route("/leads/import", methods=["GET", "POST"])
@login_required
def upload_before() -> ResponseReturnValue:
    """Sending a file of leads."""
    return redirect(url_for("imports.upload_page", kind="leads"), MOVED)


@blueprint.get("/leads/imports")
@login_required
def list_before() -> ResponseReturnValue:
    """Every import so far."""
    return redirect(url_for("imports.list_page"), MOVED)


@blueprint.route("/leads/imports/<int:run_id>", methods=["GET", "POST"])
@login_required
def run_before(run_id: int) -> ResponseReturnValue:
    """One import."""
    return redirect(url_for("imports.run", run_id=run_id), MOVED)


@blueprint.route("/leads/imports/<int:run_id>/mapping", methods=["GET", "POST"])
@login_required
def mapping_before(run_id: int) -> ResponseReturnValue:
    """Its columns."""
    return redirect(url_for("imports.mapping", run_id=run_id), MOVED)


@blueprint.get("/leads/imports/<int:run_id>/rejected.csv")
@login_required
def rejected_before(run_id: int) -> ResponseReturnValue:
    """Its rows that were not taken."""
    return redirect(url_for("imports.rejected", run_id=run_id), MOVED)

"""How far an import is, what came of it, and taking it back."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.errors import NotFound
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.imports import queries
from tracker.imports.background import start_in_background, undo_in_background
from tracker.imports.forms import KIND_NAMES
from tracker.imports.operations import carrying_out, undoing
from tracker.imports.views.blueprint import blueprint
from tracker.imports.views.sending import LISTS
from tracker.reader import current_user

PAGES = {"leads": ("leads.page", "lead_id"), "projects": ("matrix.project", "project_id"),
         "parties": ("parties.page", "party_id"), "contacts": ("contacts.page", "contact_id"),
         "stock": ("dealers.line", "stock_line_id")}  # fmt: skip


@blueprint.get("/imports/runs/<int:run_id>")
@login_required
def run(run_id: int) -> ResponseReturnValue:
    """How far the import is, and what came of it."""
    found = queries.get_run(db.session, current_user, run_id)
    done = found.state in ("done", "undone")
    return respond(
        "imports/run.html",
        "progress",
        run=found,
        name=KIND_NAMES[found.kind],
        broken=carrying_out.has_broken_off(found),
        changed=queries.list_changed(db.session, current_user, found) if found.state == "done" else [],
        kept=queries.list_changed(db.session, current_user, found, fate="kept") if found.state == "undone" else [],
        doubles=queries.count_doubles(db.session, found) if done else 0,
        fates=queries.count_fates(db.session, found) if found.state == "undone" else {},
        may_undo=undoing.may_undo(current_user, found),
        all_of_them=_list_of(found.kind, run_id),
        page_of=lambda thing_id: _page_of(found.kind, thing_id),
    )


def _list_of(kind: str, run_id: int) -> str:
    """Where the things of a run are listed; only leads can be narrowed to them."""
    return url_for(LISTS[kind], run=run_id) if kind == "leads" else url_for(LISTS[kind])


def _page_of(kind: str, thing_id: int) -> str:
    endpoint, name = PAGES[kind]
    values: dict[str, Any] = {name: thing_id}
    return url_for(endpoint, **values)


@blueprint.post("/imports/runs/<int:run_id>")
@login_required
def go_on(run_id: int) -> ResponseReturnValue:
    """Start an import again that broke off; what is in already stays as it is."""
    found = queries.get_run(db.session, current_user, run_id)
    carrying_out.claim_run(db.session, found, by=current_user)
    db.session.commit()
    start_in_background(current_app._get_current_object(), run_id, current_user.id)  # type: ignore[attr-defined]
    flash(_("The import goes on."))
    return go_to(url_for("imports.run", run_id=run_id))


@blueprint.post("/imports/runs/<int:run_id>/undo")
@login_required
def undo(run_id: int) -> ResponseReturnValue:
    """Take the whole import back."""
    found = queries.get_run(db.session, current_user, run_id)
    if found.state == "undone":
        undoing.check_unfinished(db.session, found)
    else:
        undoing.claim_undoing(db.session, found, by=current_user)
    db.session.commit()
    undo_in_background(current_app._get_current_object(), run_id, current_user.id)  # type: ignore[attr-defined]
    return go_to(url_for("imports.run", run_id=run_id))


@blueprint.get("/imports/runs/<int:run_id>/rejected.csv")
@login_required
def rejected(run_id: int) -> ResponseReturnValue:
    """The rows that were not imported, with the reasons; mend them and send the file again."""
    found = queries.get_run(db.session, current_user, run_id)
    storage: Any = current_app.extensions["storage"]
    if not found.rejected_key or not storage.exists(found.rejected_key):
        raise NotFound
    return send_file(
        storage.open(found.rejected_key),
        mimetype="text/csv",
        as_attachment=True,
        download_name=f"rejected-{run_id}.csv",
    )

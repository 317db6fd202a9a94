"""Importing leads in the browser: send, map, look, run, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from tracker.access import Action, require
from tracker.errors import Invalid, NotFound, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.leads import queries
from tracker.leads.background import start_in_background
from tracker.leads.forms import ImportForm, UploadForm
from tracker.leads.models import ImportRun
from tracker.leads.operations import importing
from tracker.leads.views.blueprint import blueprint
from tracker.matrix.definitions import current_definition
from tracker.sheets.lead_columns import FIELDS, swapped
from tracker.sheets.lead_rows import Rejected
from tracker.team.queries import list_teams


@blueprint.get("/leads/import")
@login_required
def import_page() -> ResponseReturnValue:
    """Choose a file; below, the imports so far."""
    require(current_user, Action.LEAD_IMPORT)
    return respond("leads/import.html", form=UploadForm(), runs=queries.list_runs(db.session, current_user))


@blueprint.post("/leads/import")
@login_required
def upload() -> ResponseReturnValue:
    """Take the file in and go to its mapping."""
    require(current_user, Action.LEAD_IMPORT)
    form = UploadForm()
    if form.validate_on_submit():
        file = form.file.data
        try:
            run = importing.start_run(
                db.session, current_app.extensions["storage"], file.read(), file.filename or "leads", by=current_user
            )
            db.session.commit()
            return go_to(url_for("leads.mapping", run_id=run.id))
        except Refused as error:
            db.session.rollback()
            form.file.errors = [error.message]
    runs = queries.list_runs(db.session, current_user)
    return respond("leads/import.html", status=422, form=form, runs=runs)


@blueprint.get("/leads/imports")
@login_required
def imports() -> ResponseReturnValue:
    """Every import so far."""
    require(current_user, Action.LEAD_IMPORT)
    return respond("leads/imports.html", runs=queries.list_runs(db.session, current_user))


@blueprint.get("/leads/imports/<int:run_id>/mapping")
@login_required
def mapping(run_id: int) -> ResponseReturnValue:
    """Which column is what, with the first rows as they would come in."""
    run = queries.get_run(db.session, current_user, run_id)
    if run.state not in ("uploaded", "ready", "failed"):
        return go_to(url_for("leads.run", run_id=run_id))
    likely = importing.propose_options(run.mapping)
    form = _form()
    form.source.data, form.step.data, form.currency.data = likely.source, likely.step, likely.currency
    form.team_id.data = current_user.team_id
    columns = _columns() if request.args else dict(run.mapping)
    return _mapping_page(run, form, columns)


def _form() -> ImportForm:
    form = ImportForm()
    form.offer(current_definition(), list_teams(db.session, current_user))
    return form


def _columns() -> dict[str, int]:
    """The columns chosen on the page: `column-name=3`."""
    found = {field.key: request.values.get(f"column-{field.key}", type=int) for field in FIELDS}
    return {key: place for key, place in found.items() if place is not None and place >= 0}


def _mapping_page(
    run: ImportRun, form: ImportForm, columns: dict[str, int], status: int = 200, message: str = ""
) -> ResponseReturnValue:
    sheet = importing.sheet_of(current_app.extensions["storage"], run)
    columns = {key: place for key, place in columns.items() if place < len(sheet.headers)}
    found = importing.look(sheet, columns)
    rows: list[Any] = importing.preview(sheet, columns) if columns else []
    askew = any(problem.key == "address" for problem in found.problems) and "area" in columns
    return respond(
        "leads/mapping.html",
        status=status,
        run=run,
        form=form,
        sheet=sheet,
        columns=columns,
        fields=FIELDS,
        problems=found.problems,
        swap=swapped(columns) if askew and "address" in columns else None,
        rows=[(row, isinstance(row, Rejected)) for row in rows],
        message=message,
    )


@blueprint.post("/leads/imports/<int:run_id>/mapping")
@login_required
def confirm(run_id: int) -> ResponseReturnValue:
    """Settle the mapping and start; or show the preview again with other columns."""
    run = queries.get_run(db.session, current_user, run_id)
    form, columns = _form(), _columns()
    if request.form.get("action") == "look" or not form.validate_on_submit():
        return _mapping_page(run, form, columns, 200 if request.form.get("action") == "look" else 422)
    options = importing.ImportOptions(
        source=form.source.data,
        step=form.step.data,
        kind=form.kind.data or None,
        currency=form.currency.data,
        team_id=form.team_id.data,
    )
    try:
        sheet = importing.sheet_of(current_app.extensions["storage"], run)
        importing.confirm_run(db.session, run, sheet, columns, options, by=current_user)
        importing.claim_run(db.session, run, by=current_user)
    except Invalid as error:
        db.session.rollback()
        run = queries.get_run(db.session, current_user, run_id)
        return _mapping_page(run, form, columns, 422, str(error.message))
    db.session.commit()
    start_in_background(current_app._get_current_object(), run_id, current_user.id)  # type: ignore[attr-defined]
    return go_to(url_for("leads.run", run_id=run_id))


@blueprint.get("/leads/imports/<int:run_id>")
@login_required
def run(run_id: int) -> ResponseReturnValue:
    """How far the import is, and what came of it."""
    found = queries.get_run(db.session, current_user, run_id)
    return respond("leads/run.html", "progress", run=found, broken=importing.has_broken_off(found))


@blueprint.post("/leads/imports/<int:run_id>")
@login_required
def go_on(run_id: int) -> ResponseReturnValue:
    """Start an import again that broke off; what is in already stays as it is."""
    found = queries.get_run(db.session, current_user, run_id)
    importing.claim_run(db.session, found, by=current_user)
    db.session.commit()
    start_in_background(current_app._get_current_object(), run_id, current_user.id)  # type: ignore[attr-defined]
    flash(_("The import goes on."))
    return go_to(url_for("leads.run", run_id=run_id))


@blueprint.get("/leads/imports/<int:run_id>/rejected.csv")
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

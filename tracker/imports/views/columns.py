"""Which column of a file is what, with the first rows as they would come in."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.errors import Invalid, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.imports import queries
from tracker.imports.background import start_in_background
from tracker.imports.forms import KIND_NAMES, OptionsForm, ReadingForm
from tracker.imports.models import ImportRun
from tracker.imports.operations import carrying_out, starting
from tracker.imports.operations.options import ImportOptions, schema_of
from tracker.imports.operations.previewing import preview
from tracker.imports.views.blueprint import blueprint
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.sheets.columns import swapped
from tracker.sheets.rows import datum_of
from tracker.team.queries import list_teams

SETTLED = ("running", "done", "undone")


@blueprint.get("/imports/runs/<int:run_id>/mapping")
@login_required
def mapping(run_id: int) -> ResponseReturnValue:
    """Which column is what, as remembered, guessed or asked by the address."""
    run = queries.get_run(db.session, current_user, run_id)
    if run.state in SETTLED:
        return go_to(url_for("imports.run", run_id=run_id))
    form = _form(run)
    form.show(ImportOptions.from_kept(run.options), current_user.team_id)
    columns = _columns(run) if any(name.startswith("column-") for name in request.args) else dict(run.mapping)
    return _page(run, form, columns)


def _form(run: ImportRun) -> OptionsForm:
    form = OptionsForm()
    form.offer(schema_of(run.kind), current_definition(), list_teams(db.session, current_user))
    return form


def _columns(run: ImportRun) -> dict[str, int]:
    """The columns chosen on the page: `column-name=3`."""
    fields = schema_of(run.kind).fields
    found = {field.key: request.values.get(f"column-{field.key}", type=int) for field in fields}
    return {key: place for key, place in found.items() if place is not None and place >= 0}


def _page(
    run: ImportRun, form: OptionsForm, columns: dict[str, int], status: int = 200, message: str = ""
) -> ResponseReturnValue:
    sheet = starting.sheet_of(current_app.extensions["storage"], run)
    columns = {key: place for key, place in columns.items() if place < len(sheet.headers)}
    options, schema = form.options(run.kind), schema_of(run.kind)
    found = starting.look(schema, sheet, columns, options)
    reading = ReadingForm(formdata=None)
    reading.offer(sheet.names, starting.reading_of(run))
    return respond(
        "imports/mapping.html",
        status=status,
        run=run,
        form=form,
        reading=reading,
        sheet=sheet,
        columns=columns,
        fields=schema.fields,
        shown=[field for field in schema.fields if field.key in columns],
        problems=found.problems,
        datum=datum_of(sheet.headers, columns),
        swaps=_swaps(columns, [problem.key for problem in found.problems]),
        preview=preview(db.session, run, sheet, columns, options, by=current_user),
        samples=sheet.samples(1)[0] if len(sheet.rows) else [],
        message=message,
        name=KIND_NAMES[run.kind],
    )


def _swaps(columns: dict[str, int], problems: list[str]) -> dict[str, Any]:
    """Columns the other way round, for the problems that this may settle."""
    pairs = {"address": ("address", "area"), "latitude": ("latitude", "longitude")}
    return {
        key: swapped(columns, *pair) for key, pair in pairs.items() if key in problems and set(pair) <= columns.keys()
    }


@blueprint.post("/imports/runs/<int:run_id>/reading")
@login_required
def read_anew(run_id: int) -> ResponseReturnValue:
    """Read the file anew, by another sheet or header row; its columns are guessed anew."""
    run = queries.get_run(db.session, current_user, run_id)
    if run.state in SETTLED:
        return go_to(url_for("imports.run", run_id=run_id))
    before, storage = starting.reading_of(run), current_app.extensions["storage"]
    now = starting.sheet_of(storage, run)
    form = ReadingForm()
    form.offer(now.names, before)
    form.validate_on_submit()
    reading = form.reading(before)
    try:
        with storage.open(run.file_key or "") as file:
            sheet = starting.table_of(file.read(), run.kind, reading)
    except Refused as error:
        options = _form(run)
        options.show(ImportOptions.from_kept(run.options), current_user.team_id)
        return _page(run, options, dict(run.mapping), 422, str(error.message))
    starting.read_again(db.session, run, sheet, reading)
    db.session.commit()
    return go_to(url_for("imports.mapping", run_id=run_id))


@blueprint.post("/imports/runs/<int:run_id>/mapping")
@login_required
def confirm(run_id: int) -> ResponseReturnValue:
    """Settle the mapping and start; or show the preview again with other columns."""
    run = queries.get_run(db.session, current_user, run_id)
    form, columns = _form(run), _columns(run)
    if request.form.get("action") == "look" or not form.validate_on_submit():
        return _page(run, form, columns, 200 if request.form.get("action") == "look" else 422)
    try:
        sheet = starting.sheet_of(current_app.extensions["storage"], run)
        carrying_out.confirm_run(db.session, run, sheet, columns, form.options(run.kind), by=current_user)
        carrying_out.claim_run(db.session, run, by=current_user)
    except Invalid as error:
        db.session.rollback()
        run = queries.get_run(db.session, current_user, run_id)
        return _page(run, form, columns, 422, str(error.message))
    db.session.commit()
    start_in_background(current_app._get_current_object(), run_id, current_user.id)  # type: ignore[attr-defined]
    return go_to(url_for("imports.run", run_id=run_id))

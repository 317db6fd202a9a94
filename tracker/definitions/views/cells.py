"""Editing one cell of a draft: its limit, hints and tasks. Each is a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.definitions import queries
from tracker.definitions.forms import HintForm, LimitForm, TaskForm
from tracker.definitions.models import DefinitionDraft
from tracker.definitions.operations import drafting
from tracker.definitions.views.blueprint import blueprint, version_of
from tracker.definitions.views.drafts import load_draft
from tracker.definitions.views.versions import cell_of
from tracker.errors import Invalid, NotFound, Refused, Stale
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from workflows.definition import Definition

CELL = "/admin/matrix/drafts/<int:draft_id>/cells/<phase>/<step>"
NEW = "new"


@blueprint.get(CELL)
@login_required
def edit_cell(draft_id: int, phase: str, step: str) -> ResponseReturnValue:
    """The cell with a form for each of its parts."""
    return _page(draft_id, phase, step)


def _page(
    draft_id: int,
    phase: str,
    step: str,
    status: int = 200,
    typed: dict[tuple[str, str], Any] | None = None,
    message: Any = "",
) -> ResponseReturnValue:
    draft, definition = _editable(draft_id)
    cell: Any = cell_of(definition, phase, step)
    forms: dict[tuple[str, str], Any] = {("limit", ""): LimitForm(None, days=cell.time_limit_days)}
    for hint in cell.hints:
        forms["hint", hint.id] = _form(HintForm, definition, hint.id, hint)
    for task in cell.tasks:
        forms["task", task.id] = _form(TaskForm, definition, task.id, task)
    forms["hint", NEW] = _form(HintForm, definition, "hint-new", None)
    forms["task", NEW] = _form(TaskForm, definition, "task-new", None)
    forms.update(typed or {})
    for form in forms.values():
        form.version.data = str(draft.version)
    return respond(
        "definitions/edit_cell.html",
        status=status,
        draft=draft,
        definition=definition,
        cell=cell,
        forms=forms,
        message=message,
    )


def _editable(draft_id: int) -> tuple[DefinitionDraft, Definition]:
    draft, definition = load_draft(draft_id)
    if definition is None:
        raise NotFound
    return draft, definition


def _form(kind: Any, definition: Definition, prefix: str, part: Any) -> Any:
    """A form bound to a part of the definition, or (`part` None) empty."""
    values: dict[str, Any] = {}
    if part is not None:
        values = {name: getattr(part, name) for name in ("kind", "department", "evidence", "due_days", "anchor")
                  if hasattr(part, name)}  # fmt: skip
        values |= {"zh": part.text.zh, "en": part.text.en}
    form = kind(None, prefix=f"{prefix}-", **values)
    form.offer(definition)
    return form


def _typed(kind: Any, definition: Definition, prefix: str) -> Any:
    form = kind(prefix=f"{prefix}-")
    form.offer(definition)
    return form


def _save(
    draft_id: int, phase: str, step: str, place: tuple[str, str], form: Any, do: Callable[[DefinitionDraft], None]
) -> ResponseReturnValue:
    """Carry an edit out; what is not accepted comes back with what was typed."""
    typed = {place: form} if form is not None else {}
    if form is not None and not form.validate_on_submit():
        return _page(draft_id, phase, step, 422, typed)
    try:
        do(queries.get_draft(db.session, current_user, draft_id))
    except (Invalid, Refused, Stale) as error:
        db.session.rollback()
        field = getattr(error, "field", "")
        if form is not None and field and field in form:
            form[field].errors = [error.message]
        return _page(draft_id, phase, step, error.status, typed, error.message)
    db.session.commit()
    flash(_("Saved in the draft."))
    return go_to(url_for("definitions.edit_cell", draft_id=draft_id, phase=phase, step=step))


@blueprint.post(f"{CELL}/limit")
@login_required
def save_limit(draft_id: int, phase: str, step: str) -> ResponseReturnValue:
    """Change the cell's limit."""
    form = LimitForm()

    def do(draft: DefinitionDraft) -> None:
        days = form.days.data or 0
        drafting.set_limit(db.session, draft, f"{phase}/{step}", days, by=current_user, version=version_of(form))

    return _save(draft_id, phase, step, ("limit", ""), form, do)


@blueprint.post(f"{CELL}/hints/<id>")
@login_required
def save_hint(draft_id: int, phase: str, step: str, id: str) -> ResponseReturnValue:
    """Change, add (`new`) or take out a hint."""

    def keep(draft: DefinitionDraft, form: HintForm, version: int) -> None:
        said = (form.kind.data, form.department.data, form.text)
        if id == NEW:
            drafting.add_hint(db.session, draft, f"{phase}/{step}", *said, by=current_user, version=version)
        else:
            drafting.edit_hint(db.session, draft, id, *said, by=current_user, version=version)

    return _save_part(draft_id, phase, step, ("hint", id), HintForm, keep, drafting.remove_hint)


@blueprint.post(f"{CELL}/tasks/<id>")
@login_required
def save_task(draft_id: int, phase: str, step: str, id: str) -> ResponseReturnValue:
    """Change, add (`new`) or take out a task."""

    def keep(draft: DefinitionDraft, form: TaskForm, version: int) -> None:
        said = (form.values(), form.text)
        if id == NEW:
            drafting.add_task(db.session, draft, f"{phase}/{step}", *said, by=current_user, version=version)
        else:
            drafting.edit_task(db.session, draft, id, *said, by=current_user, version=version)

    return _save_part(draft_id, phase, step, ("task", id), TaskForm, keep, drafting.remove_task)


def _save_part(
    draft_id: int,
    phase: str,
    step: str,
    place: tuple[str, str],
    kind: Any,
    keep: Callable[[DefinitionDraft, Any, int], None],
    remove: Callable[..., None],
) -> ResponseReturnValue:
    """Take the part (its kind and id) out where that was pressed; otherwise keep what was typed of it."""
    part, id = place
    _draft, definition = _editable(draft_id)
    form = _typed(kind, definition, f"{part}-new" if id == NEW else id)
    version = version_of(form)
    if request.form.get("remove") and id != NEW:

        def take_out(draft: DefinitionDraft) -> None:
            remove(db.session, draft, id, by=current_user, version=version)

        return _save(draft_id, phase, step, place, None, take_out)
    return _save(draft_id, phase, step, place, form, lambda draft: keep(draft, form, version))

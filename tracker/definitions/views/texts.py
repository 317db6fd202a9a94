"""Editing the names and sentences of a draft (phases, steps, criteria, routes, categories, rules) and its numbers."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.definitions import queries
from tracker.definitions.forms import KIND_WORDS, SETTING_WORDS, TEXT_KINDS, NumberForm, SentenceForm
from tracker.definitions.operations import drafting
from tracker.definitions.views.blueprint import blueprint, version_of
from tracker.definitions.views.drafts import load_draft
from tracker.errors import Invalid, NotFound, Refused, Stale
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from workflows.definition import Definition
from workflows.editing import numbers_of
from workflows.text import Text


@blueprint.get("/admin/matrix/drafts/<int:draft_id>/texts/<kind>")
@login_required
def edit_texts(draft_id: int, kind: str) -> ResponseReturnValue:
    """All names or sentences of one kind, a form each."""
    return _page(draft_id, kind)


def _page(
    draft_id: int, kind: str, status: int = 200, typed: dict[str, Any] | None = None, message: Any = ""
) -> ResponseReturnValue:
    draft, definition = load_draft(draft_id)
    if definition is None or kind not in TEXT_KINDS:
        raise NotFound
    forms: dict[str, Any] = {}
    for key, text in texts_of(definition, kind).items():
        forms[key] = SentenceForm(None, prefix=f"{key}-", zh=text.zh, en=text.en)
    forms.update(typed or {})
    for form in forms.values():
        form.version.data = str(draft.version)
    return respond(
        "definitions/texts.html",
        status=status,
        draft=draft,
        kind=kind,
        kinds={key: KIND_WORDS[key] for key in TEXT_KINDS},
        forms=forms,
        message=message,
    )


def texts_of(definition: Definition, kind: str) -> dict[str, Text]:
    """The sentences of one kind by key."""
    match kind:
        case "phase":
            return {one.key: one.name for one in definition.phases}
        case "step":
            return {one.key: one.name for one in definition.steps}
        case "exit":
            return {one.id: one.text for phase in definition.phases for one in phase.exit}
        case "entry":
            return {one.id: one.text for phase in definition.phases for one in phase.entry}
        case "route":
            return {one.key: one.name for one in definition.routes}
        case "category":
            return {one.category: one.name for one in definition.windows}
    return {one.id: one.sentence for one in definition.rules}


@blueprint.post("/admin/matrix/drafts/<int:draft_id>/texts/<kind>/<key>")
@login_required
def save_text(draft_id: int, kind: str, key: str) -> ResponseReturnValue:
    """Change one of them."""
    form = SentenceForm(prefix=f"{key}-")
    if kind not in TEXT_KINDS:
        raise NotFound
    if not form.validate_on_submit():
        return _page(draft_id, kind, 422, {key: form})
    draft = queries.get_draft(db.session, current_user, draft_id)
    try:
        drafting.edit_text(db.session, draft, kind, key, form.text, by=current_user, version=version_of(form))
    except (Invalid, Refused, Stale) as error:
        db.session.rollback()
        return _page(draft_id, kind, error.status, {key: form}, error.message)
    db.session.commit()
    flash(_("Saved in the draft."))
    return go_to(url_for("definitions.edit_texts", draft_id=draft_id, kind=kind, _anchor=key))


@blueprint.get("/admin/matrix/drafts/<int:draft_id>/settings")
@login_required
def edit_settings(draft_id: int) -> ResponseReturnValue:
    """The numbers that an administrator can change, a form each."""
    return _settings_page(draft_id)


def _settings_page(
    draft_id: int, status: int = 200, typed: dict[str, Any] | None = None, message: Any = ""
) -> ResponseReturnValue:
    draft, definition = load_draft(draft_id)
    if definition is None:
        raise NotFound
    numbers = numbers_of(definition.settings)
    forms: dict[str, Any] = {path: NumberForm(None, prefix=f"{path}-", number=value) for path, value in numbers.items()}
    forms.update(typed or {})
    for path, form in forms.items():
        form.version.data = str(draft.version)
        form.number.label.text = SETTING_WORDS.get(path, path)
    return respond("definitions/settings.html", status=status, draft=draft, forms=forms, message=message)


@blueprint.post("/admin/matrix/drafts/<int:draft_id>/settings/<key>")
@login_required
def save_setting(draft_id: int, key: str) -> ResponseReturnValue:
    """Change one of them."""
    form = NumberForm(prefix=f"{key}-")
    if not form.validate_on_submit():
        return _settings_page(draft_id, 422, {key: form})
    draft = queries.get_draft(db.session, current_user, draft_id)
    try:
        drafting.set_setting(db.session, draft, key, form.number.data or 0, by=current_user, version=version_of(form))
    except (Invalid, Refused, Stale) as error:
        db.session.rollback()
        return _settings_page(draft_id, error.status, {key: form}, error.message)
    db.session.commit()
    flash(_("Saved in the draft."))
    return go_to(url_for("definitions.edit_settings", draft_id=draft_id, _anchor=key))

"""A draft: starting it, its grid, and giving it up."""

from __future__ import annotations

from functools import lru_cache

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.definitions import queries
from tracker.definitions.forms import FileForm
from tracker.definitions.models import DefinitionDraft
from tracker.definitions.operations import drafting
from tracker.definitions.views.blueprint import blueprint
from tracker.definitions.views.versions import overview_page
from tracker.errors import Invalid, Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from workflows.definition import Definition
from workflows.errors import DefinitionError
from workflows.loading import load


@blueprint.post("/admin/matrix/drafts")
@login_required
def start() -> ResponseReturnValue:
    """Start a draft from the newest version."""
    draft = drafting.start_draft(db.session, request.form.get("key", ""), by=current_user)
    db.session.commit()
    return go_to(url_for("definitions.draft", draft_id=draft.id))


@blueprint.post("/admin/matrix/drafts/file")
@login_required
def start_from_file() -> ResponseReturnValue:
    """Start a draft from somebody's YAML."""
    form = FileForm()
    if not form.validate_on_submit():
        return overview_page(form, 422)
    try:
        text = form.file.data.read(drafting.LONGEST + 1).decode("utf-8-sig")
        draft = drafting.start_draft_from_file(db.session, text, by=current_user)
    except UnicodeDecodeError:
        form.file.errors = [_("This file is not UTF-8.")]
        return overview_page(form, 422)
    except (Invalid, Refused) as error:
        db.session.rollback()
        form.file.errors = [error.message]
        return overview_page(form, 422)
    db.session.commit()
    return go_to(url_for("definitions.draft", draft_id=draft.id))


@blueprint.get("/admin/matrix/drafts/<int:draft_id>")
@login_required
def draft(draft_id: int) -> ResponseReturnValue:
    """The grid of a draft, and what is wrong with it."""
    found, definition = load_draft(draft_id)
    faults = drafting.faults_of(found) if definition is None else []
    return respond("definitions/draft.html", draft=found, definition=definition, faults=faults)


@blueprint.post("/admin/matrix/drafts/<int:draft_id>/discard")
@login_required
def discard(draft_id: int) -> ResponseReturnValue:
    """Give a draft up."""
    found = queries.get_draft(db.session, current_user, draft_id)
    version = request.form.get("version", type=int) or 0
    drafting.discard_draft(db.session, found, by=current_user, version=version)
    db.session.commit()
    flash(_("The draft is discarded."))
    return go_to(url_for("definitions.overview"))


def load_draft(draft_id: int) -> tuple[DefinitionDraft, Definition | None]:
    """A draft and what it defines, None while it has faults: a file is then mended outside and brought again."""
    found = queries.get_draft(db.session, current_user, draft_id)
    return found, _parsed(found.source)


@lru_cache(maxsize=8)
def _parsed(source: str) -> Definition | None:
    try:
        return load(source + "\n")
    except DefinitionError:
        return None

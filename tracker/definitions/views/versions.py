"""The definitions and their versions, as published."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.definitions import queries
from tracker.definitions.forms import FileForm
from tracker.definitions.operations import drafting, publishing
from tracker.definitions.views.blueprint import blueprint
from tracker.errors import NotFound
from tracker.exports.company import VERSIONS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import chosen_key, list_newest
from tracker.reader import current_user
from workflows.definition import Definition


@blueprint.get("/admin/matrix")
@login_required
def overview() -> ResponseReturnValue:
    """All definitions with their versions, the open drafts, and what new projects take."""
    if format_asked():
        return send_list(VERSIONS, queries.list_versions(db.session, current_user))
    return overview_page(FileForm())


def overview_page(form: FileForm, status: int = 200) -> ResponseReturnValue:
    """The page, perhaps with a form that was not accepted."""
    lines = queries.list_versions(db.session, current_user)
    newest = list_newest(db.session)
    return respond(
        "definitions/overview.html",
        status=status,
        newest=newest,
        lines={one.key: [line for line in lines if line.key == one.key] for one in newest},
        drafts=queries.list_drafts(db.session, current_user),
        chosen=chosen_key(db.session),
        shipped=queries.list_shipped(db.session),
        form=form,
    )


@blueprint.post("/admin/matrix/choice")
@login_required
def choose() -> ResponseReturnValue:
    """Let new projects take another definition."""
    publishing.choose_definition(db.session, request.form.get("key", ""), by=current_user)
    db.session.commit()
    flash(_("New projects take this matrix from now on."))
    return go_to(url_for("definitions.overview"))


@blueprint.get("/admin/matrix/versions/<key>/<int:version>")
@login_required
def version(key: str, version: int) -> ResponseReturnValue:
    """The whole grid of one version."""
    definition = queries.get_version(db.session, current_user, key, version)
    lines = queries.list_versions(db.session, current_user)
    line = next((line for line in lines if (line.key, line.version) == (key, version)), None)
    return respond("definitions/version.html", definition=definition, line=line)


@blueprint.get("/admin/matrix/versions/<key>/<int:version>/cells/<phase>/<step>")
@login_required
def cell(key: str, version: int, phase: str, step: str) -> ResponseReturnValue:
    """One cell of a version: its hints and tasks."""
    definition = queries.get_version(db.session, current_user, key, version)
    return respond("definitions/cell.html", definition=definition, cell=cell_of(definition, phase, step))


@blueprint.get("/admin/matrix/versions/<key>/<int:version>.yaml")
@login_required
def source(key: str, version: int) -> ResponseReturnValue:
    """The YAML of a version, to be kept or edited elsewhere."""
    queries.get_version(db.session, current_user, key, version)
    answer = Response(drafting.source_of(db.session, key, version), mimetype="application/yaml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-{version}.yaml")
    return answer


def cell_of(definition: Definition, phase: str, step: str) -> object:
    """A cell, or NotFound."""
    found = definition.lookups["cell"].get((phase, step))
    if found is None:
        raise NotFound
    return found

"""The difference, the dry run, and publishing."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.definitions import dry_run, queries
from tracker.definitions.background import start_in_background
from tracker.definitions.forms import CHANGE_WORDS, FIELD_WORDS, KIND_WORDS, PLACE_WORDS, PlanForm, PublishForm
from tracker.definitions.models import DefinitionDraft
from tracker.definitions.operations import drafting, following, publishing
from tracker.definitions.views.blueprint import blueprint, version_of
from tracker.definitions.views.drafts import load_draft
from tracker.errors import Invalid, NotFound, Refused, Stale
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, lang
from tracker.reader import current_user
from workflows.comparing import compare, texts_of
from workflows.definition import Definition
from workflows.errors import Fault
from workflows.text import Text


@blueprint.get("/admin/matrix/drafts/<int:draft_id>/difference")
@login_required
def difference(draft_id: int) -> ResponseReturnValue:
    """Old and new side by side; what is only text apart from what changes behaviour."""
    draft, definition = load_draft(draft_id)
    if definition is None or draft.base_version is None:
        raise NotFound
    base = queries.get_version(db.session, current_user, draft.key, draft.base_version)
    found = compare(base, definition).differences
    return respond(
        "definitions/difference.html",
        draft=draft,
        behaviour=[one for one in found if one.behaves],
        texts=[one for one in found if not one.behaves],
        lines=lambda name, value: side_lines(definition, base, name, value),
        kinds=KIND_WORDS,
        fields=FIELD_WORDS,
        changes=CHANGE_WORDS,
    )


def side_lines(new: Definition, old: Definition, name: str, value: Any) -> list[tuple[str, str]]:
    """(language or '', line) of one side of a difference: a sentence in both languages, keys by their names."""
    if isinstance(value, Text):
        return [(language, value.get(language)) for language in ("zh", "en") if value.get(language)]
    if isinstance(value, tuple) and value and all(isinstance(item, Text) for item in value):
        return [(language, "; ".join(item.get(language) for item in value)) for language in ("zh", "en")]
    if isinstance(value, str):
        return [("", _name(new, name, value) or _name(old, name, value) or value)] if value else []
    return [("", line) for line in texts_of(value, lang())]


def _name(definition: Definition, field: str, key: str) -> str:
    """What a key in this field is called, '' where it is no key."""
    kinds: dict[str, Any] = {
        "department": definition.departments,
        "owner": definition.departments,
        "evidence": definition.evidence_kinds,
        "kind": definition.hint_kinds,
        "status": definition.cell_statuses,
        "action": definition.actions,
    }
    if field == "cell":
        place = definition.lookups["cell"].get(tuple(key.split("/")))
        return definition.cell_name(place.phase, place.step).get(lang()) if place else ""
    if field == "anchor":
        said = definition.anchors.get(key)
        return said.get(lang()) if said else ""
    return next((one.name.get(lang()) for one in kinds.get(field, ()) if one.key == key), "")


@blueprint.get("/admin/matrix/drafts/<int:draft_id>/dry-run")
@login_required
def rehearse(draft_id: int) -> ResponseReturnValue:
    """What publishing would do to the open projects, by the plan in the address."""
    draft, definition = load_draft(draft_id)
    form = PlanForm(request.args)
    form.offer(queries.list_groups(db.session))
    plan = PublishForm(None, follow=form.follow.data, mapping=form.mapping.data, version=str(draft.version))
    status = 200 if not request.args.get("mapping") or form.validate_mapping_only() else 422
    return _rehearsal(draft, definition, plan, status, form.mapping.errors)


def _rehearsal(
    draft: DefinitionDraft,
    definition: Definition | None,
    form: PublishForm,
    status: int = 200,
    mapping_errors: Any = (),
    message: Any = "",
    faults: list[Fault] | None = None,
) -> ResponseReturnValue:
    groups = queries.list_groups(db.session)
    form.offer(groups)
    form.version.data = str(draft.version)
    if mapping_errors:
        form.mapping.errors = list(mapping_errors)
    faults = drafting.faults_of(draft) if faults is None else faults
    effects = []
    if definition is not None and not faults and not mapping_errors:
        relevant = [(key, version) for key, version, _live in groups if key == draft.key or form.follow.data]
        effects = dry_run.judge_by_cell(db.session, definition, relevant, form.key_mapping)
    return respond(
        "definitions/dry_run.html",
        status=status,
        draft=draft,
        definition=definition,
        form=form,
        faults=faults,
        effects=effects,
        message=message,
        places=PLACE_WORDS,
    )


@blueprint.get("/admin/matrix/drafts/<int:draft_id>/dry-run/<key>/<int:version>")
@login_required
def touched(draft_id: int, key: str, version: int) -> ResponseReturnValue:
    """The open projects of one version that stand in a cell in which something changes, paged."""
    draft, definition = load_draft(draft_id)
    form = PlanForm(request.args)
    if definition is None or not form.validate_mapping_only():
        raise NotFound
    queries.get_version(db.session, current_user, key, version)
    (effect,) = dry_run.judge_by_cell(db.session, definition, [(key, version)], form.key_mapping)
    page = dry_run.list_touched(db.session, current_user, effect, request.args.get("page", 1, type=int))
    old = queries.get_version(db.session, current_user, key, version)
    return respond("definitions/touched.html", draft=draft, definition=old, page=page, effect=effect)


@blueprint.post("/admin/matrix/drafts/<int:draft_id>/publish")
@login_required
def publish(draft_id: int) -> ResponseReturnValue:
    """Publish the draft, and have the chosen projects follow in the background."""
    draft, definition = load_draft(draft_id)
    form = PublishForm()
    form.offer(queries.list_groups(db.session))
    if not form.validate_on_submit():
        return _rehearsal(draft, definition, form, 422, form.mapping.errors)
    plan: dict[str, Any] = {"reason": form.reason.data or "", "follow": form.groups, "mapping": form.key_mapping}
    try:
        publication = publishing.publish_draft(db.session, draft, by=current_user, version=version_of(form), **plan)
    except (Invalid, Refused, Stale) as error:
        db.session.rollback()
        draft, definition = load_draft(draft_id)
        wrong = [error.message] if getattr(error, "field", "") == "mapping" else []
        return _rehearsal(draft, definition, form, error.status, wrong, error.message)
    db.session.commit()
    if publication.state == "running":
        start_in_background(current_app._get_current_object(), publication.id, current_user.id)  # type: ignore[attr-defined]
    flash(_("Published."))
    return go_to(url_for("definitions.publication", publication_id=publication.id))


@blueprint.get("/admin/matrix/publications/<int:publication_id>")
@login_required
def publication(publication_id: int) -> ResponseReturnValue:
    """How far the projects have followed, and what came of it."""
    found = queries.get_publication(db.session, current_user, publication_id)
    return respond(
        "definitions/publication.html", "progress", publication=found, broken=following.has_broken_off(found)
    )


@blueprint.post("/admin/matrix/publications/<int:publication_id>")
@login_required
def go_on(publication_id: int) -> ResponseReturnValue:
    """Have the projects follow on where it broke off."""
    found = queries.get_publication(db.session, current_user, publication_id)
    following.take_up(db.session, found, by=current_user)
    db.session.commit()
    start_in_background(current_app._get_current_object(), found.id, current_user.id)  # type: ignore[attr-defined]
    flash(_("It goes on."))
    return go_to(url_for("definitions.publication", publication_id=publication_id))

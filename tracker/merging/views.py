"""The pages on which two of a kind become one, and two again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, can, require
from tracker.atoms import picks
from tracker.contacts.wording import PREFERRED
from tracker.errors import Invalid, NotFound, Refused
from tracker.exports.offices import MERGES
from tracker.exports.queries import stream_merges
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, _n, lang
from tracker.matrix.definitions import current_definition
from tracker.merging import operations, queries
from tracker.merging.forms import FIELD_WORDS, MergeForm, table_words
from tracker.merging.operations.merging import FIELDS
from tracker.reader import current_user

blueprint = Blueprint("merging", __name__)
BLUEPRINTS = (blueprint,)
PAGES = {
    "lead": ("leads.page", "lead_id"),
    "project": ("matrix.project", "project_id"),
    "party": ("parties.page", "party_id"),
    "contact": ("contacts.page", "contact_id"),
}


def page_of_thing(kind: str, key: int) -> str:
    """Where something of a kind has its page."""
    endpoint, name = PAGES[kind]
    values: dict[str, Any] = {name: key}
    return url_for(endpoint, **values)


@blueprint.get("/merge/<kind>/<int:kept>")
@login_required
def choose(kind: str, kept: int) -> ResponseReturnValue:
    """Look for the one to merge with; what was merged into this one already, to take it back."""
    side = _side(kind, kept)
    q = request.args.get("q", side.name).strip()[:100]
    others = queries.list_others(db.session, current_user, kind, side, q)
    merges = queries.list_merges_of(db.session, kind, kept)
    stayed = queries.list_staying(db.session, current_user, kind, [row.gone_id for row in merges])
    return respond(
        "merging/choose.html",
        "others",
        kind=kind,
        kept=side,
        q=q,
        others=others,
        merges=merges,
        names=queries.names_of(db.session, merges),
        stayed={row.gone_id: [one for one in stayed if one.gone_id == row.gone_id] for row in merges},
        table_words=table_words(kind),
        about=_about,
        address=page_of_thing(kind, kept),
    )


@blueprint.get("/merge/<kind>/<int:kept>/<int:gone>")
@login_required
def page(kind: str, kept: int, gone: int) -> ResponseReturnValue:
    """The two side by side: what would be taken over, what would go along."""
    return _page(kind, _side(kind, kept), _side(kind, gone), MergeForm(formdata=None))


@blueprint.post("/merge/<kind>/<int:kept>/<int:gone>")
@login_required
def do_merge(kind: str, kept: int, gone: int) -> ResponseReturnValue:
    """Make one of the two."""
    into = queries.find_kept(db.session, kind, gone) if kind in PAGES else None
    if into == kept:  # the form was sent twice
        _side(kind, kept)
        return go_to(page_of_thing(kind, kept))
    sides = _side(kind, kept), _side(kind, gone)
    form = MergeForm()
    if not form.validate_on_submit():
        return _page(kind, *sides, form, 422)
    take = tuple(form.take.data or ())
    try:
        operations.merge(db.session, kind, *sides, by=current_user, reason=form.reason.data or "", take=take)
    except Refused as error:
        db.session.rollback()
        if isinstance(error, Invalid):
            form.reason.errors = [error.message]
        return _page(kind, _side(kind, kept), _side(kind, gone), form, 422, str(error.message))
    db.session.commit()
    flash(_("They are one now. It can be taken back under “Entered twice?”."))
    if stayed := queries.list_staying(db.session, current_user, kind, [gone]):
        flash(
            _n(
                "%(num)d entry stays with the old one, since the kept one has the like. “Entered twice?” names it.",
                "%(num)d entries stay with the old one, since the kept one has the like. “Entered twice?” names them.",
                len(stayed),
            )
        )
    return go_to(page_of_thing(kind, kept))


@blueprint.get("/merges")
@login_required
def list_page() -> ResponseReturnValue:
    """What was merged, and by whom."""
    require(current_user, Action.MERGE)
    if format_asked():
        return send_list(MERGES, stream_merges(db.session, current_user))
    found = queries.list_merges(db.session, current_user, request.args.get("page", 1, type=int))
    names = queries.names_of(db.session, found.items)
    return respond("merging/list.html", page=found, names=names, address=page_of_thing)


@blueprint.post("/merges/<int:merge_id>/undo")
@login_required
def undo(merge_id: int) -> ResponseReturnValue:
    """Make two of it again."""
    row = queries.get_merge(db.session, current_user, merge_id)
    kind, kept = row.kind, row.kept_id
    try:
        operations.undo_merge(db.session, row, by=current_user)
    except Refused as error:
        db.session.rollback()
        flash(str(error.message))
        return go_to(page_of_thing(kind, kept))
    db.session.commit()
    flash(_("They are two again."))
    return go_to(page_of_thing(kind, kept))


def _side(kind: str, key: int) -> Any:
    found = queries.get_side(db.session, current_user, kind, key)
    require(current_user, Action.MERGE, found)
    return found


def _page(
    kind: str, kept: Any, gone: Any, form: MergeForm, status: int = 200, message: str = ""
) -> ResponseReturnValue:
    if kept.id == gone.id:
        raise NotFound
    fields = [(name, FIELD_WORDS[name], getattr(kept, name), getattr(gone, name)) for name in FIELDS[kind]]
    differing = [line for line in fields if line[2] != line[3]]
    staying = queries.list_staying(db.session, current_user, kind, [gone.id], kept.id)
    words = _words_of(kind)
    if not form.is_submitted():
        form.take.data = [name for name, _words, mine, other in differing if mine in (None, "") and other]
    return respond(
        "merging/page.html",
        status=status,
        kind=kind,
        kept=kept,
        gone=gone,
        fields=[(name, label, words(name, mine), words(name, other)) for name, label, mine, other in differing],
        belongings=queries.count_belongings(db.session, kind, kept, gone, staying),
        staying=staying,
        about=_about,
        table_words=table_words(kind),
        refusal=operations.why_not(db.session, kind, kept, gone),
        form=form,
        message=message,
        address=page_of_thing,
        definition=current_definition(),
    )


def _words_of(kind: str) -> Callable[[str, Any], Any]:
    """How a field's value is read: keys of the definition by their names."""
    definition, language = current_definition(), lang()
    steps = {step.key: step.name.get(language) for step in definition.steps}
    kinds = picks(definition, "participant_kinds" if kind == "party" else "project_types")
    known = {"step": steps, "kind": kinds, "source": picks(definition, "lead_sources"), "preferred_way": PREFERRED}
    return lambda name, value: known.get(name, {}).get(value, value)


def _about(one: queries.Staying) -> str:
    """The role, department or category of what stays, in words; empty where it has none."""
    definition = current_definition()
    known = {
        "lead_category": {window.category: window.name.get(lang()) for window in definition.windows},
        "project_member": {key.key: key.name.get(lang()) for key in definition.departments},
        "lead_party": picks(definition, "participant_kinds"),
        "project_party": picks(definition, "participant_kinds"),
        "party_role": picks(definition, "participant_kinds"),
    }
    words = known.get(one.table) or picks(definition, "relationship_roles")
    return words.get(one.about, one.about) if one.about else ""


def merged_part(kind: str, thing: Any) -> dict[str, Any]:
    """What the page of something needs to offer merging."""
    return {"merge_kind": kind, "can_merge": can(current_user, Action.MERGE, thing) and thing.merged_into_id is None}


def kept_page(kind: str, key: int) -> str:
    """Where the one is to be found into which something was merged; NotFound where it was not."""
    into = queries.find_kept(db.session, kind, key)
    if into is None:
        raise NotFound
    return page_of_thing(kind, into)

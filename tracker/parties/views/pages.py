"""Parties (firms)."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, may
from tracker.errors import Invalid, NotFound, Stale
from tracker.exports.listings import PARTIES
from tracker.exports.queries import stream_parties
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.matrix.queries.portfolio import load_portfolio
from tracker.merging.views import kept_page, merged_part
from tracker.parties import operations, queries
from tracker.parties.forms import CURRENCIES, ContactForm, PartyForm
from tracker.parties.licences import odd_code
from tracker.parties.queries import families, figures, fingerprint, listing
from tracker.parties.views.blueprint import blueprint, editors_only
from tracker.parties.views.wording import WORDS
from tracker.projects.queries import Filters
from tracker.reader import current_user
from tracker.stale import both_versions
from tracker.team.queries import list_regions


@blueprint.get("/parties")
@login_required
def list_page() -> ResponseReturnValue:
    """Firms by name, by what was won or is open with them, or the valuable ones that were left alone."""
    staff_only()
    filters = _filters()
    if format_asked():
        return send_list(PARTIES, stream_parties(db.session, current_user, filters))
    page = listing.list_parties(db.session, current_user, filters, request.args.get("page", 1, type=int))
    return respond(
        "parties/list.html",
        page=page,
        filters=filters,
        worth=listing.load_worth(db.session, current_user, page.items),
        currencies=[key for key, _name in CURRENCIES],
        today=clock.today(),
        neglected_after=listing.NEGLECTED_AFTER,
        definition=current_definition(),
        can_add=may(current_user, Action.PARTY_EDIT),
    )


def _filters() -> listing.PartyFilters:
    """What the address asks for; what makes no sense counts as not asked."""
    said = request.args
    sort, currency = said.get("sort", "name"), said.get("currency", listing.CURRENCY)
    return listing.PartyFilters(
        q=said.get("q", "").strip()[:200],
        kind=said.get("kind", ""),
        sort=sort if sort in listing.SORTS else "name",
        currency=currency if currency in dict(CURRENCIES) else listing.CURRENCY,
    )


@blueprint.get("/parties/pick")
@login_required
def pick() -> ResponseReturnValue:
    """Options for a datalist: firms whose name contains what is being typed."""
    q = request.args.get("q", "").strip()[:200]
    found = queries.suggest_parties(db.session, current_user, q) if len(q) >= 2 else ()
    return make_response(render_template("parties/_options.html", parties=found))


@blueprint.get("/parties/new")
@login_required
def new() -> ResponseReturnValue:
    """The form for a new firm."""
    editors_only()
    return _party_form(_offered(PartyForm()))


@blueprint.post("/parties/new")
@login_required
def add() -> ResponseReturnValue:
    """Add a firm; the same firm by another spelling is shown instead of entered twice."""
    editors_only()
    form = _offered(PartyForm())
    if not form.validate_on_submit() or not _finds_parent(form):
        return _party_form(form, 422)
    same = queries.find_same_firm(db.session, form.name.data or "", form.credit_code.data)
    if same is not None and "anyway" not in request.form:
        return _party_form(form, 422, same=same)
    party = operations.add_party(db.session, by=current_user, parent=_parent(form), **form.values())
    db.session.commit()
    flash(_("Added."))
    _warn_of_code(party)
    return go_to(url_for("parties.page", party_id=party.id))


@blueprint.get("/parties/<int:party_id>")
@login_required
def page(party_id: int) -> ResponseReturnValue:
    """A firm with its people and its projects."""
    staff_only()
    try:
        party = queries.get_party(db.session, current_user, party_id)
    except NotFound:
        return go_to(kept_page("party", party_id))
    return respond("parties/page.html", form=ContactForm(), **_party_context(party), **_business(party))


@blueprint.post("/parties/<int:party_id>/contacts")
@login_required
def add_contact(party_id: int) -> ResponseReturnValue:
    """Add a person at the firm."""
    party = queries.get_party(db.session, current_user, party_id)
    editors_only()
    form = ContactForm()
    if not form.validate_on_submit():
        return respond("parties/page.html", status=422, form=form, **_party_context(party), **_business(party))
    operations.add_contact(db.session, party, by=current_user, **form.values())
    db.session.commit()
    flash(_("Added."))
    return go_to(url_for("parties.page", party_id=party_id))


def _business(party: Any) -> dict[str, Any]:
    """What the firm, or the group below it, is worth to us, and the picture of its projects' matrices."""
    session, today, definition = db.session, clock.today(), current_definition()
    family = families.load_family(session, current_user, party)
    below = [one.id for one in family if one.depth >= 0]
    alone = "alone" in request.args
    ids = [party.id] if alone else below
    found = figures.load_figures(session, current_user, ids, today)
    role = request.args.get("as", "")
    print_ = fingerprint.load_fingerprint(session, current_user, ids, definition, role) if found.projects else None
    return {
        "family": family,
        "alone": alone,
        "figures": found,
        "contribution": _contribution(found, today),
        "wallet": families.load_wallet(session, party, ids, found),
        "fingerprint": print_,
        "role": role,
        "joined": queries.list_joined_projects(session, current_user, ids) if found.projects else (),
        "today": today,
    }


def _contribution(found: figures.Figures, today: Any) -> float | None:
    """The firm's part of the value of all won projects that the user sees, where all its own are in one currency."""
    if len(found.standing_won) != 1:
        return None
    whole = load_portfolio(db.session, current_user, Filters(today=today, state="won")).total.value
    return float(next(iter(found.standing_won.values())) / whole) if whole else None


def _party_context(party: Any) -> dict[str, Any]:
    return {
        "party": party,
        "contacts": queries.list_people(db.session, current_user, party),
        "held": families.load_held(db.session, party),
        "words": WORDS,
        "definition": current_definition(),
        "can_edit": may(current_user, Action.PARTY_EDIT),
        **merged_part("party", party),
    }


@blueprint.get("/parties/<int:party_id>/edit")
@login_required
def edit(party_id: int) -> ResponseReturnValue:
    """The form with the firm's data."""
    party = queries.get_party(db.session, current_user, party_id)
    editors_only()
    return _party_form(_offered(PartyForm(obj=party)), party=party)


@blueprint.post("/parties/<int:party_id>/edit")
@login_required
def save(party_id: int) -> ResponseReturnValue:
    """Change the firm's data; a stale page comes back with both versions."""
    party = queries.get_party(db.session, current_user, party_id)
    editors_only()
    form = _offered(PartyForm())
    if not form.validate_on_submit() or not _finds_parent(form):
        return _party_form(form, 422, party=party)
    holder = operations.holder_of(db.session, form.credit_code.data or "", but=party)
    if holder is not None and "anyway" not in request.form:
        return _party_form(form, 422, party=party, same=holder)
    version = request.form.get("version", type=int) or 0
    try:
        values = {**form.values(), "parent": _parent(form)}
        operations.edit_party(db.session, party, by=current_user, version=version, **values)
    except Invalid as error:
        db.session.rollback()
        form.parent_name.errors = [error.message]
        return _party_form(form, 422, party=queries.get_party(db.session, current_user, party_id))
    except Stale:
        db.session.rollback()
        party = queries.get_party(db.session, current_user, party_id)
        return _party_form(form, 409, party=party, changed=both_versions(form, party))
    db.session.commit()
    flash(_("Saved."))
    _warn_of_code(party)
    return go_to(url_for("parties.page", party_id=party_id))


def _offered(form: PartyForm) -> PartyForm:
    form.offer(current_definition(), list_regions(db.session))
    return form


def _parent(form: PartyForm) -> Any:
    """The firm above, found by any name it is known by."""
    name = (form.parent_name.data or "").strip()
    return queries.find_same_firm(db.session, name) if name else None


def _finds_parent(form: PartyForm) -> bool:
    if not (form.parent_name.data or "").strip() or _parent(form) is not None:
        return True
    form.parent_name.errors = [_("No firm of this name is there yet. Add it first, then put this one under it.")]
    return False


def _warn_of_code(party: Any) -> None:
    """Say what is odd about a credit code that was kept as it was typed."""
    if party.credit_code and (odd := odd_code(party.credit_code)):
        flash(str(odd), "warning")


def _party_form(form: PartyForm, status: int = 200, **context: Any) -> ResponseReturnValue:
    plain = {"party": None, "same": None, "changed": None}
    return respond("parties/edit.html", status=status, form=form, **{**plain, **context})

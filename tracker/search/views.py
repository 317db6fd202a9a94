"""Search of everything: its page, a page of one kind, and what is offered while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import is_dealer
from tracker.addresses import url_for
from tracker.extensions import db
from tracker.htmx import respond
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.newcomers.finding import Known, find_known
from tracker.newcomers.wording import KINDS as KNOWN_KINDS
from tracker.paging import Page
from tracker.reader import current_user
from tracker.search import beside, queries

blueprint = Blueprint("search", __name__)
BLUEPRINTS = (blueprint,)

KIND_NAMES: dict[str, Any] = {
    "projects": _l("Projects"),
    "leads": _l("Leads"),
    "parties": _l("Parties"),
    "contacts": _l("Contacts"),
    "records": _l("Records"),
}
ALSO_NAMES: dict[str, Any] = {
    "registrations": _l("Registrations"),
    "documents": _l("Documents"),
    "photos": _l("Photos"),
    "agreements": _l("Frame agreements"),
    "people": _l("Colleagues"),
}
FIELD_NAMES: dict[str, Any] = {
    "other_names": _l("Other name"),
    "address": _l("Address"),
    "plot_number": _l("Plot number"),
    "phone": _l("Phone"),
    "post": _l("Post"),
    "email": _l("E-mail"),
    "short_name": _l("Short name"),
    "note": _l("Note"),
    "text": _l("What happened"),
    "next_step": _l("Next step"),
}


@blueprint.get("/search")
@login_required
def page() -> ResponseReturnValue:
    """What holds the words, by kind, or (`kind`) a page of one kind alone."""
    q, kind = request.args.get("q", "").strip()[: queries.LONGEST], request.args.get("kind", "")
    kind = kind if kind in queries.KINDS else ""
    number = max(1, min(request.args.get("page", 1, type=int), queries.FARTHEST))
    found = queries.search(db.session, current_user, q, kind=kind, page=number)
    has_next = kind in found.more and number < queries.FARTHEST
    known = _known(q, 12) if not kind and number == 1 else ()
    pages: Page[Any] = Page(found.hits.get(kind, ()), number, has_next, queries.SIZE)
    return respond("search/page.html", "results", q=q, kind=kind, found=found, pages=pages, known=known, **_words())


@blueprint.get("/search/more")
@login_required
def more() -> ResponseReturnValue:
    """What else holds the words: papers, pictures, registrations, agreements, colleagues. The page asks for it."""
    q = request.args.get("q", "").strip()[: beside.LONGEST]
    also = beside.search_beside(db.session, current_user, q)
    return respond("search/more.html", "also", q=q, also=also, also_kinds=ALSO_NAMES, also_address=_also_address)


def _also_address(also: beside.Also) -> str:
    """The page on which it is at home; of a document the file."""
    match also.kind:
        case "documents":
            return url_for("documents.download", token=also.key)
        case "photos":
            return url_for("gallery.page", token=also.key)
        case "agreements":
            return url_for("accounts.agreement", agreement_id=also.key)
        case "people":
            return url_for("team.person", user_id=also.key)
    home = "registrations.mine_page" if is_dealer(current_user) else "registrations.page"
    return url_for(home, registration_id=also.key)


@blueprint.get("/search/suggestions")
@login_required
def suggestions() -> ResponseReturnValue:
    """The best few of each kind, for the box that opens over any page."""
    q = request.args.get("q", "").strip()[: queries.LONGEST]
    found = queries.search(db.session, current_user, q, most=queries.SUGGESTED)
    return respond("search/_suggestions.html", q=q, found=found, known=_known(q, 3), **_words())


def _known(q: str, most: int) -> Sequence[Known]:
    """What the cells of the matrix know about it; it is our own knowledge, not a dealer's."""
    return () if is_dealer(current_user) else find_known(current_definition(), q, most=most)


def _words() -> dict[str, Any]:
    return {"kinds": KIND_NAMES, "fields": FIELD_NAMES, "address_of": _address, "definition": current_definition(),
            "known_kinds": KNOWN_KINDS}  # fmt: skip


def _address(row: queries.Row) -> str:
    """The page on which something found is at home; a record's is its cell, or the lead it was logged on."""
    match row.kind:
        case "projects":
            return url_for("matrix.project", project_id=row.id)
        case "leads":
            return url_for("leads.page", lead_id=row.id)
        case "parties":
            return url_for("parties.page", party_id=row.id)
        case "contacts":
            return url_for("contacts.page", contact_id=row.id)
    if row.project_id is None:
        return url_for("leads.page", lead_id=row.lead_id)
    return url_for("matrix.cell", project_id=row.project_id, phase=row.phase, step=row.step)

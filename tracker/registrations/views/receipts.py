"""A receipt for a line of the register: what was on record at which moment, with its hash; as page and as PDF."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from flask import Response, flash, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import is_dealer
from tracker.extensions import db
from tracker.filters import said
from tracker.htmx import go_to, respond
from tracker.i18n import _, lang
from tracker.matrix.definitions import current_definition
from tracker.paper import Facts, Heading, Paper, PaperFault, Text, draw
from tracker.reader import current_user
from tracker.registrations.models import RegisterEntry
from tracker.registrations.queries.registrations import get_entry, get_registration
from tracker.registrations.views.blueprint import blueprint
from tracker.registrations.wording import DEED_NAMES, OUTCOME_NAMES, PROOF_NAMES, WORD_NAMES
from workflows.definition import Definition

Fact = tuple[str, str, bool]
"""What it is, what is kept of it, and whether somebody typed that."""


@blueprint.get("/registrations/<int:registration_id>/receipts/<int:entry_id>")
@login_required
def receipt(registration_id: int, entry_id: int) -> ResponseReturnValue:
    """For the dealer of the registration, and for ours who see it."""
    registration = get_registration(db.session, current_user, registration_id)
    entry = get_entry(db.session, current_user, registration_id, entry_id)
    content = json.loads(entry.content)
    return respond(
        "registrations/receipt.html",
        registration=registration,
        entry=entry,
        content=content,
        facts=list(_facts(entry, content)),
        reason_name=_reason_name(entry),
        chain=chain_words(),
        own=is_dealer(current_user),
    )


@blueprint.get("/registrations/<int:registration_id>/receipts/<int:entry_id>.pdf")
@login_required
def receipt_paper(registration_id: int, entry_id: int) -> ResponseReturnValue:
    """The same as a PDF in the reader's language."""
    get_registration(db.session, current_user, registration_id)
    entry = get_entry(db.session, current_user, registration_id, entry_id)
    paper = _paper(entry)
    db.session.rollback()  # the reading is over: drawing takes its time
    try:
        drawn = draw(paper)
    except PaperFault:
        flash(_("The PDF could not be drawn now. Print this page instead."), "danger")
        return go_to(url_for("registrations.receipt", registration_id=registration_id, entry_id=entry_id))
    answer: Response = send_file(
        io.BytesIO(drawn), mimetype="application/pdf", as_attachment=True, download_name=f"receipt-{entry_id}.pdf"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _paper(entry: RegisterEntry) -> Paper:
    content = json.loads(entry.content)
    parts: list[Any] = [Facts([(label, value) for label, value, _typed in _facts(entry, content)])]
    if content["reason"]:
        parts += [Heading(_reason_name(entry), 2), Text(content["reason"])]
    chain = [(_("Hash (SHA-256)"), entry.hash), (_("The entry before"), entry.previous)]
    return Paper(
        title=_("Receipt"),
        subtitle=content["name"],
        parts=[*parts, Heading(_("In the register"), 2), Facts(chain), Text(chain_words(), small=True)],
        language=lang(),
        footer=_("Register of registrations, entry %(number)s", number=entry.id),
        page_of=_("Page {page} of {pages}"),
    )


def chain_words() -> str:
    """What the numbers mean."""
    return _(
        "The register is a chain: this number is made of everything the entry says and of the entry before it. "
        "Whoever changes one breaks all that follow."
    )


def _reason_name(entry: RegisterEntry) -> str:
    """What the words of an entry are: a ruling's reasons, what was handed in, or what we answered."""
    if entry.deed == "ruled":
        return _("Reasons")
    return _("What was handed in") if entry.deed in ("progress", "evidence", "appealed") else _("In words")


def _facts(entry: RegisterEntry, content: dict[str, Any]) -> Iterator[Fact]:
    """Everything that the entry keeps and its reader may know, in the order of the page."""
    definition = current_definition()
    yield _("Entry"), str(entry.id), False
    yield _("What was done"), str(DEED_NAMES.get(entry.deed, entry.deed)), False
    yield _("When"), clock.local(entry.at).isoformat(" ", "seconds"), False
    yield _("State"), said(definition.picklist("dealer_registration").get(content["state"]).name), False
    yield from _ruled(definition, content)
    if content.get("what"):
        yield _("What it proves"), str(PROOF_NAMES.get(content["what"], content["what"])), False
    if content["word"]:
        yield _("The site was"), str(WORD_NAMES[content["word"]]), False
    if content["protected_to"]:
        yield _("Protected until"), content["protected_to"], False
    yield from _site(definition, content)
    for name, checksum in content.get("files", ()):
        yield _("File"), f"{name}\nSHA-256 {checksum}", True


def _ruled(definition: Definition, content: dict[str, Any]) -> Iterator[Fact]:
    """What a ruling said for this side; what the other got is not on this side's paper."""
    if content.get("outcome"):
        yield _("The ruling"), str(OUTCOME_NAMES[content["outcome"]]), False
    orders = {one["key"]: one for one in definition.picklist("dealer_registration").extra["arbitration_order"]}
    if content.get("order") in orders:
        yield _("By which order"), orders[content["order"]][lang()], False
    if content.get("share") is not None:
        yield _("Share"), f"{content['share']} %", False


def _site(definition: Definition, content: dict[str, Any]) -> Iterator[Fact]:
    """The site as it was registered."""
    names = {window.category: said(window.name) for window in definition.windows}
    kinds = {one.key: said(one.name) for one in definition.picklist("project_types").items}
    place = None
    if content["latitude"] is not None and content["longitude"] is not None:
        place = f"{content['latitude']:.5f}, {content['longitude']:.5f}"
    kept: list[tuple[str, str | None, bool]] = [
        (_("Name of the site"), content["name"], True),
        (_("Address"), content["address"], True),
        (_("Place"), place, False),
        (_("Plot number"), content["plot_number"], True),
        (_("Developer"), content["developer"], True),
        (_("What is being built"), kinds.get(content["kind"] or ""), False),
        (_("Materials"), ", ".join(names.get(key, key) for key in content["categories"]), False),
        (_("Buildings"), ", ".join(content["buildings"]), True),
        (_("Expected quantity"), content["quantity"], True),
        (_("How you know of it"), content["source"], True),
    ]
    yield from ((label, value, typed) for label, value, typed in kept if value)

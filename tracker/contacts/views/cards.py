"""vCards: people come in from a file after somebody looked at them, and one goes out for a phone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.contacts import operations, queries
from tracker.contacts.forms import CardsForm
from tracker.contacts.vcards import LARGEST, MOST_CARDS, Card, NoCards, read_cards, write_card
from tracker.contacts.views.blueprint import blueprint
from tracker.contacts.wording import NUMBERS, WAYS
from tracker.duplicates.queries import Likely, load_likely
from tracker.duplicates.wording import WORDS
from tracker.errors import Invalid
from tracker.exports.listings import CONTACTS
from tracker.exports.operations import record_export
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _, _l, _n
from tracker.matching.likeness import Level
from tracker.matching.things import Person
from tracker.parties.operations import use_party
from tracker.reader import current_user

REFUSALS: dict[str, Any] = {
    "none": _l("There is no person with a name in this file. A vCard file (.vcf) is wanted, as phones send it."),
    "large": _l("The file is too large: 2 MB at most. Send the contacts in parts, without pictures."),
    "many": _l("At most 100 people at a time, please. Send the contacts in parts."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A card that waits to be taken: what it says, whom it looks like, and what was typed beside it."""

    card: Card
    likely: Likely
    firm: str
    take: bool
    fault: Any = ""

    @property
    def carried(self) -> str:
        """The card as the form carries it."""
        return json.dumps(self.card.to_json(), ensure_ascii=False)


@blueprint.get("/contacts/cards")
@login_required
def cards() -> ResponseReturnValue:
    """The form to choose a file of vCards."""
    _editors_only()
    return _page(CardsForm())


@blueprint.post("/contacts/cards")
@login_required
def read() -> ResponseReturnValue:
    """Show who is in the file, each with whom he looks like, before anybody is added."""
    _editors_only()
    form = CardsForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    found: list[Card] = []
    try:
        for file in form.file.data or ():
            found += read_cards(file.read(LARGEST + 1)) if file and file.filename else []
        if not found:
            raise NoCards("none")
        if len(found) > MOST_CARDS:
            raise NoCards("many")
    except NoCards as error:
        form.file.errors = [REFUSALS[str(error)]]
        return _page(form, 422)
    return _page(form, offers=[_offer(card) for card in found])


@blueprint.post("/contacts/cards/take")
@login_required
def take() -> ResponseReturnValue:
    """Add those who were chosen, all or none; one without a firm is asked for it."""
    _editors_only()
    offers = _sent()
    chosen = [offer for offer in offers if offer.take]
    if not chosen or any(offer.fault for offer in offers):
        return _page(CardsForm(), 422, offers, "" if chosen else _("Choose at least one person."))
    try:
        for offer in chosen:
            party = use_party(db.session, offer.firm, "owner", by=current_user)
            operations.add_card(db.session, offer.card, party, by=current_user)
    except Invalid as error:
        db.session.rollback()
        return _page(CardsForm(), 422, offers, str(error.message))
    db.session.commit()
    flash(_n("%(num)d person added.", "%(num)d people added.", len(chosen)))
    return go_to(url_for("contacts.list_page"))


def _sent() -> list[Offer]:
    """The cards as the form sent them back, with the firm that was typed and whether each is wanted."""
    offers = []
    for place, text in enumerate(request.form.getlist("card")[:MOST_CARDS]):
        try:
            card = Card.from_json(json.loads(text))
        except ValueError:
            card = None
        if card is None or not card.name:
            continue
        firm, wanted = request.form.get(f"firm-{place}", "").strip()[:200], f"take-{place}" in request.form
        fault = _("Say which firm this person works at.") if wanted and not firm else ""
        offers.append(Offer(card, _likely(card), firm, wanted, fault))
    return offers


def _offer(card: Card) -> Offer:
    likely = _likely(card)
    known = any(hit.level is Level.CERTAIN for hit in likely.seen)
    return Offer(card, likely, card.firm, take=not known)


def _likely(card: Card) -> Likely:
    phones = tuple(value for kind, value in card.ways if kind in NUMBERS)
    email = next((value for kind, value in card.ways if kind == "email"), None)
    return load_likely(db.session, current_user, "contact", Person(card.name, phones, email, card.firm or None))


def _editors_only() -> None:
    staff_only()
    require(current_user, Action.PARTY_EDIT)


def _page(form: CardsForm, status: int = 200, offers: Any = (), message: str = "") -> ResponseReturnValue:
    return respond(
        "contacts/cards.html", status=status, form=form, offers=offers, message=message, words=WORDS, ways=WAYS
    )


@blueprint.get("/contacts/<int:contact_id>/card.vcf")
@login_required
def card(contact_id: int) -> ResponseReturnValue:
    """One person as a vCard for a phone; who took it is in the trail."""
    staff_only()
    contact = queries.get_contact(db.session, current_user, contact_id)
    ways = queries.load_person(db.session, contact).ways
    born = contact.birth_month and contact.birth_day
    said = Card(
        contact.name,
        contact.party.name,
        contact.post or "",
        tuple((way.kind, way.value) for way in ways),
        birthday=(contact.birth_year, contact.birth_month, contact.birth_day) if born else None,  # type: ignore[arg-type]
    )
    record_export(db.session, CONTACTS, "vcf", 1, {"contact": str(contact.id)}, by=current_user)
    db.session.commit()
    answer = Response(write_card(said), mimetype="text/vcard")
    answer.headers["Content-Disposition"] = f'attachment; filename="contact-{contact_id}.vcf"'
    return answer

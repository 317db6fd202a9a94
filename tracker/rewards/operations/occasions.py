"""Occasions: what several people are invited to. Each guest is judged for himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.documents.models import Document
from tracker.documents.operations import list_staged
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations.approvals import grant_approval
from tracker.matrix.queries import get_approval
from tracker.parties.models import Contact
from tracker.rewards.models import Occasion, Reward
from tracker.rewards.operations.entering import RewardDraft, call_off, enter_reward, file_papers, give_reward
from tracker.team.models import User
from workflows.rewards import PROHIBITED, reward_kinds


@dataclass(frozen=True, slots=True)
class OccasionDraft:
    """What it is, when and where, what it costs a head, and its programme."""

    kind: str
    title: str
    on: date
    programme: str
    per_head: Decimal = Decimal(0)
    until: date | None = None
    place: str | None = None


def plan_occasion(session: Session, draft: OccasionDraft, *, by: User) -> Occasion:
    """Plan an occasion; nobody is invited yet."""
    require(by, Action.REWARD_ENTER)
    rules = {kind.key: kind.rule for kind in reward_kinds(current_definition())}
    if rules.get(draft.kind, PROHIBITED) == PROHIBITED:
        raise Invalid("kind", _l("Choose one of the values in the list."))
    for field, text in (("title", draft.title), ("programme", draft.programme)):
        if not text.strip():
            raise Invalid(field, _l("Say what it is, and what is done there."))
    if draft.until is not None and draft.until < draft.on:
        raise Invalid("until", _l("It cannot end before it begins."))
    if draft.per_head < 0:
        raise Invalid("per_head", _l("An amount is not below zero."))
    occasion = Occasion(
        kind=draft.kind,
        title=draft.title.strip(),
        on=draft.on,
        until=draft.until,
        place=draft.place,
        programme=draft.programme.strip(),
        per_head=draft.per_head,
        team_id=by.team_id,
        by=by,
    )
    session.add(occasion)
    session.flush()
    events.record(session, Kind.OCCASION_PLANNED, occasion, by=by, title=occasion.title, on=occasion.on.isoformat())
    return occasion


def invite(session: Session, occasion: Occasion, contact: Contact, *, by: User) -> Reward:
    """Invite somebody; where the rules want consent for him it is asked."""
    _require_planned(occasion)
    if any(guest.contact_id == contact.id for guest in _guests(session, occasion)):
        raise Invalid("who", _l("He is invited already."))
    draft = RewardDraft(
        contact=contact,
        kind=occasion.kind,
        what=occasion.title,
        on=occasion.on,
        reason=occasion.programme,
        value=occasion.per_head,
        occasion=occasion,
    )
    return enter_reward(session, draft, by=by)


def note_came(session: Session, occasion: Occasion, came: Sequence[Reward], *, by: User) -> int:
    """Write down who came; how many. Who was agreed to and did not come is called off."""
    _require_planned(occasion)
    if occasion.on > clock.today():
        raise Refused(_l("It has not taken place yet."))
    for guest in came:
        give_reward(session, guest, by=by, on=occasion.until or occasion.on)
    wanted = {guest.id for guest in came}
    for guest in _guests(session, occasion):
        if guest.id not in wanted and guest.state in ("agreed", "asked"):
            call_off(session, guest, by=by, reason=str(_l("Did not come.")))
    return len(came)


def file_papers_of_all(
    session: Session, occasion: Occasion, *, by: User, note: str, documents: Sequence[str] = ()
) -> int:
    """File the papers of all who came: list of who came, slides, invoice; for how many."""
    require(by, Action.REWARD_ENTER)
    staged = list_staged(session, documents, by=by)
    kept = session.scalars(select(Document).where(Document.occasion_id == occasion.id)).all()
    if not staged and not kept and not note.strip():
        raise Invalid("note", _l("Attach a paper, or say where it lies: contract, invoice, list of who came."))
    for document in staged:
        document.occasion_id = occasion.id
    session.flush()
    for document in staged:
        events.record(session, Kind.DOCUMENT_ADDED, document, by=by, file=document.file_name)
    owing = [guest for guest in _guests(session, occasion) if guest.owes_papers]
    for guest in owing:
        file_papers(session, guest, by=by, note=note, also=(*kept, *staged))
    return len(owing)


def call_off_occasion(session: Session, occasion: Occasion, *, by: User, reason: str) -> None:
    """It does not take place: everybody's invitation is called off."""
    require(by, Action.REWARD_ENTER)
    _require_planned(occasion)
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    guests = _guests(session, occasion)
    if any(guest.given_on is not None for guest in guests):
        raise Refused(_l("Somebody was there already."))
    for guest in guests:
        if guest.called_off is None:
            call_off(session, guest, by=by, reason=reason)
    occasion.called_off = reason.strip()
    session.flush()
    events.record(session, Kind.OCCASION_CALLED_OFF, occasion, by=by, reason=occasion.called_off)


def _guests(session: Session, occasion: Occasion) -> Sequence[Reward]:
    from tracker.rewards.queries import guests_of

    return guests_of(session, occasion)


def _require_planned(occasion: Occasion) -> None:
    if occasion.called_off is not None:
        raise Refused(_l("This was called off."))


def sign_all(session: Session, occasion: Occasion, *, by: User, answer: str) -> int:
    """Sign every request of an occasion's guests that waits for the user, with one sentence; how many."""
    from tracker.rewards.queries import requests_to_sign

    if not answer.strip():
        raise Invalid("answer", _l("Say a sentence to the one who asked."))
    waiting = requests_to_sign(session, by, occasion)
    for number in waiting:
        grant_approval(session, get_approval(session, by, number), by=by, answer=answer)
    return len(waiting)

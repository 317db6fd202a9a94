"""Capturing a lead, editing and assigning it, noting what was done on it, giving it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.errors import AlreadyDone, Forbidden, Invalid, Stale
from tracker.events import Kind
from tracker.gallery.operations import attach_photos, claim_staged
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadParty
from tracker.matching.normalise import firm_key
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Record, Submission
from tracker.matrix.operations import submissions
from tracker.parties.models import Party
from tracker.parties.queries import find_same_firm
from tracker.team.models import Team, User

FIELDS = ("name", "source", "kind", "step", "found_on", "address", "plot_number", "latitude", "longitude", "value",
          "currency", "area", "note")  # fmt: skip
LEAD_PHASE = "lead"  # the phase of records made while there is no project


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """A lead as somebody found it; a name and a source are enough. `step` '': nothing stands there yet."""

    name: str
    source: str
    step: str = ""
    found_on: date | None = None
    kind: str | None = None
    address: str | None = None
    plot_number: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    value: Decimal | None = None
    currency: str = "CNY"
    area: Decimal | None = None
    note: str | None = None
    developer: str | None = None
    photos: tuple[str, ...] = ()
    token: str | None = None


def capture_lead(session: Session, draft: LeadDraft, *, by: User) -> Lead:
    """Enter a lead; its pictures become its first record. Raises AlreadyDone when the same form was sent before."""
    require(by, Action.LEAD_ADD)
    submission = _claim(session, draft.token, by)
    draft = replace(draft, step=draft.step or current_definition().steps[0].key)
    _check({field: getattr(draft, field) for field in FIELDS})
    photos = claim_staged(session, draft.photos, by=by)
    located = next((photo for photo in photos if photo.latitude is not None), None)
    lead = Lead(
        **{field: getattr(draft, field) for field in FIELDS if field != "found_on"},
        found_on=draft.found_on or clock.today(),
        owner_id=by.id,
        team_id=by.team_id,
        region_id=by.team.region_id if by.team else None,
        dealer_id=by.party_id if is_dealer(by) else None,
        developer_id=_firm(session, draft.developer, by),
        created_by_id=by.id,
        owes_evidence=not photos,
    )
    if lead.latitude is None and located is not None:
        lead.latitude, lead.longitude = located.latitude, located.longitude
    session.add(lead)
    session.flush()
    _name_developer(session, lead, lead.developer_id)
    events.record(session, Kind.LEAD_ADDED, lead, by=by, name=lead.name, source=lead.source)
    if photos:
        text = lead.note or lead.name
        record = _record(session, lead, by, "site_visit", lead.found_on, text)
        attach_photos(session, photos, record, by=by)
    submissions.remember(submission, lead.id)
    return lead


def _claim(session: Session, token: str | None, by: User) -> Submission | None:
    """Take the form's one-time token, or tell where what its first press did is to be seen."""
    try:
        return submissions.claim(session, token, by)
    except AlreadyDone as done:
        raise AlreadyDone(details=f"/leads/{done.details}" if done.details else "/leads") from None


def _firm(session: Session, name: str | None, by: User) -> int | None:
    """The developer's firm. A dealer may name a firm, but learns nothing of whether we know it."""
    wanted = (name or "").strip()
    if not wanted:
        return None
    found = find_same_firm(session, wanted)
    if found is None:
        found = Party(name=wanted[:200], name_key=firm_key(wanted)[:200], kind="owner", created_by_id=by.id)
        session.add(found)
        session.flush()
        events.record(session, Kind.PARTY_ADDED, found, by=by, name=found.name)
    return found.id


def _check(values: Mapping[str, Any]) -> None:
    definition = current_definition()
    latitude, longitude = values["latitude"], values["longitude"]
    if not values["name"].strip():
        raise Invalid("name", _l("A lead needs a name: what people call the site."))
    if values["source"] not in definition.picklist("lead_sources").keys:
        raise Invalid("source", _l("Say where the lead comes from."))
    if values["step"] not in definition.step_index:
        raise Invalid("step", _l("Choose the construction step that you saw."))
    if values["kind"] and values["kind"] not in definition.picklist("project_types").keys:
        raise Invalid("kind", _l("Choose what is being built."))
    if values["found_on"] and values["found_on"] > clock.today():
        raise Invalid("found_on", _l("This day lies in the future."))
    if (latitude is None) != (longitude is None):
        raise Invalid("latitude", _l("A place needs both latitude and longitude."))
    if latitude is not None and longitude is not None and (abs(latitude) > 90 or abs(longitude) > 180):
        raise Invalid("latitude", _l("Latitude goes from -90 to 90, longitude from -180 to 180."))
    for field in ("value", "area"):
        if values[field] is not None and values[field] < 0:
            raise Invalid(field, _l("A value cannot be negative."))


def _record(session: Session, lead: Lead, by: User, kind: str, on: date, text: str) -> Record:
    record = Record(
        lead_id=lead.id,
        phase=LEAD_PHASE,
        step=lead.step,
        kind=kind,
        department=by.department,
        author_id=by.id,
        happened_on=on,
        text=text,
    )
    session.add(record)
    session.flush()
    events.record(session, Kind.RECORD_LOGGED, record, by=by, lead_id=lead.id, record_kind=kind)
    return record


def edit_lead(session: Session, lead: Lead, *, by: User, version: int, developer: str | None, **values: Any) -> None:
    """Change a lead's facts; refuses when somebody changed it since the page was opened."""
    require(by, Action.LEAD_EDIT, lead)
    _check_open(lead)
    if version != lead.version:
        raise Stale(_l("Somebody changed this lead meanwhile."), details=lead)
    now = {field: values.get(field, getattr(lead, field)) for field in FIELDS}
    _check(now)
    before: dict[str, Any] = {}
    for field, value in now.items():
        old = getattr(lead, field)
        if old != value:
            before[field] = str(old) if isinstance(old, date | Decimal) else old
            setattr(lead, field, value)
    firm = _firm(session, developer, by)
    if firm != lead.developer_id:
        before["developer_id"] = lead.developer_id
        _name_developer(session, lead, firm)
    session.flush()
    if before:
        events.record(session, Kind.LEAD_EDITED, lead, by=by, before=before)


def _name_developer(session: Session, lead: Lead, firm: int | None) -> None:
    """Make the firm the lead's developer: its column for lists, and its party in the role of owner."""
    if lead.developer_id and lead.developer_id != firm:
        session.execute(
            delete(LeadParty).where(
                LeadParty.lead_id == lead.id, LeadParty.party_id == lead.developer_id, LeadParty.role == "owner"
            )
        )
    lead.developer_id = firm
    known = select(LeadParty.id).where(
        LeadParty.lead_id == lead.id, LeadParty.party_id == firm, LeadParty.role == "owner"
    )
    if firm and session.scalar(known) is None:
        session.add(LeadParty(lead_id=lead.id, party_id=firm, role="owner"))


def _check_open(lead: Lead) -> None:
    if lead.state == "converted":
        raise Forbidden(_l("This lead is a project already. Go on there."))


def assign_lead(session: Session, lead: Lead, owner: User, *, by: User) -> None:
    """Give a lead to a colleague; its team follows him."""
    require(by, Action.LEAD_ASSIGN, lead)
    _check_open(lead)
    if not owner.active or owner.party_id is not None:
        raise Invalid("owner_id", _l("Choose an active colleague."))
    before = lead.owner_id
    lead.owner_id, lead.team_id = owner.id, owner.team_id
    team = session.get(Team, owner.team_id) if owner.team_id else None
    lead.region_id = (team.region_id if team else None) or lead.region_id
    session.flush()
    events.record(session, Kind.LEAD_ASSIGNED, lead, by=by, before=before, owner_id=owner.id, owner=owner.name)


def note_on_lead(
    session: Session,
    lead: Lead,
    *,
    by: User,
    kind: str,
    on: date,
    text: str,
    photos: tuple[str, ...] = (),
    token: str | None = None,
) -> Record:
    """Log what was done on a lead, with pictures; a located picture gives the lead its place and proof.

    Raises AlreadyDone when the same form was sent before.
    """
    require(by, Action.RECORD_LOG)
    _check_open(lead)
    submission = _claim(session, token, by)
    if not text.strip():
        raise Invalid("text", _l("One sentence, please: what happened?"))
    if on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    if kind not in current_definition().picklist("activity_kinds").keys:
        raise Invalid("kind", _l("Choose what kind of work it was."))
    record = _record(session, lead, by, kind, on, text.strip())
    taken = attach_photos(session, claim_staged(session, photos, by=by), record, by=by)
    if taken:
        lead.owes_evidence = False
        located = next((photo for photo in taken if photo.latitude is not None), None)
        if lead.latitude is None and located is not None:
            lead.latitude, lead.longitude = located.latitude, located.longitude
    submissions.remember(submission, lead.id)
    session.flush()
    return record


def set_lead_state(session: Session, lead: Lead, state: str, *, by: User, reason: str) -> None:
    """Nurture a lead, give it up, or take it up again, with the reason."""
    require(by, Action.LEAD_EDIT, lead)
    if state not in ("new", "nurture", "discarded"):
        raise Invalid("state", _l("Choose what becomes of the lead."))
    _check_open(lead)
    if not reason.strip():
        raise Invalid("reason", _l("Say why: whoever finds this site next will ask."))
    before, lead.state = lead.state, state
    session.flush()
    events.record(session, Kind.LEAD_STATE_SET, lead, by=by, before=before, state=state, reason=reason.strip())

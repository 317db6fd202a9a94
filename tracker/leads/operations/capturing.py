"""Capturing a lead and changing its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.documents.models import Document
from tracker.documents.operations import attach_documents
from tracker.documents.operations import list_staged as staged_documents
from tracker.errors import Forbidden, Invalid, Stale
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import attach_photos, claim_staged, state_facts
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadCategory
from tracker.leads.operations.answering import end_of
from tracker.leads.operations.evidence import require_evidence, settle_evidence
from tracker.leads.operations.firms import NAMED, Person, join_person, meet_person, name_firm, use_firm
from tracker.leads.unnamed import stand_in
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Record, RecordContact
from tracker.matrix.operations import submissions
from tracker.projects.operations.changing import change
from tracker.team.models import User
from workflows.definition import NOTE
from workflows.lead_sources import Brought, demand_of

FIELDS = ("name", "source", "kind", "step", "found_on", "address", "plot_number", "phone", "latitude", "longitude",
          "value", "currency", "area", "note", "starts_on", "finishes_on")  # fmt: skip
FOLDER = "/leads"  # the address under which leads are seen
NO_NAME = _l("Write what people call the site. Where nobody knows yet, a photo and its place are enough.")
LEAD_PHASE = "lead"  # the phase of records made while there is no project


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """A lead as somebody found it; a name, a source and what the source demands are enough. A picture and its place
    stand in for the name until somebody knows it.

    `step` '': nothing stands there yet. `photos` and `documents` are tokens of staged files. `informant` told of it.
    `later`: the evidence is brought later, as with rows that come in bulk; the lead owes it.
    """

    name: str
    source: str
    step: str = ""
    found_on: date | None = None
    kind: str | None = None
    address: str | None = None
    plot_number: str | None = None
    phone: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    value: Decimal | None = None
    currency: str = "CNY"
    area: Decimal | None = None
    note: str | None = None
    starts_on: date | None = None
    finishes_on: date | None = None
    developer: str | None = None
    designer: str | None = None
    contractor: str | None = None
    categories: tuple[str, ...] = ()
    informant: Person | None = None
    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    later: bool = False
    token: str | None = None


@dataclass(frozen=True, slots=True)
class _Files:
    """What was staged for a lead."""

    photos: Sequence[Photo] = ()
    documents: Sequence[Document] = field(default=())

    @property
    def located(self) -> Photo | None:
        """The first picture whose place is known."""
        return next((photo for photo in self.photos if photo.latitude is not None), None)


def capture_lead(session: Session, draft: LeadDraft, *, by: User) -> Lead:
    """Enter a lead; what proves it becomes its first record. Raises Invalid where the source demands what is not
    there, AlreadyDone when the same form was sent before."""
    require(by, Action.LEAD_ADD)
    submission = submissions.claim_page(session, draft.token, by, FOLDER)
    draft = replace(draft, step=draft.step or current_definition().steps[0].key)
    files = _Files(claim_staged(session, draft.photos, by=by), staged_documents(session, draft.documents, by=by))
    draft = _named(draft, files)
    _check({name: getattr(draft, name) for name in FIELDS})
    demand = demand_of(current_definition(), draft.source)
    if not draft.later:
        require_evidence(demand, _brought(draft, files))
    lead = _new_lead(draft, files.located, by)
    last = demand.answer_by(lead.found_on)
    lead.answer_by = end_of(last) if last else None
    session.add(lead)
    session.flush()
    for name, role in NAMED.items():
        name_firm(session, lead, role, use_firm(session, getattr(draft, name), role, by))
    _set_categories(session, lead, draft.categories)
    events.record(session, Kind.LEAD_ADDED, lead, by=by, name=lead.name, source=lead.source)
    _prove(session, lead, draft, files, by)
    settle_evidence(session, lead)
    submissions.remember(session, submission, lead.id)
    return lead


def capture_leads(session: Session, drafts: Sequence[LeadDraft], *, by: User, token: str | None = None) -> list[Lead]:
    """Enter many leads of one form, all or none. Raises Invalid naming the site, AlreadyDone as `capture_lead` does."""
    require(by, Action.LEAD_ADD)
    submission = submissions.claim_page(session, token, by, FOLDER)
    leads = []
    for draft in drafts:
        with naming(draft):
            leads.append(capture_lead(session, draft, by=by))
    submissions.remember(session, submission, leads[0].id)
    return leads


@contextmanager
def naming(draft: LeadDraft) -> Iterator[None]:
    """What is refused inside names the site, for forms that hold several."""
    try:
        yield
    except Invalid as error:
        raise Invalid(error.field, _l("%(name)s: %(why)s", name=draft.name, why=error.message)) from None


def _named(draft: LeadDraft, files: _Files) -> LeadDraft:
    """The draft with what stands in for its name, where it has none and a picture and its place do."""
    if draft.name.strip() or not files.photos:
        return draft
    places = [(one.latitude, one.longitude) for one in (draft, files.located) if one is not None]
    where = next(((lat, lon) for lat, lon in places if lat is not None and lon is not None), None)
    return replace(draft, name=stand_in(draft.address, where)) if where else draft


def _new_lead(draft: LeadDraft, located: Photo | None, by: User) -> Lead:
    values = {name: getattr(draft, name) for name in FIELDS} | {"found_on": draft.found_on or clock.today()}
    if draft.latitude is None and located is not None:
        values |= {"latitude": located.latitude, "longitude": located.longitude}
    return Lead(
        **values,
        owner_id=by.id,
        team_id=by.team_id,
        region_id=by.team.region_id if by.team else None,
        dealer_id=by.party_id if is_dealer(by) else None,
        created_by_id=by.id,
    )


def _brought(draft: LeadDraft, files: _Files) -> Brought:
    return Brought(
        photos=bool(files.photos),
        place=draft.latitude is not None or files.located is not None,
        documents=bool(files.documents),
        people=draft.informant is not None,
        note=bool((draft.note or "").strip()),
    )


def _prove(session: Session, lead: Lead, draft: LeadDraft, files: _Files, by: User) -> None:
    """What was brought becomes the first record: a visit where pictures show the site, else a note."""
    contact = meet_person(session, lead, draft.informant, by) if draft.informant else None
    if contact is not None and draft.informant is not None:
        join_person(session, lead, contact, draft.informant.role, by)
    if not files.photos and not files.documents and contact is None:
        return
    at_site = files.located is not None or (bool(files.photos) and draft.latitude is not None)
    text = lead.note or lead.name
    record = add_record(session, lead, by, "site_visit" if at_site else NOTE, lead.found_on, text)
    if contact is not None:
        session.add(RecordContact(record_id=record.id, contact_id=contact.id))
    attach_photos(session, files.photos, record, by=by)
    place = None if draft.latitude is None or draft.longitude is None else (draft.latitude, draft.longitude)
    state_facts(files.photos, clock.at_noon(lead.found_on), place)
    attach_documents(session, files.documents, record, by=by)


def _set_categories(session: Session, lead: Lead, wanted: Sequence[str]) -> list[str]:
    """Make these the lead's material categories; returns those it had."""
    known = {window.category for window in current_definition().windows}
    wanted = [category for category in dict.fromkeys(wanted) if category in known]
    of_lead = LeadCategory.lead_id == lead.id
    before = list(session.scalars(select(LeadCategory.category).where(of_lead).order_by(LeadCategory.id)))
    session.execute(delete(LeadCategory).where(of_lead, LeadCategory.category.not_in(wanted)))
    session.add_all(LeadCategory(lead_id=lead.id, category=each) for each in wanted if each not in before)
    session.flush()
    return before


def _check(values: Mapping[str, Any]) -> None:
    definition = current_definition()
    latitude, longitude = values["latitude"], values["longitude"]
    if not values["name"].strip():
        raise Invalid("name", NO_NAME)
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
    for name in ("value", "area"):
        if values[name] is not None and values[name] < 0:
            raise Invalid(name, _l("A value cannot be negative."))
    if values["starts_on"] and values["finishes_on"] and values["finishes_on"] < values["starts_on"]:
        raise Invalid("finishes_on", _l("It cannot be finished before it begins."))


def add_record(
    session: Session, lead: Lead, by: User, kind: str, on: date, text: str, *, is_plan: bool = False
) -> Record:
    """Write down what was done, or is planned, on a lead, in the row before all phases, with its event."""
    record = Record(
        lead_id=lead.id,
        phase=LEAD_PHASE,
        step=lead.step,
        kind=kind,
        department=by.department,
        author_id=by.id,
        happened_on=on,
        text=text,
        is_plan=is_plan,
    )
    session.add(record)
    session.flush()
    events.record(session, Kind.RECORD_LOGGED, record, by=by, lead_id=lead.id, record_kind=kind)
    return record


def edit_lead(
    session: Session,
    lead: Lead,
    *,
    by: User,
    version: int,
    developer: str | None,
    categories: Sequence[str] | None = None,
    **values: Any,
) -> None:
    """Change a lead's facts; refuses when somebody changed it since the page was opened.

    `values` may name `designer` and `contractor` too. What is not given stays.
    """
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    if version != lead.version:
        raise Stale(_l("Somebody changed this lead meanwhile."), details=lead)
    now = {name: values.get(name, getattr(lead, name)) for name in FIELDS}
    _check(now)
    before = change(lead, now, FIELDS)
    named = {"developer": developer, **{name: values[name] for name in NAMED if name in values}}
    for name, text in named.items():
        firm = use_firm(session, text, NAMED[name], by)
        old = name_firm(session, lead, NAMED[name], firm)
        if old != firm:
            before[f"{name}_id"] = old
    if categories is not None:
        had = _set_categories(session, lead, categories)
        if set(had) != set(categories):
            before["categories"] = had
    settle_evidence(session, lead)
    if before:
        events.record(session, Kind.LEAD_EDITED, lead, by=by, before=before)


def check_open(lead: Lead) -> None:
    """Raise Forbidden for a lead that is a project already."""
    if lead.state == "converted":
        raise Forbidden(_l("This lead is a project already. Go on there."))

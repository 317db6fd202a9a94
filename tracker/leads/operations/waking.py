"""The clocks of leads: whose day has come is looked at, and what is due is told once.

`Lead.wake_on` is the day to look next. Any change of a lead makes it today (`models.Lead`), and only the worker's look
moves it on; so whoever changes a lead and the worker who reads it wait for each other, and nothing falls between them.
Each group of leads is one transaction of the caller's, as with projects (`notifications.operations.delivering`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from tracker import events
from tracker.events import Kind
from tracker.leads.facts import clock_facts
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition
from tracker.notifications.models import DueThing
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import take_back
from tracker.notifications.operations.telling import owner_of, supervisor_of, tell_about_lead
from workflows.calendar import add_days
from workflows.definition import Definition
from workflows.lead_clocks import KINDS, NURTURE_DAYS, NURTURED, LeadThing, due_on_lead, lead_things, next_day_of_lead

CHUNK = 100  # leads of one transaction
_WAITING = (
    select(Lead.id)
    .where(Lead.wake_on <= bindparam("today", type_=Date))
    .order_by(Lead.wake_on, Lead.id)
    .limit(bindparam("most"))
)
_WIND: Any = (
    update(Lead.__table__)  # type: ignore[arg-type]
    .where(Lead.__table__.c.id == bindparam("lead"))
    .values(wake_on=bindparam("wake", type_=Date))
)


def deliver_leads(session: Session, today: date, mailing: Mailing | None = None) -> Iterator[int]:
    """Look at every lead whose day has come; yields after each group how many things were newly told.

    The caller commits after each (and may stop: the rest is found again).
    """
    while ids := list(session.scalars(_WAITING, {"today": today, "most": CHUNK})):
        yield look_at_leads(session, ids, today, mailing)


def look_at_leads(session: Session, ids: Sequence[int], today: date, mailing: Mailing | None = None) -> int:
    """Tell what is due on these leads; how many things were newly told."""
    leads = _held(session, ids)
    definition, known = current_definition(), _known(session, ids)
    found = sum(_look(session, definition, lead, known.get(lead.id, set()), today, mailing) for lead in leads)
    session.flush()
    next_days = [(lead.id, next_day_of_lead(definition, clock_facts(lead), today)) for lead in leads]
    if next_days:
        session.execute(_WIND, [{"lead": number, "wake": day} for number, day in next_days])
    for lead in leads:
        session.expire(lead, ["wake_on"])
    return found


def _held(session: Session, ids: Sequence[int]) -> Sequence[Lead]:
    """The leads; on PostgreSQL their rows are held, so that no fact changes meanwhile."""
    query = select(Lead).where(Lead.id.in_(ids)).order_by(Lead.id).options(joinedload(Lead.team))
    return session.scalars(query.with_for_update(of=Lead).execution_options(populate_existing=True)).all()


def _known(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    """The keys of what was told of these leads."""
    found: dict[int, set[str]] = {}
    told: Any = session.execute(select(DueThing.lead_id, DueThing.key).where(DueThing.lead_id.in_(ids)))
    for lead_id, key in told:
        found.setdefault(lead_id, set()).add(key)
    return found


def _look(
    session: Session, definition: Definition, lead: Lead, known: set[str], today: date, mailing: Mailing | None
) -> int:
    told = 0
    for thing in due_on_lead(definition, clock_facts(lead), today):
        if thing.key not in known:
            told += _tell(session, lead, thing, today, mailing)
    if known:
        holding = {thing.key for thing in lead_things(definition, clock_facts(lead))}
        take_back(session, lead, KINDS, holding)
    return told


def _tell(session: Session, lead: Lead, thing: LeadThing, today: date, mailing: Mailing | None) -> bool:
    people = owner_of(session, lead) if thing.audience == "owner" else supervisor_of(session, lead)
    new = tell_about_lead(
        session,
        lead,
        key=thing.key,
        level=thing.level,
        audience=people,
        zh=thing.text.zh,
        en=thing.text.en,
        kind=thing.kind,
        due_on=thing.due_on,
        mailing=mailing,
    )
    if new and thing.nurtures:
        _nurture(session, lead, thing, today)
    return new


def _nurture(session: Session, lead: Lead, thing: LeadThing, today: date) -> None:
    """Nobody brought the evidence: the lead is nurtured from now on, and looked at again in thirty days."""
    before, lead.state, lead.review_on = lead.state, NURTURED, add_days(today, NURTURE_DAYS)
    lead.state_reason = f"{thing.text.zh} / {thing.text.en}"
    session.flush()
    told: dict[str, Any] = {"reason": lead.state_reason, "review_on": lead.review_on.isoformat()}
    events.record(session, Kind.LEAD_STATE_SET, lead, by=None, before=before, state=NURTURED, **told)

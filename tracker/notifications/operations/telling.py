"""Telling people of a lead: nobody who does not see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import is_dealer, visible
from tracker.leads.models import Lead
from tracker.matrix.queries import list_deciders
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, tell_once
from tracker.team.models import User

LEAD_PHASE = "lead"  # where things of leads are: before all phases


def tell_about_lead(
    session: Session,
    lead: Lead,
    *,
    key: str,
    level: str,
    audience: Collection[int],
    zh: str,
    en: str,
    kind: str = "lead_news",
    due_on: date | None = None,
    mailing: Mailing | None = None,
) -> bool:
    """Tell these users (by id) something about a lead, once for each `key`; False where it was told before.

    `level`: remind, escalate or decide. Who does not see the lead or has left the company is left out. `due_on` is
    today unless said. With `mailing` those who want mails get one in the same transaction.
    """
    saying = Saying(
        key=key, kind=kind, level=level, due_on=due_on or clock.company_day(clock.now()), audience="named",
        zh=zh, en=en, phase=LEAD_PHASE, step=lead.step,
    )  # fmt: skip
    return tell_once(session, lead, saying, _who_see(session, lead, audience), mailing)


def _who_see(session: Session, lead: Lead, ids: Collection[int]) -> list[User]:
    whole = (joinedload(User.role), joinedload(User.team))
    people = session.scalars(select(User).where(User.id.in_(ids), User.active).order_by(User.id).options(*whole))
    return [one for one in people if _sees(session, one, lead)]


def _sees(session: Session, user: User, lead: Lead) -> bool:
    return session.scalar(select(Lead.id).where(Lead.id == lead.id, visible(Lead, user))) is not None


def owner_of(session: Session, lead: Lead) -> Sequence[int]:
    """Who is reminded of a lead: its owner, where he is one of ours; else who decides about it."""
    owner = session.get(User, lead.owner_id, options=(joinedload(User.role),)) if lead.owner_id else None
    if owner is not None and owner.active and not is_dealer(owner):
        return [owner.id]
    return supervisor_of(session, lead)


def supervisor_of(session: Session, lead: Lead) -> Sequence[int]:
    """The nearest who decides about a lead (its `team` is loaded); nobody is his own unless nobody stands above him."""
    deciders = [one.id for one in list_deciders(session, lead)]
    return ([one for one in deciders if one != lead.owner_id] or deciders)[:1]

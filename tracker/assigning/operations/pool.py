"""The pool: taking a lead from it within limits, putting it back, and what comes back because nobody answered.

That one of two who claim at once gets the lead, and that an unanswered lead returns once, is the database's word:
each is one UPDATE that only fits while the lead stands as it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import Action, require
from tracker.assigning.models import LeadClaim, PoolLimit
from tracker.assigning.queries.pool import Allowance, load_allowance
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.leads.models import OPEN, Lead
from tracker.leads.operations.answering import answer_limit, stop_answering
from tracker.leads.operations.capturing import check_open
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.telling import supervisor_of, tell_about_lead
from tracker.team.models import Role, User

CHUNK = 50  # leads of one transaction
MOST = 1000  # of any limit


def claim_lead(session: Session, lead: Lead, *, by: User) -> LeadClaim:
    """Take a lead from the pool. Refused with the numbers where a limit is reached, with the name of who was first."""
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    session.execute(select(User.id).where(User.id == by.id).with_for_update())  # his own claims wait for each other
    _within(load_allowance(session, by))
    now = clock.now()
    values = {
        "owner_id": by.id,
        "team_id": by.team_id or lead.team_id,
        "assigned_at": now,
        "answer_by": answer_limit(lead.source, now),
        "answered_at": None,
    }
    if not _change(session, lead, (Lead.owner_id.is_(None), Lead.state.in_(OPEN)), values):
        owner = session.get(User, lead.owner_id) if lead.owner_id else None
        who = owner.name if owner else _l("somebody")
        raise Refused(_l("%(name)s was quicker: the lead is not in the pool any more. Take another one.", name=who))
    claim = LeadClaim(lead_id=lead.id, user_id=by.id, at=now)
    session.add(claim)
    session.flush()
    events.record(session, Kind.LEAD_CLAIMED, lead, by=by, owner_id=by.id, owner=by.name)
    return claim


def _within(allowed: Allowance) -> None:
    if allowed.waiting >= allowed.most_waiting:
        raise Refused(
            _l(
                "%(n)s leads you claimed still wait for your answer, of %(most)s at most. Log what you did on one, or "
                "put one back.",
                n=allowed.waiting,
                most=allowed.most_waiting,
            )
        )
    if allowed.today >= allowed.most_a_day:
        raise Refused(
            _l(
                "You claimed %(n)s leads today, of %(most)s a day. Tomorrow you can take more.",
                n=allowed.today,
                most=allowed.most_a_day,
            )
        )


def _change(session: Session, lead: Lead, still: Sequence[Any], values: dict[str, Any]) -> bool:
    """Change the lead if it still is as these conditions say; it is read anew either way."""
    statement = update(Lead).where(Lead.id == lead.id, *still).values(**values, version=Lead.version + 1)
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    session.refresh(lead)
    return bool(done.rowcount)


def return_lead(session: Session, lead: Lead, *, by: User, reason: str) -> None:
    """Put a lead back into its team's pool: its owner or a supervisor, with the reason."""
    require(by, Action.LEAD_EDIT, lead)
    check_open(lead)
    if lead.owner_id is None:
        raise Refused(_l("The lead is in the pool already."))
    if lead.owner_id != by.id:
        require(by, Action.LEAD_ASSIGN, lead)
    if not reason.strip():
        raise Invalid("reason", _l("Say why: whoever takes it next reads this sentence."))
    before, owner = lead.owner_id, session.get_one(User, lead.owner_id)
    lead.owner_id = None
    stop_answering(lead)
    _end_claims(session, lead)
    session.flush()
    told: dict[str, Any] = {"before": before, "owner": owner.name, "reason": reason.strip()}
    events.record(session, Kind.LEAD_RETURNED, lead, by=by, **told)


def _end_claims(session: Session, lead: Lead) -> None:
    mine = update(LeadClaim).where(LeadClaim.lead_id == lead.id, LeadClaim.ended_at.is_(None))
    session.execute(mine.values(ended_at=clock.now()).execution_options(synchronize_session=False))


def return_unanswered(session: Session, now: datetime, mailing: Mailing | None = None) -> Iterator[int]:
    """Put back what was not answered in time; yields after each group how many came back.

    The caller commits after each (and may stop: the rest is found again). Leads that somebody entered himself stay his:
    only what was given or claimed comes back.
    """
    late = (
        select(Lead)
        .where(*_late(now))
        .order_by(Lead.answer_by, Lead.id)
        .limit(CHUNK)
        .options(joinedload(Lead.team), joinedload(Lead.owner))
    )
    while leads := session.scalars(late).all():
        yield sum(_expire(session, lead, now, mailing) for lead in leads)


def _late(now: datetime) -> tuple[Any, ...]:
    return (
        Lead.answer_by < now,
        Lead.answered_at.is_(None),
        Lead.assigned_at.is_not(None),
        Lead.owner_id.is_not(None),
        Lead.state.in_(OPEN),
    )


def _expire(session: Session, lead: Lead, now: datetime, mailing: Mailing | None) -> bool:
    owner, given, until = lead.owner, lead.assigned_at, lead.answer_by
    if owner is None or given is None or until is None:
        return False
    above = [one for one in supervisor_of(session, lead) if one != owner.id]
    values: dict[str, Any] = {"owner_id": None, "assigned_at": None, "answer_by": None, "answered_at": None}
    if not _change(session, lead, (*_late(now), Lead.owner_id == owner.id), values):
        return False
    _end_claims(session, lead)
    day = clock.company_day(until)
    events.record(session, Kind.LEAD_EXPIRED, lead, by=None, before=owner.id, owner=owner.name, due_on=day.isoformat())
    zh = f"{owner.name} 在 {day} 前没有响应这个潜在项目，已退回公共池。"
    en = f"{owner.name} did not answer this lead by {day}: it is back in the pool."
    key = f"lead_expired:{given.isoformat()}"
    for audience, level in ((above, "escalate"), ([owner.id], "remind")):
        named = f"{key}:{level}"
        tell_about_lead(session, lead, key=named, level=level, audience=audience, zh=zh, en=en, mailing=mailing)
    session.flush()
    return True


def set_pool_limit(session: Session, role: Role | None, *, by: User, waiting: int, a_day: int, load: int) -> PoolLimit:
    """How much people of a role (None: all others) may claim and carry."""
    require(by, Action.ADMINISTER)
    for field, number in (("waiting", waiting), ("a_day", a_day), ("load", load)):
        if not 0 <= number <= MOST:
            raise Invalid(field, _l("A number from 0 to %(most)s, please.", most=MOST))
    role_id = role.id if role else None
    same = PoolLimit.role_id == role_id if role_id else PoolLimit.role_id.is_(None)
    limit = session.scalar(select(PoolLimit).where(same))
    if limit is None:
        limit = PoolLimit(role_id=role_id)
        session.add(limit)
    limit.waiting, limit.a_day, limit.load = waiting, a_day, load
    session.flush()
    told = {"role_id": role_id, "waiting": waiting, "a_day": a_day, "load": load}
    events.record(session, Kind.POOL_LIMIT_SET, limit, by=by, **told)
    return limit

"""The clocks of dealers: each is looked at once a day, and when something changed; what is due is told once.

`Dealer.looked_on` is the day of the last look, None where something changed since. Each group is one transaction of the
caller's, as with projects (`notifications.operations.delivering`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, or_, select, update
from sqlalchemy.orm import Session

from tracker.dealers.models import Dealer
from tracker.dealers.operations.telling import managers_of, people_of, tell_about_dealer
from tracker.dealers.queries.clocks import clock_facts
from tracker.dealers.queries.evaluations import definition_for_dealers
from tracker.notifications.models import DueThing
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import take_back
from workflows.dealers import KINDS, due_on_dealer

CHUNK = 50  # dealers of one transaction
_WAITING = (
    select(Dealer.id)
    .where(or_(Dealer.looked_on.is_(None), Dealer.looked_on != bindparam("today", type_=Date)))
    .order_by(Dealer.id)
    .limit(bindparam("most"))
)
_TABLE: Any = Dealer.__table__


def deliver_dealers(session: Session, today: date, mailing: Mailing | None = None) -> Iterator[int]:
    """Look at every dealer who was not looked at today; yields after each group how many things were newly told."""
    while ids := list(session.scalars(_WAITING, {"today": today, "most": CHUNK})):
        yield look_at_dealers(session, ids, today, mailing)


def look_at_dealers(session: Session, ids: Sequence[int], today: date, mailing: Mailing | None = None) -> int:
    """Tell what is due on these dealers; how many things were newly told."""
    query = select(Dealer).where(Dealer.id.in_(ids)).order_by(Dealer.id).with_for_update(of=Dealer)
    dealers = session.scalars(query.execution_options(populate_existing=True)).all()
    facts = clock_facts(session, dealers, today)
    definition = definition_for_dealers(session)
    rows = select(DueThing.dealer_id, DueThing.key).where(DueThing.dealer_id.in_(ids))
    known = {(dealer_id, key) for dealer_id, key in session.execute(rows)}
    found = 0
    for dealer in dealers:
        due = due_on_dealer(definition, facts[dealer.id], today)
        for thing in due:
            if (dealer.id, thing.key) in known:
                continue
            people = people_of(session, dealer) if thing.audience == "dealer" else managers_of(session, dealer)
            found += tell_about_dealer(
                session, dealer, key=thing.key, audience=thing.audience, people=people, zh=thing.text.zh,
                en=thing.text.en, kind=thing.kind, level=thing.level, due_on=thing.due_on, mailing=mailing,
            )  # fmt: skip
        take_back(session, dealer, KINDS, [thing.key for thing in due])
    session.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(looked_on=today))
    session.flush()
    return found

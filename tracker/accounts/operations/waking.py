"""The clocks of key accounts: whose day has come is looked at, and what is due is told once.

`Account.wake_on` is the day to look next. What changes an account's agreements or actions makes it today (`wake`), and
only the worker's look moves it on. Each group of accounts is one transaction of the caller's, as with projects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import is_dealer
from tracker.accounts.facts import load_facts
from tracker.accounts.models import Account
from tracker.matrix.queries import list_deciders
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, take_back, tell_once
from tracker.team.models import User
from workflows.account_clocks import KINDS, AccountThing, account_things, due_on_account, next_day_of_account

CHUNK = 100  # accounts of one transaction
PLACE = "account"  # where things of accounts are: in no cell
_WAITING = (
    select(Account.id)
    .where(Account.wake_on <= bindparam("today", type_=Date))
    .order_by(Account.wake_on, Account.id)
    .limit(bindparam("most"))
)
_WIND: Any = (
    update(Account.__table__)  # type: ignore[arg-type]
    .where(Account.__table__.c.id == bindparam("account"))
    .values(wake_on=bindparam("wake", type_=Date))
)


def wake(session: Session, account_id: int) -> None:
    """Let the worker look at an account at its next turn: its agreements or actions changed."""
    session.execute(_WIND, {"account": account_id, "wake": clock.company_day(clock.now())})


def deliver_accounts(session: Session, today: date, mailing: Mailing | None = None) -> Iterator[int]:
    """Look at every account whose day has come; yields after each group how many things were newly told.

    The caller commits after each (and may stop: the rest is found again).
    """
    while ids := list(session.scalars(_WAITING, {"today": today, "most": CHUNK})):
        yield look_at_accounts(session, ids, today, mailing)


def look_at_accounts(session: Session, ids: Sequence[int], today: date, mailing: Mailing | None = None) -> int:
    """Tell what is due on these accounts; how many things were newly told."""
    query = select(Account).where(Account.id.in_(ids)).order_by(Account.id).options(joinedload(Account.team))
    accounts = session.scalars(query.with_for_update(of=Account).execution_options(populate_existing=True)).all()
    facts = load_facts(session, ids)
    told = 0
    for account in accounts:
        told += sum(_tell(session, account, one, mailing) for one in due_on_account(facts[account.id], today))
        holding = [one.key for one in account_things(facts[account.id])]
        take_back(session, account, KINDS, holding)
    session.flush()
    session.execute(_WIND, [{"account": key, "wake": next_day_of_account(facts[key], today)} for key in ids])
    for account in accounts:
        session.expire(account, ["wake_on"])
    return told


def _tell(session: Session, account: Account, thing: AccountThing, mailing: Mailing | None) -> bool:
    saying = Saying(
        key=thing.key, kind=thing.kind, level=thing.level, due_on=thing.due_on, audience=thing.audience,
        zh=thing.text.zh, en=thing.text.en, phase=PLACE, step=PLACE,
    )  # fmt: skip
    return tell_once(session, account, saying, _people(session, account, thing), mailing)


def _people(session: Session, account: Account, thing: AccountThing) -> list[User]:
    """Who is told: who does it, the owner, or the nearest who decides; where nobody of these is left, who decides."""
    if thing.audience != "supervisor":
        whole = (joinedload(User.role), joinedload(User.team))
        found = session.get(User, thing.user_id or account.owner_id, options=whole)
        if found is not None and found.active and not is_dealer(found):
            return [found]
    deciders = list(list_deciders(session, account))
    return ([one for one in deciders if one.id != account.owner_id] or deciders)[:1]

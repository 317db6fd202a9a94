"""Who matters to an account in the six markets."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.accounts.models import Account, AccountRelation
from tracker.accounts.queries.markets import MARKETS, STATES
from tracker.errors import Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Contact, Party
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class RelationDraft:
    """Who matters in a market: one of a firm, a person there, a colleague; how we stand, and why he matters."""

    market: str
    state: str
    party: Party | None = None
    contact: Contact | None = None
    user: User | None = None
    why: str | None = None


def add_relation(session: Session, account: Account, draft: RelationDraft, *, by: User) -> AccountRelation:
    """Name somebody who matters; nobody stands twice in one market."""
    require(by, Action.ACCOUNT_EDIT, account)
    if draft.market not in MARKETS or draft.state not in STATES:
        raise Invalid("state", _l("Choose one of the values in the list."))
    who = draft.contact or draft.user or draft.party
    if who is None:
        raise Invalid("name", _l("Say who matters here."))
    keys = {
        "party_id": draft.party.id if draft.party and who is draft.party else None,
        "contact_id": draft.contact.id if draft.contact else None,
        "user_id": draft.user.id if draft.user and who is draft.user else None,
    }
    same = [getattr(AccountRelation, name) == key for name, key in keys.items() if key is not None]
    here = (AccountRelation.account_id == account.id, AccountRelation.market == draft.market)
    if session.scalar(select(AccountRelation.id).where(*here, *same, AccountRelation.gone_on.is_(None))) is not None:
        raise Invalid("name", _l("Stands in this market already."))
    row = AccountRelation(
        account_id=account.id, market=draft.market, state=draft.state, why=draft.why, by_id=by.id, **keys
    )
    session.add(row)
    session.flush()
    events.record(session, Kind.RELATION_ADDED, account, by=by, market=row.market, name=who.name, state=row.state)
    return row


def edit_relation(
    session: Session, account: Account, row: AccountRelation, *, by: User, version: int, state: str, why: str | None
) -> None:
    """Change how we stand with somebody, and why he matters."""
    require(by, Action.ACCOUNT_EDIT, account)
    if version != row.version:
        raise Stale(_l("Somebody changed this meanwhile."), details=row)
    if state not in STATES:
        raise Invalid("state", _l("Choose one of the values in the list."))
    if (state, why) == (row.state, row.why):
        return
    before, row.state, row.why = {"state": row.state, "reason": row.why}, state, why
    session.flush()
    events.record(session, Kind.RELATION_EDITED, account, by=by, market=row.market, before=before, state=state)


def drop_relation(session: Session, account: Account, row: AccountRelation, *, by: User) -> None:
    """Somebody does not matter any more; the row stays, out of sight."""
    require(by, Action.ACCOUNT_EDIT, account)
    row.gone_on = clock.today()
    session.flush()
    events.record(session, Kind.RELATION_DROPPED, account, by=by, market=row.market)

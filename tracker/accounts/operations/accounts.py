"""Naming a party a key account, changing who looks after it, and which firms belong to it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.accounts.models import Account, AccountParty
from tracker.accounts.operations.waking import wake
from tracker.errors import Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Party
from tracker.parties.queries.families import ids_below
from tracker.team.models import User


def open_account(
    session: Session, party: Party, owner: User, *, by: User, since: date | None = None, note: str | None = None
) -> Account:
    """Make a party a key account with an owner; its team is his. The firms below it in its group belong to it, unless
    they belong to another account already: a firm belongs to one at most."""
    require(by, Action.ACCOUNT_EDIT, SimpleNamespace(owner_id=owner.id, team=owner.team))
    _check_owner(owner)
    _check_free(session, party)
    since = since or clock.today()
    account = Account(
        party_id=party.id, owner_id=owner.id, team_id=owner.team_id, since=since, note=note, created_by_id=by.id
    )
    session.add(account)
    session.flush()
    taken = set(session.scalars(select(AccountParty.party_id)))
    free = [party.id, *sorted(ids_below(session, party.id) - taken - {party.id})]
    session.add_all(AccountParty(account_id=account.id, party_id=key, by_id=by.id) for key in free)
    session.flush()
    events.record(session, Kind.ACCOUNT_ADDED, account, by=by, party=party.name, owner=owner.name)
    return account


def _check_owner(owner: User) -> None:
    if not owner.active or is_dealer(owner):
        raise Invalid("owner_id", _l("Choose an active colleague."))


def _check_free(session: Session, party: Party) -> None:
    taken = session.scalar(select(AccountParty.account_id).where(AccountParty.party_id == party.id).limit(1))
    if taken is not None:
        raise Invalid("party", _l("This firm belongs to a key account already."))


def edit_account(
    session: Session, account: Account, owner: User, *, by: User, version: int, since: date, note: str | None
) -> None:
    """Change who looks after an account and since when; raises Stale where somebody changed it meanwhile."""
    require(by, Action.ACCOUNT_EDIT, account)
    if version != account.version:
        raise Stale(_l("Somebody changed this account meanwhile."), details=account)
    before = {"owner_id": account.owner_id, "since": account.since.isoformat(), "note": account.note}
    if (owner.id, since.isoformat(), note) == tuple(before.values()):
        return
    if owner.id != account.owner_id:
        _check_owner(owner)
    account.owner_id, account.team_id, account.since, account.note = owner.id, owner.team_id, since, note
    session.flush()
    wake(session, account.id)
    events.record(session, Kind.ACCOUNT_EDITED, account, by=by, before=before, owner=owner.name)


def add_firm(session: Session, account: Account, party: Party, *, by: User) -> None:
    """Let a firm of the group belong to the account: its projects join the portfolio."""
    require(by, Action.ACCOUNT_EDIT, account)
    _check_free(session, party)
    session.add(AccountParty(account_id=account.id, party_id=party.id, by_id=by.id))
    session.flush()
    events.record(session, Kind.ACCOUNT_FIRM_JOINED, account, by=by, party=party.name)


def remove_firm(session: Session, account: Account, party: Party, *, by: User) -> None:
    """Take a firm out again; the party that the account is about stays."""
    require(by, Action.ACCOUNT_EDIT, account)
    if party.id == account.party_id:
        raise Invalid("party", _l("The account is about this firm; it stays."))
    session.execute(
        delete(AccountParty).where(AccountParty.account_id == account.id, AccountParty.party_id == party.id)
    )
    events.record(session, Kind.ACCOUNT_FIRM_LEFT, account, by=by, party=party.name)

"""What people judge about an account: what its firms buy, how loyal it is, what lifted or lowered that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.accounts.models import Account, LadderEntry
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Party, PartyEstimate
from tracker.parties.operations import add_estimate
from tracker.team.models import User
from workflows.ladder import STEPS, direction


def estimate_wallet(
    session: Session, account: Account, party: Party, *, by: User, category: str, volume: Decimal | None, **values: Any
) -> PartyEstimate:
    """Estimate what a firm of the account buys of a category in a year: it is the firm's own estimate, and stands in
    the account's trail as well. `values` as `parties.operations.add_estimate` takes them."""
    require(by, Action.ACCOUNT_EDIT, account)
    row = add_estimate(session, party, by=by, category=category, volume=volume, **values)
    told: dict[str, Any] = {"party_id": party.id, "category": category, "purchases": f"{row.volume:f}"}
    events.record(session, Kind.WALLET_ESTIMATED, account, by=by, currency=row.currency, **told)
    return row


def set_step(
    session: Session,
    account: Account,
    *,
    by: User,
    step: str,
    reason: str,
    evidence: str | None = None,
    on: date | None = None,
) -> LadderEntry:
    """Set the step of the ladder on which an account stands, with the reason and what proves it."""
    require(by, Action.ACCOUNT_EDIT, account)
    if step not in STEPS:
        raise Invalid("step", _l("Choose the step."))
    newest = select(LadderEntry.step).where(LadderEntry.account_id == account.id, LadderEntry.kind == "step")
    before = session.scalar(newest.order_by(LadderEntry.id.desc()).limit(1))
    if before == step:
        raise Invalid("step", _l("It stands on this step already."))
    entry = _entry(account, "step", reason, evidence, on, by)
    entry.step, entry.before = step, before
    session.add(entry)
    session.flush()
    events.record(
        session, Kind.LADDER_STEP_SET, account, by=by, step=step, before=before, reason=entry.reason, evidence=evidence
    )
    return entry


def note_sign(
    session: Session,
    account: Account,
    *,
    by: User,
    kind: str,
    reason: str,
    evidence: str | None = None,
    on: date | None = None,
) -> LadderEntry:
    """Note what lifted or lowered the loyalty of an account."""
    require(by, Action.ACCOUNT_EDIT, account)
    if not direction(kind):
        raise Invalid("kind", _l("Choose one of the values in the list."))
    entry = _entry(account, kind, reason, evidence, on, by)
    session.add(entry)
    session.flush()
    told: dict[str, Any] = {"what": kind, "reason": entry.reason, "evidence": evidence, "on": entry.on.isoformat()}
    events.record(session, Kind.LADDER_SIGN_NOTED, account, by=by, **told)
    return entry


def _entry(account: Account, kind: str, reason: str, evidence: str | None, on: date | None, by: User) -> LadderEntry:
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    on = on or clock.today()
    if on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    return LadderEntry(account_id=account.id, kind=kind, on=on, reason=reason.strip(), evidence=evidence, by_id=by.id)

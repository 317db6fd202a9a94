"""The people at the firms of an account."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.access import visible
from tracker.accounts.models import Account, AccountParty
from tracker.parties.models import Contact
from tracker.team.models import User

MOST = 500


def list_people(session: Session, by: User, account: Account) -> list[tuple[int, str]]:
    """(id, name and post) of the contacts at the account's firms, by name."""
    firms = select(AccountParty.party_id).where(AccountParty.account_id == account.id)
    query = select(Contact.id, Contact.name, Contact.post).where(Contact.party_id.in_(firms), visible(Contact, by))
    rows = session.execute(query.order_by(Contact.name, Contact.id).limit(MOST)).all()
    return [(key, f"{name} · {post}" if post else name) for key, name, post in rows]

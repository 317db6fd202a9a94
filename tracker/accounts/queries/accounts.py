"""Key accounts themselves: the list with its figures, one account with its firms and figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import visible
from tracker.accounts.models import Account, AccountAction, AccountParty, FrameAgreement, LadderEntry
from tracker.accounts.queries import figures
from tracker.accounts.queries.agreements import SOON
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.parties.models import Party
from tracker.parties.queries.figures import Values
from tracker.projects.models import Project, ProjectParty
from tracker.search.indexing import holds
from tracker.team.models import User

_WHOLE = (joinedload(Account.party), joinedload(Account.owner), joinedload(Account.team))


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as the list shows it. `earned`: this year; `next_end`: of the agreement that ends next."""

    account: Account
    standing: figures.Standing
    earned: Values
    step: str | None
    agreements: int
    next_end: date | None
    next_action: date | None


def get_account(session: Session, by: User, account_id: int) -> Account:
    """One account with party, owner, team and its firms, or NotFound."""
    query = select(Account).where(Account.id == account_id, visible(Account, by))
    found = session.scalar(query.options(*_WHOLE, selectinload(Account.firms).joinedload(AccountParty.party)))
    if found is None:
        raise NotFound
    return found


def find_account_of(session: Session, by: User, party_id: int) -> Account | None:
    """The account to which a firm belongs."""
    query = select(Account).join(AccountParty, AccountParty.account_id == Account.id)
    query = query.where(AccountParty.party_id == party_id, visible(Account, by)).order_by(Account.id).limit(1)
    return session.scalar(query.options(joinedload(Account.party)))


def list_accounts_of_project(session: Session, by: User, project: Project) -> Sequence[Account]:
    """The accounts of which a firm has a part in a project, with firm and owner."""
    firms = select(AccountParty.account_id).join(ProjectParty, ProjectParty.party_id == AccountParty.party_id)
    query = select(Account).where(Account.id.in_(firms.where(ProjectParty.project_id == project.id)))
    query = query.where(visible(Account, by)).order_by(Account.id)
    return session.scalars(query.options(joinedload(Account.party), joinedload(Account.owner))).all()


def accounts_asked(by: User, *, q: str = "", owner: int | None = None) -> Select[Account]:
    """The statement for a list of accounts by name, whole and in its order."""
    query = select(Account).join(Party, Party.id == Account.party_id).where(visible(Account, by))
    if q:
        query = query.where(holds(Party, q))
    if owner is not None:
        query = query.where(Account.owner_id == owner)
    return query.order_by(Party.name, Account.id)


def list_accounts(
    session: Session, by: User, today: date, *, q: str = "", owner: int | None = None, page: int = 1
) -> Page[AccountLine]:
    """A page of accounts with their figures."""
    found = page_of(session, accounts_asked(by, q=q, owner=owner).options(*_WHOLE), page)
    return Page(lines_of(session, by, found.items, today), found.number, found.has_next, found.size)


def stream_accounts(session: Session, by: User, today: date, *, q: str = "", owner: int | None = None) -> Any:
    """All rows of the list."""
    return lines_of(session, by, session.scalars(accounts_asked(by, q=q, owner=owner).options(*_WHOLE)).all(), today)


def lines_of(session: Session, by: User, accounts: Sequence[Account], today: date) -> list[AccountLine]:
    """The lines of these accounts; as many statements for one as for all."""
    ids = [account.id for account in accounts]
    standings = figures.load_standings(session, by, ids)
    earned = figures.load_earned(session, by, ids)
    steps, ends, actions = current_steps(session, ids), _ends(session, ids, today), _next_actions(session, ids)
    return [
        AccountLine(
            account,
            standings[account.id],
            figures.by_year(earned[account.id]).get(today.year, {}),
            steps.get(account.id),
            ends.get(account.id, (0, None))[0],
            ends.get(account.id, (0, None))[1],
            actions.get(account.id),
        )
        for account in accounts
    ]


def current_steps(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The step of the ladder on which each account was set last."""
    newest = select(func.max(LadderEntry.id)).where(LadderEntry.account_id.in_(ids), LadderEntry.kind == "step")
    rows: Any = session.execute(
        select(LadderEntry.account_id, LadderEntry.step).where(
            LadderEntry.id.in_(newest.group_by(LadderEntry.account_id))
        )
    )
    return dict(rows.all()) if ids else {}


def _ends(session: Session, ids: Collection[int], today: date) -> dict[int, tuple[int, date]]:
    """How many agreements hold today, and when the next of them ends."""
    one = FrameAgreement
    running = (one.valid_from <= today, one.valid_until >= today, one.ended_on.is_(None) | (one.ended_on >= today))
    query = select(one.account_id, func.count(), func.min(one.valid_until)).where(one.account_id.in_(ids), *running)
    rows: Any = session.execute(query.group_by(one.account_id)) if ids else ()
    return {account_id: (number, end) for account_id, number, end in rows}


def _next_actions(session: Session, ids: Collection[int]) -> dict[int, date]:
    act = AccountAction
    query = select(act.account_id, func.min(act.due_on)).where(act.account_id.in_(ids), act.done_on.is_(None))
    rows: Any = session.execute(query.group_by(act.account_id))
    return dict(rows.all()) if ids else {}


@dataclass(frozen=True, slots=True)
class Overview:
    """What an account's page shows beside its portfolio."""

    standing: figures.Standing
    years: dict[int, Values]
    categories: Sequence[tuple[str, Values]]
    step: str | None


def load_overview(session: Session, by: User, account: Account, today: date) -> Overview:
    """The figures of one account; categories are this year's, the largest first."""
    earned = figures.load_earned(session, by, [account.id])[account.id]
    categories = sorted(
        figures.by_category(earned, today.year).items(), key=lambda pair: (-max(pair[1].values(), default=0), pair[0])
    )
    return Overview(
        figures.load_standings(session, by, [account.id])[account.id],
        figures.by_year(earned),
        categories,
        current_steps(session, [account.id]).get(account.id),
    )


def ends_soon(agreement: FrameAgreement, today: date) -> bool:
    """Whether an agreement that holds ends within 90 days."""
    return agreement.valid_from <= today <= agreement.last_day <= today + SOON

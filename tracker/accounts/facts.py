"""The facts that the clocks of key accounts go by, read for many accounts at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.accounts.models import AccountAction, FrameAgreement
from workflows.account_clocks import AccountFacts, Ending, ToDo

LONG_OVER = timedelta(days=60)  # whoever enters an agreement of past years needs no word about its end


def load_facts(session: Session, ids: Collection[int]) -> dict[int, AccountFacts]:
    """The facts of these accounts, by account."""
    endings: dict[int, list[Ending]] = {key: [] for key in ids}
    to_do: dict[int, list[ToDo]] = {key: [] for key in ids}
    follower = aliased(FrameAgreement)
    one = FrameAgreement
    agreements = select(one.account_id, one.id, one.number, one.valid_until).where(
        one.account_id.in_(ids),
        one.ended_on.is_(None),
        one.valid_until >= clock.today() - LONG_OVER,
        ~select(follower.id).where(follower.renews_id == one.id).exists(),
    )
    for account_id, key, number, last_day in session.execute(agreements):
        endings[account_id].append(Ending(key, number, last_day))
    act = AccountAction
    actions = select(act.account_id, act.id, act.text, act.due_on, act.user_id)
    for account_id, key, text, due_on, user_id in session.execute(
        actions.where(act.account_id.in_(ids), act.done_on.is_(None))
    ):
        to_do[account_id].append(ToDo(key, text, due_on, user_id))
    return {key: AccountFacts(tuple(endings[key]), tuple(to_do[key])) for key in ids}

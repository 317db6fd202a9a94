"""What falls due on accounts: the end of agreements and actions, told once to those whom it concerns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.making import make_account, make_agreement
from tests.cast import Cast
from tests.client import Browser
from tests.conftest import NOON
from tests.factories import make_party
from tracker import clock
from tracker.accounts.models import Account
from tracker.accounts.operations.agreements import renew_agreement
from tracker.accounts.operations.planning import ActionDraft, finish_action, plan_action
from tracker.accounts.operations.waking import deliver_accounts
from tracker.accounts.queries.agreements import get_agreement
from tracker.notifications.models import DueThing, Notification
from tracker.team.models import User
from workflows.account_clocks import AccountFacts, Ending, ToDo, account_things, due_on_account, next_day_of_account

TODAY = date(2026, 3, 16)


@pytest.fixture
def account(session: Session, cast: Cast) -> Account:
    return make_account(session, make_party(session, "Hengyue Land"), cast.keyaccount)


def look(session: Session, days: int = 0) -> int:
    """Let the worker look so many days from today."""
    with clock.frozen(NOON + timedelta(days=days)):
        told = sum(deliver_accounts(session, clock.today()))
        session.commit()
    return told


def told(session: Session) -> list[tuple[str, str, int]]:
    query = select(User.username, DueThing.level, DueThing.due_on).join(Notification, Notification.user_id == User.id)
    rows = session.execute(query.join(DueThing, DueThing.id == Notification.due_thing_id).order_by(Notification.id))
    return [(name, level, (on - TODAY).days) for name, level, on in rows]


def test_warnings_come_ninety_thirty_and_seven_days_before_and_the_end_goes_up() -> None:
    facts = AccountFacts((Ending(1, "A", TODAY + timedelta(days=100)),))
    found = [((one.due_on - TODAY).days, one.audience) for one in account_things(facts)]
    assert found == [(10, "owner"), (70, "owner"), (93, "owner"), (101, "supervisor")]


def test_of_several_warnings_that_are_due_only_the_last_is_told() -> None:
    facts = AccountFacts((Ending(1, "A", TODAY + timedelta(days=20)),), (ToDo(1, "Call", TODAY, 7),))
    assert [one.key.rsplit(":", 1)[1] for one in due_on_account(facts, TODAY)] == ["30", "due"]
    assert next_day_of_account(facts, TODAY) == TODAY + timedelta(days=7)


def test_the_owner_is_told_once_and_in_the_end_his_supervisor(session: Session, cast: Cast, account: Account) -> None:
    make_agreement(session, account, cast.keyaccount, valid_until=TODAY + timedelta(days=91))
    assert [look(session), look(session, 1), look(session, 1), look(session, 61)] == [0, 1, 0, 1]
    assert [look(session, 84), look(session, 92), look(session, 93)] == [1, 1, 0]
    assert told(session) == [
        ("keyaccount", "remind", 1),
        ("keyaccount", "remind", 61),
        ("keyaccount", "remind", 84),
        ("director", "escalate", 92),
    ]


def test_a_renewed_agreement_ends_in_peace(session: Session, cast: Cast, account: Account) -> None:
    agreement = make_agreement(session, account, cast.keyaccount, valid_until=TODAY + timedelta(days=30))
    assert look(session) == 1
    agreement = get_agreement(session, cast.keyaccount, agreement.id)
    days = {"valid_from": TODAY + timedelta(days=31), "valid_until": TODAY + timedelta(days=400)}
    renew_agreement(session, agreement, by=cast.keyaccount, number="NEXT", **days)
    session.commit()
    assert look(session) == 0
    assert session.scalars(select(Notification.read_at)).one() is not None  # nothing is left to do about it
    assert look(session, 24) == 0


def test_who_does_an_action_is_told_on_its_day_and_the_supervisor_a_week_later(
    session: Session, cast: Cast, account: Account, browser: Browser
) -> None:
    draft = ActionDraft("meeting", "Talk prices", TODAY + timedelta(days=2), cast.technical)
    action = plan_action(session, account, draft, by=cast.keyaccount)
    session.commit()
    assert [look(session), look(session, 2), look(session, 3)] == [0, 1, 0]
    page = browser.of(cast.technical).get("/notifications").get_data(as_text=True)
    assert "Talk prices" in page and f"/accounts/{account.id}" in page
    assert look(session, 9) == 1
    assert told(session) == [("technical", "remind", 2), ("director", "escalate", 9)]
    finish_action(session, account, action, by=cast.technical, outcome="Agreed", on=TODAY)
    session.commit()
    look(session, 10)
    assert None not in session.scalars(select(Notification.read_at)).all()


def test_nobody_is_bothered_with_agreements_of_past_years(session: Session, cast: Cast, account: Account) -> None:
    old = TODAY - timedelta(days=500)
    make_agreement(session, account, cast.keyaccount, valid_from=old, valid_until=old + timedelta(days=100))
    assert look(session) == 0

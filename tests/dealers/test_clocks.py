"""What falls due on dealers: told once, to those whom it concerns, and taken back when it is done."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.dealers.making import AUTUMN, FEBRUARY, graded, line, make_applicant, make_qualified
from tracker import clock
from tracker.dealers.models import Dealer
from tracker.dealers.operations.profiles import ContractDraft, check_paper, keep_contract
from tracker.dealers.operations.stock import report_stock
from tracker.dealers.operations.waking import deliver_dealers
from tracker.dealers.queries.profiles import get_dealer
from tracker.notifications.models import DueThing, Notification
from tracker.notifications.operations.mailing import Mailing, claim_next, hand_over
from tracker.team.models import User
from workflows.dealers import (
    DealerFacts,
    due_on_dealer,
    ends_contract,
    missing_months,
    next_month,
    next_quarter,
    quarter_of,
    report_due,
)
from workflows.loading import load_standard
from workflows.supply import Claim, share_out

STANDARD = load_standard()
JANUARY = date(2026, 1, 1)


@pytest.fixture
def dealer(session: Session, cast: Cast, desk: User) -> Dealer:
    """Xinyuan, our dealer since January."""
    return make_qualified(session, cast.xinyuan, by=desk, since=JANUARY)


def wake(session: Session, on: date | None = None) -> int:
    """What the worker does on a day (today unless said); how much was newly told."""
    found = sum(deliver_dealers(session, on or clock.today()))
    session.commit()
    return found


def told(session: Session, user: User, unread: bool = True) -> list[str]:
    query = select(DueThing.en).join(Notification).where(Notification.user_id == user.id)
    query = query.where(Notification.read_at.is_(None)) if unread else query
    return [one for one in session.scalars(query.order_by(DueThing.id)) if "qualified dealer" not in one]


# From the facts alone


def test_months_and_quarters_are_named_by_their_first_day() -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1) and next_month(JANUARY, -1) == date(2025, 12, 1)
    assert quarter_of(date(2026, 6, 30)) == date(2026, 4, 1) and next_quarter(JANUARY, -1) == AUTUMN
    assert report_due(FEBRUARY) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 2, 28), []),
        (date(2026, 3, 1), ["report:2026-02-01"]),
        (date(2026, 3, 5), ["report:2026-02-01"]),
        (date(2026, 3, 6), ["report:2026-02-01", "report:2026-02-01:late"]),
    ],
)
def test_a_month_is_asked_for_when_it_is_over_and_late_after_the_fifth(today: date, due: list[str]) -> None:
    facts = DealerFacts(True, FEBRUARY)
    assert [thing.key for thing in due_on_dealer(STANDARD, facts, today)] == due
    assert missing_months(DealerFacts(True, FEBRUARY, frozenset({FEBRUARY})), date(2026, 3, 6)) == ()


def test_nothing_falls_due_on_who_is_no_dealer() -> None:
    assert due_on_dealer(STANDARD, DealerFacts(False, date(2020, 1, 1)), date(2026, 3, 6)) == ()


@pytest.mark.parametrize(
    ("graded", "ends"),
    [
        ([("2025-07-01", "D"), ("2025-10-01", "D")], True),
        ([("2025-04-01", "D"), ("2025-10-01", "D")], False),  # not in a row
        ([("2025-07-01", "D"), ("2025-10-01", "C")], False),
        ([("2025-04-01", "D"), ("2025-07-01", "D"), ("2025-10-01", "C")], False),
        ([("2025-10-01", "D")], False),
    ],
)
def test_two_last_grades_in_a_row_propose_the_end(graded: list[tuple[str, str]], ends: bool) -> None:
    quarters = [(date.fromisoformat(day), grade) for day, grade in graded]
    assert (ends_contract(STANDARD, quarters) is not None) is ends


def test_shares_add_up_whatever_is_shared() -> None:
    claims = [Claim(1, 0, 10, 0), Claim(2, 1, 10, 7), Claim(3, None, 0, 0), Claim(4, 3, 33, 1)]
    for supply in (1, 2, 7, 100, 99_999):
        shares = share_out(supply, claims)
        assert sum(shares.values()) == supply and shares[3] == 0
    assert share_out(100, [Claim(1, 0, 50, 0), Claim(2, 1, 50, 0)]) == {1: 55, 2: 45}
    assert share_out(100, [Claim(1, None, 0, 0)]) == {1: 0}


# As the worker tells it


def test_the_dealer_is_asked_and_dealer_management_told_when_it_is_late(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    wake(session)
    asked = told(session, cast.dealer1)
    assert asked == [
        "Report purchase, sale and stock of 2026-01 by 2026-02-05.",
        "Report purchase, sale and stock of 2026-02 by 2026-03-05.",
    ]
    assert "Purchase, sale and stock of 2026-02 were not reported in time." in told(session, desk)
    assert told(session, cast.dealer2) == told(session, cast.technical) == told(session, cast.sales1) == []
    assert wake(session) == 0, "each thing once"
    report_stock(session, get_dealer(session, desk, dealer.id), FEBRUARY, [line(0, 1, 0)], by=desk)
    wake(session)
    assert told(session, cast.dealer1) == asked[:1], "what was done is taken back"


def test_papers_contracts_and_evaluations_fall_due(session: Session, cast: Cast, desk: User) -> None:
    dealer = make_qualified(session, cast.xinyuan, by=desk, since=AUTUMN)
    dealer.keeper_id = cast.sales1.id
    check_paper(session, dealer, "licence", by=desk, text="Seen", expires_on=date(2026, 4, 10))
    check_paper(session, dealer, "warehouse", by=desk, text="Seen", expires_on=date(2026, 6, 10))
    keep_contract(session, dealer, ContractDraft("A-1", AUTUMN, date(2026, 5, 1)), by=desk)
    session.commit()
    wake(session)
    said = told(session, cast.sales1)
    assert "Business licence: valid until 2026-04-10." in said and "Contract A-1 ends on 2026-05-01." in said
    assert "The evaluation of 2025 Q4 is due." in said and not any("Lease" in one for one in said)
    assert "Business licence: valid until 2026-04-10." in told(session, cast.dealer1)
    assert told(session, desk) == [], "his keeper is told"
    graded(session, get_dealer(session, desk, dealer.id), AUTUMN, 90, desk)
    wake(session)
    assert "The evaluation of 2025 Q4 is due." not in told(session, cast.sales1)


def test_an_applicant_is_asked_for_nothing(session: Session, cast: Cast, desk: User) -> None:
    make_applicant(session, cast.xinyuan, by=desk, since=JANUARY)
    session.commit()
    assert wake(session) == 0


def test_a_day_later_the_worker_looks_again(session: Session, dealer: Dealer) -> None:
    wake(session)
    with clock.frozen(datetime(2026, 4, 1, 4, 0, tzinfo=UTC)):
        assert wake(session, date(2026, 4, 1)) >= 2  # March's figures and the first quarter's evaluation


def test_what_was_told_leads_each_to_his_own_page(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    wake(session)
    for user, place in ((cast.dealer1, "/dealers/mine"), (desk, f"/dealers/{dealer.id}")):
        client = browser.of(user)
        page = client.get("/notifications").text
        assert "Xinyuan Materials" in page
        number = session.scalars(
            select(Notification.id).where(Notification.user_id == user.id).order_by(Notification.id.desc()).limit(1)
        ).one()
        assert str(client.post(f"/notifications/{number}/read").location) == place
        assert client.post("/notifications/read", data={"dealer_id": dealer.id}).status_code == 303
        assert told(session, user) == []


def test_mails_name_the_firm_and_drop_what_was_done_meanwhile(
    session: Session, cast: Cast, desk: User, dealer: Dealer
) -> None:
    from tracker.notifications.models import MailWish, OutboxMail

    sent: list[str] = []

    def post(_server: str, *, text: str, **_more: str | None) -> None:
        sent.append(text)

    mailing = Mailing("smtp://x", "https://tracker.example.com", "en", post)
    for user in (cast.dealer1, desk):
        user.email = f"{user.username}@example.com"
        session.add(MailWish(user_id=user.id, reminders=True, escalations=True))
    session.commit()
    assert sum(deliver_dealers(session, clock.today(), mailing)) > 0
    session.commit()
    written = session.scalars(select(OutboxMail)).all()
    assert len(written) >= 2
    report_stock(session, get_dealer(session, desk, dealer.id), FEBRUARY, [line(0, 1, 0)], by=desk)
    session.commit()
    while (claimed := claim_next(session, clock.now())) is not None:
        hand_over(session, claimed, mailing, today=clock.today(), now=clock.now())
    assert any("Xinyuan Materials" in text and "https://tracker.example.com/dealers/mine" in text for text in sent)
    assert any(f"https://tracker.example.com/dealers/{dealer.id}" in text for text in sent)
    assert not any("of 2026-02" in text for text in sent)

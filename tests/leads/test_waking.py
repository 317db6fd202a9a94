"""What falls due on a lead is told once, to those whom it concerns, however often and in whatever order one looks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import NOON, undone
from tests.leads.making import kinds_of, make_lead
from tests.matrix.making import STANDARD
from tests.notifications.making import TODAY, MailBox, later, told
from tests.rows import count
from tracker import clock
from tracker.leads.facts import clock_facts
from tracker.leads.models import Lead
from tracker.leads.operations.waking import deliver_leads, look_at_leads
from tracker.notifications.models import DueThing, Notification, OutboxMail
from tracker.notifications.operations.mailing import claim_next, hand_over
from tracker.notifications.operations.telling import tell_about_lead
from workflows.lead_clocks import due_on_lead


def tick(session: Session, days: int = 0, mailing: Any = None) -> int:
    done = 0
    with clock.frozen(later(days)):
        for number in deliver_leads(session, clock.today(), mailing):
            done += number
            session.commit()
    return done


def lead_of(session: Session, cast: Cast, **values: Any) -> Lead:
    """A lead of sales1 with these columns, committed."""
    lead = make_lead(session, values.pop("by", cast.sales1))
    for name, value in values.items():
        setattr(lead, name, value)
    session.commit()
    return lead


def unread(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Notification).where(Notification.read_at.is_(None))) or 0


def test_the_owner_is_told_on_the_day_by_which_he_answers_and_never_again(session: Session, cast: Cast) -> None:
    lead_of(session, cast, answer_by=NOON + timedelta(days=3))
    assert [tick(session, days) for days in (0, 2, 3, 3, 4)] == [0, 0, 1, 0, 0]
    assert told(session, cast.sales1, "lead_answer") == [f"lead_answer:{TODAY + timedelta(3)}"]


def test_what_he_answered_meanwhile_does_not_ring_any_more(session: Session, cast: Cast) -> None:
    lead = lead_of(session, cast, answer_by=NOON)
    assert tick(session) == 1 and unread(session) == 1
    lead.answered_at = NOON
    session.commit()
    assert tick(session) == 0 and unread(session) == 0


def test_a_review_is_told_to_the_owner_and_a_forgotten_one_to_his_supervisor(session: Session, cast: Cast) -> None:
    lead = lead_of(session, cast, state="nurturing", review_on=TODAY)
    tick(session)
    assert (len(told(session, cast.sales1)), told(session, cast.supervisor)) == (1, [])
    tick(session, 15)
    assert told(session, cast.supervisor) == [f"lead_review:nurturing:{TODAY}:late"]
    assert "due_escalated" in kinds_of(session, lead)
    assert told(session, cast.sales2) == told(session, cast.supervisor2) == told(session, cast.dealer1) == []


def test_a_lead_of_nobody_is_told_to_who_decides_and_a_dealers_to_no_dealer(session: Session, cast: Cast) -> None:
    lead_of(session, cast, owner_id=None, state="invalid", review_on=TODAY)
    own = lead_of(session, cast, by=cast.dealer1, team_id=cast.north.id, state="invalid", review_on=TODAY)
    tick(session)
    assert len(told(session, cast.supervisor)) == 2
    assert own.owner_id == cast.dealer1.id and told(session, cast.dealer1) == []


def test_missing_evidence_that_nobody_brought_in_ten_days_makes_it_a_nurtured_lead(
    session: Session, cast: Cast
) -> None:
    lead = lead_of(session, cast, scored_on=TODAY, scored_step="land", outcome="verify")
    assert tick(session, 10) == 1
    assert lead.state == "new"
    assert tick(session, 11) == 1
    assert (lead.state, lead.review_on) == ("nurturing", TODAY + timedelta(41))
    assert kinds_of(session, lead)[-1] == "lead_state_set"
    assert tick(session, 11) == 0
    assert told(session, cast.sales1, "lead_nurtured") == [f"lead_verify:{TODAY}:late"]
    assert unread(session) == 1, "what was done stays told, what was to be done does not"


def test_any_change_by_any_statement_lets_the_worker_look_again(session: Session, cast: Cast) -> None:
    lead = lead_of(session, cast)
    tick(session)
    session.refresh(lead)
    assert lead.wake_on is None
    session.execute(update(Lead).where(Lead.id == lead.id).values(state="invalid", review_on=TODAY))
    session.commit()
    session.refresh(lead)
    assert lead.wake_on == TODAY
    assert tick(session) == 1
    lead.note = "Something else"
    session.commit()
    assert lead.wake_on == TODAY
    assert tick(session) == 0


def test_a_lead_waits_until_its_next_day_without_being_looked_at(session: Session, cast: Cast) -> None:
    lead = lead_of(session, cast, state="nurturing", review_on=TODAY + timedelta(30))
    tick(session)
    session.refresh(lead)
    assert lead.wake_on == TODAY + timedelta(30)
    with clock.frozen(later(29)):
        assert list(deliver_leads(session, clock.today())) == []


def test_what_was_undone_in_the_middle_is_told_by_the_next_look(session: Session, cast: Cast) -> None:
    lead = lead_of(session, cast, state="invalid", review_on=TODAY)
    assert look_at_leads(session, [lead.id], TODAY) == 1
    session.rollback()
    assert count(session, DueThing) == 0
    assert tick(session) == 1


def test_news_of_a_lead_is_told_once_for_each_key_to_those_who_see_it(session: Session, cast: Cast) -> None:
    lead = lead_of(session, cast)
    lead = session.get_one(Lead, lead.id, options=(joinedload(Lead.team),))
    said = {"level": "escalate", "zh": "已退回公共池。", "en": "It went back to the pool."}
    audience = [cast.supervisor.id, cast.sales3.id, cast.dealer1.id]
    assert tell_about_lead(session, lead, key="returned:1", audience=audience, **said)
    assert not tell_about_lead(session, lead, key="returned:1", audience=audience, **said)
    assert tell_about_lead(session, lead, key="returned:2", audience=audience, **said)
    session.commit()
    assert told(session, cast.supervisor) == ["returned:1", "returned:2"]
    assert told(session, cast.sales3) == told(session, cast.dealer1) == []
    assert tick(session) == 0 and unread(session) == 2


def test_it_is_mailed_with_the_address_of_the_lead_and_not_when_it_holds_no_more(session: Session, cast: Cast) -> None:
    box = MailBox()
    cast.supervisor.email = "supervisor@example.com"
    lead = lead_of(session, cast, scored_on=TODAY, outcome="supervisor_decides")
    tick(session, 0, box.mailing)
    assert count(session, OutboxMail) == 1
    claimed = claim_next(session, NOON)
    assert claimed is not None
    assert hand_over(session, claimed, box.mailing, today=TODAY, now=NOON) == "sent"
    assert f"https://tracker.example.com/leads/{lead.id}" in box.sent[0]["text"]
    claimed.state = "waiting"
    lead.outcome = "convert"
    session.commit()
    again = claim_next(session, NOON)
    assert again is not None
    assert hand_over(session, again, box.mailing, today=TODAY, now=NOON) == "dropped"


def test_the_page_of_notifications_and_the_bell_show_it_and_lead_to_the_lead(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = lead_of(session, cast, state="nurturing", review_on=TODAY)
    tick(session)
    client = browser.of(cast.sales1)
    page = client.get("/notifications").get_data(as_text=True)
    assert lead.name in page and f'href="/leads/{lead.id}"' in page
    number = session.scalars(select(Notification.id)).one()
    answer = client.post(f"/notifications/{number}/read")
    assert answer.headers["Location"].endswith(f"/leads/{lead.id}")
    assert unread(session) == 0
    assert browser.of(cast.sales2).post(f"/notifications/{number}/read").status_code == 404


def test_all_of_one_lead_are_read_at_once(session: Session, cast: Cast, browser: Browser) -> None:
    one, other = (lead_of(session, cast, state="invalid", review_on=TODAY) for _ in range(2))
    tick(session)
    browser.of(cast.sales1).post("/notifications/read", data={"lead_id": one.id})
    left = select(Notification.lead_id).where(Notification.read_at.is_(None))
    assert list(session.scalars(left)) == [other.id]


CHANGES = st.tuples(
    st.sampled_from(("new", "following", "nurturing", "invalid")),
    st.integers(-20, 40),
    st.sampled_from((None, "convert", "verify", "supervisor_decides")),
)


@settings(max_examples=15)
@given(CHANGES, st.lists(st.tuples(st.integers(-40, 60), st.booleans()), min_size=1, max_size=6))
def test_any_interleaving_of_ticks_tells_exactly_what_is_due_by_the_latest(
    app: Flask, change: tuple[str, int, str | None], ticks: list[tuple[int, bool]]
) -> None:
    """Days in any order, each look kept or lost (`kept`): every due thing once, none missing."""
    state, days, outcome = change
    with undone(app) as session:
        cast = make_cast(session)
        on: date = TODAY + timedelta(days)
        outcome = None if outcome == "verify" else outcome
        values = {"state": state, "review_on": on, "outcome": outcome, "scored_on": on if outcome else None}
        answer: datetime = NOON + timedelta(days=days)
        lead = lead_of(session, cast, answer_by=answer, scored_step="land", **values)
        facts = clock_facts(lead)
        for at, kept in ticks:
            if kept:
                tick(session, at)
            else:
                look_at_leads(session, [lead.id], TODAY + timedelta(at))
                session.rollback()
        latest = [TODAY + timedelta(at) for at, kept in ticks if kept and TODAY + timedelta(at) >= TODAY]
        due = due_on_lead(STANDARD, facts, max(latest)) if latest else ()
        keys = list(session.scalars(select(DueThing.key).where(DueThing.lead_id == lead.id)))
        assert sorted(keys) == sorted(one.key for one in due)

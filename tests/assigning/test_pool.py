"""The pool: claiming within limits, putting back, answers in time, and what comes back by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.assigning.making import pool_lead
from tests.cast import Cast
from tests.leads.making import make_lead
from tracker import clock
from tracker.access import visible
from tracker.assigning.models import LeadClaim
from tracker.assigning.operations.pool import claim_lead, return_lead, return_unanswered, set_pool_limit
from tracker.assigning.operations.timing import give_time
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Event, Kind
from tracker.leads.models import Lead
from tracker.leads.operations.answering import mark_answered
from tracker.leads.operations.assigning import assign_lead
from tracker.notifications.models import Notification
from tracker.team.models import User

LATER = timedelta(days=30)


def kinds(session: Session, lead: Lead) -> list[str]:
    rows = select(Event.kind).where(Event.subject == "lead", Event.subject_id == lead.id).order_by(Event.id)
    return list(session.scalars(rows))


def expire(session: Session) -> int:
    done = sum(return_unanswered(session, clock.now() + LATER))
    session.commit()
    return done


def told(session: Session) -> set[int]:
    return set(session.scalars(select(Notification.user_id)))


def test_a_salesperson_claims_what_is_nobodys_in_his_team(session: Session, cast: Cast) -> None:
    lead = pool_lead(session, cast.supervisor, team=cast.north)
    claim_lead(session, lead, by=cast.sales1)
    assert (lead.owner_id, lead.team_id) == (cast.sales1.id, cast.north.id)
    assert lead.answer_by is not None and clock.company_day(lead.answer_by) == date(2026, 3, 19)  # three working days
    assert kinds(session, lead)[-1] == Kind.LEAD_CLAIMED


def test_whoever_comes_second_is_told_who_was_quicker(session: Session, cast: Cast) -> None:
    lead = pool_lead(session, cast.supervisor, team=cast.north)
    claim_lead(session, lead, by=cast.sales1)
    session.commit()
    lead.created_by_id = cast.sales2.id  # he may act on it all the same
    with pytest.raises(Refused) as refusal:
        claim_lead(session, lead, by=cast.sales2)
    assert "Sales1 was quicker" in str(refusal.value)
    assert lead.owner_id == cast.sales1.id


def test_claims_that_wait_for_an_answer_are_limited_and_the_refusal_says_the_numbers(
    session: Session, cast: Cast
) -> None:
    set_pool_limit(session, cast.roles["salesperson"], by=cast.admin, waiting=2, a_day=9, load=40)
    leads = [pool_lead(session, cast.supervisor, f"Plot {n}", team=cast.north) for n in range(3)]
    for lead in leads[:2]:
        claim_lead(session, lead, by=cast.sales1)
    with pytest.raises(Refused) as refusal:
        claim_lead(session, leads[2], by=cast.sales1)
    assert "2 leads you claimed" in str(refusal.value)
    mark_answered(leads[0])
    session.flush()
    claim_lead(session, leads[2], by=cast.sales1)
    assert leads[2].owner_id == cast.sales1.id


def test_claims_a_day_are_limited_and_what_was_put_back_counts(session: Session, cast: Cast) -> None:
    set_pool_limit(session, None, by=cast.admin, waiting=9, a_day=1, load=40)
    first, second = (pool_lead(session, cast.supervisor, name, team=cast.north) for name in ("One", "Two"))
    claim_lead(session, first, by=cast.sales1)
    return_lead(session, first, by=cast.sales1, reason="Too far away")
    with pytest.raises(Refused) as refusal:
        claim_lead(session, second, by=cast.sales1)
    assert "1 leads today, of 1 a day" in str(refusal.value)
    with clock.frozen(clock.now() + timedelta(days=1)):
        claim_lead(session, second, by=cast.sales1)


def test_limits_are_an_administrators(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        set_pool_limit(session, None, by=cast.supervisor, waiting=1, a_day=1, load=1)
    with pytest.raises(Invalid):
        set_pool_limit(session, None, by=cast.admin, waiting=-1, a_day=1, load=1)


def test_a_lead_goes_back_with_a_reason_and_ends_its_claim(session: Session, cast: Cast) -> None:
    lead = pool_lead(session, cast.supervisor, team=cast.north)
    claim_lead(session, lead, by=cast.sales1)
    with pytest.raises(Invalid):
        return_lead(session, lead, by=cast.sales1, reason=" ")
    return_lead(session, lead, by=cast.sales1, reason="The developer is my cousin")
    assert (lead.owner_id, lead.answer_by, lead.team_id) == (None, None, cast.north.id)
    assert session.scalars(select(LeadClaim.ended_at)).one() == clock.now()
    with pytest.raises(Refused):
        return_lead(session, lead, by=cast.sales1, reason="Again")


def test_a_colleague_does_not_put_back_what_is_anothers_but_the_supervisor_does(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    with pytest.raises(Forbidden):
        return_lead(session, lead, by=cast.sales2, reason="I want it")
    return_lead(session, lead, by=cast.supervisor, reason="He is ill")
    assert lead.owner_id is None


def test_what_is_not_answered_in_time_returns_once_and_the_supervisor_and_the_owner_are_told(
    session: Session, cast: Cast
) -> None:
    lead = pool_lead(session, cast.supervisor, team=cast.north)
    claim_lead(session, lead, by=cast.sales1)
    session.commit()
    assert sum(return_unanswered(session, clock.now() + timedelta(days=2))) == 0
    assert expire(session) == 1
    assert (lead.owner_id, lead.team_id, lead.answer_by) == (None, cast.north.id, None)
    assert told(session) == {cast.supervisor.id, cast.sales1.id}
    assert expire(session) == 0
    assert kinds(session, lead).count(Kind.LEAD_EXPIRED) == 1
    assert session.scalars(select(LeadClaim.ended_at)).one() is not None


def test_an_answered_lead_and_one_that_somebody_entered_himself_stay(session: Session, cast: Cast) -> None:
    answered, own = make_lead(session, cast.sales1, "Answered"), make_lead(session, cast.sales1, "His own")
    assign_lead(session, answered, cast.sales2, by=cast.supervisor)
    mark_answered(answered)
    own.answer_by = clock.now()
    session.commit()
    assert expire(session) == 0
    assert (answered.owner_id, own.owner_id) == (cast.sales2.id, cast.sales1.id)


def test_a_source_that_wants_an_answer_sooner_gets_it_sooner(session: Session, cast: Cast) -> None:
    lead = pool_lead(session, cast.supervisor, team=cast.north)
    lead.source = "owner_inquiry"
    assign_lead(session, lead, cast.sales1, by=cast.supervisor)
    assert lead.answer_by is not None and clock.company_day(lead.answer_by) == date(2026, 3, 17)  # one working day


def test_a_supervisor_gives_more_time_or_lets_the_time_stand_still(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    assign_lead(session, lead, cast.sales2, by=cast.supervisor)
    with pytest.raises(Forbidden):
        give_time(session, lead, by=cast.sales2, until=None, reason="I am busy")
    with pytest.raises(Invalid):
        give_time(session, lead, by=cast.supervisor, until=clock.today() - timedelta(days=1), reason="He is away")
    give_time(session, lead, by=cast.supervisor, until=None, reason="He is away")
    session.commit()
    assert lead.answer_by is None and expire(session) == 0
    give_time(session, lead, by=cast.supervisor, until=date(2026, 3, 20), reason="He is back")
    session.commit()
    assert expire(session) == 1
    assert kinds(session, lead).count(Kind.LEAD_TIME_GIVEN) == 2


def test_everybody_of_the_team_sees_the_pool_and_nobody_elses(session: Session, cast: Cast) -> None:
    lead = pool_lead(session, cast.supervisor, team=cast.north)

    def sees(user: User) -> bool:
        return session.scalar(select(Lead.id).where(Lead.id == lead.id, visible(Lead, user))) is not None

    assert sees(cast.sales1) and sees(cast.sales2) and sees(cast.supervisor)
    assert not sees(cast.sales3) and not sees(cast.dealer1) and not sees(cast.supervisor2)

"""What people are given: entered before, by the rules, with consent and papers; who sees it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_contact, make_party, make_project
from tracker import clock
from tracker.access import visible
from tracker.errors import Invalid, Refused
from tracker.events import Event
from tracker.matrix.models import Approval
from tracker.matrix.operations.approvals import decline_approval, grant_approval
from tracker.matrix.operations.circumstances import state_date
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.queries import get_approval
from tracker.notifications.models import DueThing, Notification
from tracker.notifications.operations.mailing import Mailing, compose
from tracker.notifications.operations.still import still_due
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.rewards.models import Occasion, Reward
from tracker.rewards.operations import occasions
from tracker.rewards.operations.entering import RewardDraft, call_off, enter_reward, file_papers, give_reward
from tracker.rewards.operations.waking import deliver_rewards
from tracker.rewards.queries import get_reward, given_within_a_year, guests_of, list_rewards
from tracker.team.models import User


def designer(session: Session, name: str = "Lin Mo") -> Contact:
    """Somebody of a firm of interior designers."""
    return make_contact(session, make_party(session, f"Studio {name}", kind="interior_designer"), name, "Lead designer")


def drafted(
    contact: Contact, kind: str = "training_cpd", value: int = 0, project: Project | None = None
) -> RewardDraft:
    """Something to be given today."""
    return RewardDraft(contact, kind, "An afternoon", clock.today(), "What glazes do", Decimal(value))


def joins(session: Session, project: Project, contact: Contact, role: str = "interior_designer") -> None:
    """He and his firm take part in a project."""
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id, role="influencer"))
    session.add(ProjectParty(project_id=project.id, party_id=contact.party_id, role=role))
    session.commit()


def signed(session: Session, reward: Reward, *people: User) -> Reward:
    """The request behind it, signed by these."""
    for person in people:
        grant_approval(session, get_approval(session, person, reward.approval_id or 0), by=person, answer="Agreed.")
        session.commit()
    session.expire_all()
    return get_reward(session, people[-1], reward.id)


def test_what_is_allowed_needs_nobody(session: Session, cast: Cast) -> None:
    reward = enter_reward(session, drafted(designer(session)), by=cast.designpromo)
    session.commit()
    assert (reward.state, reward.approval_id, reward.needs_papers) == ("agreed", None, False)
    assert session.scalars(select(Event.kind).where(Event.subject == "reward")).all() == ["reward_entered"]


@pytest.mark.parametrize("kind", ["order_commission", "cash_card", "third_party_channel"])
def test_what_is_prohibited_is_refused_whoever_enters_it(session: Session, cast: Cast, kind: str) -> None:
    with pytest.raises(Blocked) as refused:
        enter_reward(session, drafted(designer(session), kind, 100), by=cast.gm)
    assert "G30" in refused.value.decision.rules and not refused.value.decision.overridable
    session.rollback()
    assert session.scalars(select(Reward)).all() == []


def test_a_trip_without_a_project_waits_for_compliance_and_supervisor(session: Session, cast: Cast) -> None:
    reward = enter_reward(session, drafted(designer(session), "study_trip", 4000), by=cast.sales1)
    session.commit()
    reward = get_reward(session, cast.sales1, reward.id)
    assert reward.state == "asked" and reward.approval is not None and reward.approval.project_id is None
    with pytest.raises(Refused):
        give_reward(session, reward, by=cast.sales1, on=clock.today())
    assert signed(session, reward, cast.compliance).state == "asked"
    assert signed(session, reward, cast.supervisor).state == "agreed"


def test_a_declined_trip_is_not_given(session: Session, cast: Cast) -> None:
    reward = enter_reward(session, drafted(designer(session), "study_trip", 4000), by=cast.sales1)
    session.commit()
    approval = get_approval(session, cast.compliance, reward.approval_id or 0)
    decline_approval(session, approval, by=cast.compliance, answer="Too close to the tender.")
    session.commit()
    assert get_reward(session, cast.sales1, reward.id).state == "refused"


def test_whoever_takes_part_in_a_public_project_gets_nothing_of_value_for_any(session: Session, cast: Cast) -> None:
    contact = designer(session)
    hospital = make_project(session, cast.sales3, name="County hospital", kind="hospital", team=cast.south)
    joins(session, hospital, contact)
    with pytest.raises(Refused) as refused:
        enter_reward(session, drafted(contact, "festival_gift", 80), by=cast.sales1)
    assert "County hospital" not in str(refused.value.message) and "G30" in refused.value.rules
    session.rollback()
    with pytest.raises(Refused) as named:
        enter_reward(session, drafted(contact, "festival_gift", 80), by=cast.sales3)
    assert "County hospital" in str(named.value.message)
    session.rollback()
    assert enter_reward(session, drafted(contact, "training_cpd"), by=cast.sales1).state == "agreed"


def test_while_a_tender_runs_nobody_at_its_design_firm_is_given_anything(session: Session, cast: Cast) -> None:
    contact = designer(session)
    hotel = make_project(session, cast.sales1, name="Canal Hotel", kind="hotel")
    session.add(ProjectParty(project_id=hotel.id, party_id=contact.party_id, role="interior_designer"))
    session.commit()
    assert enter_reward(session, drafted(contact), by=cast.sales1).state == "agreed"
    state_date(session, hotel, "tender_issued", clock.today() - timedelta(3), by=cast.sales1, note="Notice")
    session.commit()
    with pytest.raises(Refused) as refused:
        enter_reward(session, drafted(contact), by=cast.sales1)
    assert refused.value.rules == ("G31",)


def test_consent_lapses_where_a_tender_began_before_the_last_signature(session: Session, cast: Cast) -> None:
    contact = designer(session)
    hotel = make_project(session, cast.sales1, name="Canal Hotel", kind="hotel")
    joins(session, hotel, contact)
    reward = enter_reward(session, drafted(contact, "factory_visit", 600), by=cast.sales1)
    session.commit()
    state_date(session, hotel, "tender_issued", clock.today() - timedelta(1), by=cast.sales1, note="Notice")
    session.commit()
    assert signed(session, reward, cast.compliance, cast.supervisor).state == "refused"
    assert session.scalars(select(Approval.state)).one() == "lapsed"


def test_more_than_was_agreed_is_entered_anew(session: Session, cast: Cast) -> None:
    reward = enter_reward(session, drafted(designer(session), "publication", 500), by=cast.sales1)
    with pytest.raises(Invalid):
        give_reward(session, reward, by=cast.sales1, on=clock.today(), value=Decimal(501))
    give_reward(session, reward, by=cast.sales1, on=clock.today(), value=Decimal(480))
    assert (reward.state, reward.given_value) == ("given", Decimal(480))


def test_papers_are_owed_for_seven_days_and_then_compliance_hears_of_it(session: Session, cast: Cast) -> None:
    reward = enter_reward(session, drafted(designer(session), "factory_visit", 600), by=cast.sales1)
    session.commit()
    reward = signed(session, reward, cast.compliance, cast.supervisor)
    give_reward(session, reward, by=cast.sales1, on=clock.today())
    session.commit()
    told = {days: told_after(session, days) for days in (4, 5, 7, 8, 9)}
    assert [sorted(names) for names in told.values()] == [[], ["Sales1"], [], ["Compliance", "Supervisor"], []]
    reward = get_reward(session, cast.sales1, reward.id)
    with pytest.raises(Invalid):
        file_papers(session, reward, by=cast.sales1, note="  ")
    file_papers(session, reward, by=cast.sales1, note="Contract 2026-17, invoice in the folder of finance")
    session.commit()
    told_after(session, 10)
    assert session.scalars(select(Notification).where(Notification.read_at.is_(None))).all() == []


def told_after(session: Session, days: int) -> list[str]:
    """Who is newly told so many days later."""
    before = set(session.scalars(select(Notification.id)))
    with clock.frozen(clock.now() + timedelta(days=days)):
        for _number in deliver_rewards(session, clock.today()):
            session.commit()
    query = select(User.name).join(Notification, Notification.user_id == User.id).where(Notification.id.not_in(before))
    return list(session.scalars(query.where(Notification.due_thing_id.in_(select(DueThing.id)))))


def test_papers_owed_stand_in_the_list_of_notifications_and_in_a_mail(
    session: Session, cast: Cast, browser: Browser
) -> None:
    reward = enter_reward(session, drafted(designer(session), "factory_visit", 600), by=cast.sales1)
    session.commit()
    reward = signed(session, reward, cast.compliance, cast.supervisor)
    give_reward(session, reward, by=cast.sales1, on=clock.today())
    session.commit()
    told_after(session, 8)
    for user in (cast.sales1, cast.compliance, cast.supervisor):
        page = browser.of(user).get("/notifications").text
        assert "An afternoon" in page and f"/rewards/{reward.id}" in page
    later = clock.today() + timedelta(8)
    things = list(session.scalars(select(DueThing.id)))
    assert len(still_due(session, cast.compliance, things, later)) == 2
    assert still_due(session, cast.sales3, things, later) == []
    subject, body = compose(
        "Compliance",
        list(session.scalars(select(DueThing))),
        Mailing("smtp://x", "https://tracker.example.com", "en"),
        "en",
    )
    assert "An afternoon" in subject and f"/rewards/{reward.id}" in body
    assert browser.of(cast.sales1).post("/notifications/read", data={"reward_id": reward.id}).status_code == 303
    assert "An afternoon" not in browser.of(cast.sales1).get("/notifications").text


def test_calling_it_off_takes_the_request_back(session: Session, cast: Cast) -> None:
    reward = enter_reward(session, drafted(designer(session), "study_trip", 900), by=cast.sales1)
    call_off(session, reward, by=cast.sales1, reason="He has no time.")
    session.commit()
    assert (reward.state, session.scalars(select(Approval.state)).one()) == ("off", "withdrawn")


def test_others_of_a_team_s_reach_see_it_and_a_colleague_beside_does_not(session: Session, cast: Cast) -> None:
    enter_reward(session, drafted(designer(session)), by=cast.sales1)
    session.commit()
    seen = {
        name: bool(session.scalars(select(Reward).where(visible(Reward, user))).all())
        for name, user in cast.users.items()
    }
    assert {name for name, sees in seen.items() if sees} == {
        "admin", "gm", "director", "supervisor", "sales1", "designpromo", "compliance",
    }  # fmt: skip


def test_everybody_invited_to_an_occasion_is_judged_for_himself(session: Session, cast: Cast) -> None:
    trip = occasions.plan_occasion(
        session, occasions.OccasionDraft("factory_visit", "Kiln tour", clock.today(), "Two lines", Decimal(300)),
        by=cast.designpromo,
    )  # fmt: skip
    free, public = designer(session, "Lin Mo"), designer(session, "Qiu Yi")
    joins(session, make_project(session, cast.sales1, kind="school"), public)
    occasions.invite(session, trip, free, by=cast.designpromo)
    session.commit()
    with pytest.raises(Refused):
        occasions.invite(session, trip, public, by=cast.designpromo)
    session.rollback()
    with pytest.raises(Invalid):
        occasions.invite(session, trip, free, by=cast.designpromo)
    session.rollback()
    assert [guest.contact.name for guest in guests_of(session, trip)] == ["Lin Mo"]


def test_all_requests_of_an_occasion_are_signed_with_one_sentence_and_their_papers_filed_once(
    session: Session, cast: Cast
) -> None:
    trip = planned(session, cast)
    for signer in (cast.compliance, cast.director):
        assert occasions.sign_all(session, trip, by=signer, answer="A visit to look, no family.") == 2
        session.commit()
    session.expire_all()
    guests = guests_of(session, trip)
    assert [guest.state for guest in guests] == ["agreed", "agreed"]
    assert occasions.note_came(session, trip, guests[:1], by=cast.designpromo) == 1
    session.commit()
    session.expire_all()
    trip = session.get_one(Occasion, trip.id)
    assert [guest.state for guest in guests_of(session, trip)] == ["given", "off"]
    assert occasions.file_papers_of_all(session, trip, by=cast.designpromo, note="List of who came") == 1
    assert not any(guest.owes_papers for guest in guests_of(session, trip))


def planned(session: Session, cast: Cast) -> Occasion:
    """A factory visit with two guests whose places wait for consent."""
    trip = occasions.plan_occasion(
        session, occasions.OccasionDraft("factory_visit", "Kiln tour", clock.today(), "Two lines", Decimal(300)),
        by=cast.designpromo,
    )  # fmt: skip
    for name in ("Lin Mo", "Qiu Yi"):
        occasions.invite(session, trip, designer(session, name), by=cast.designpromo)
    session.commit()
    return trip


def test_what_somebody_was_given_in_a_year_is_added_up(session: Session, cast: Cast) -> None:
    contact = designer(session)
    for value in (300, 200):
        reward = enter_reward(session, drafted(contact, "publication", value), by=cast.sales1)
        give_reward(session, reward, by=cast.sales1, on=clock.today())
    session.commit()
    given = given_within_a_year(session, cast.sales1, contact, clock.today())
    assert (given.worth, given.times) == (Decimal(500), 2)
    later = given_within_a_year(session, cast.sales1, contact, clock.today() + timedelta(366))
    assert (later.worth, later.times) == (Decimal(0), 0)


def test_the_job_is_done_through_the_pages(session: Session, cast: Cast, browser: Browser) -> None:
    contact = designer(session)
    session.commit()
    who = f"{contact.name} #{contact.id}"
    seller = browser.of(cast.sales1)
    sent = {"who": who, "kind": "factory_visit", "what": "Kiln tour", "value": "600", "on": str(clock.today()),
            "reason": "To see the glaze", "project_id": ""}  # fmt: skip
    answer = seller.post("/rewards/new", data=sent)
    reward = session.scalars(select(Reward)).one()
    assert (answer.status_code, answer.location) == (303, f"/rewards/{reward.id}")
    for user in (cast.compliance, cast.supervisor):
        page = browser.of(user).get(f"/approvals/{reward.approval_id}")
        assert page.status_code == 200 and "Kiln tour" in page.text and contact.name in page.text
        sent = {"decision": "grant", "answer": "Agreed."}
        assert browser.of(user).post(f"/approvals/{reward.approval_id}", data=sent).status_code == 303
    given = seller.post(f"/rewards/{reward.id}/given", data={"on": str(clock.today()), "value": ""})
    assert given.status_code == 303
    assert "papers" in seller.get(f"/rewards/{reward.id}").text
    assert seller.post(f"/rewards/{reward.id}/papers", data={"note": ""}).status_code == 422
    assert seller.post(f"/rewards/{reward.id}/papers", data={"note": "Invoice 17"}).status_code == 303
    assert "Invoice 17" in seller.get(f"/rewards/{reward.id}").text
    assert list_rewards(session, cast.sales1, show="papers").items == []


def test_a_refused_form_says_the_rule_and_keeps_what_was_typed(session: Session, cast: Cast, browser: Browser) -> None:
    contact = designer(session)
    joins(session, make_project(session, cast.sales1, name="School 3", kind="school"), contact)
    who = f"{contact.name} #{contact.id}"
    sent = {"who": who, "kind": "study_trip", "what": "Lakes", "value": "900", "on": str(date(2026, 3, 16)),
            "reason": "To thank him", "project_id": ""}  # fmt: skip
    answer = browser.of(cast.sales1).post("/rewards/new", data=sent)
    assert answer.status_code == 422 and "School 3" in answer.text and "To thank him" in answer.text
    assert browser.of(cast.sales1).post("/rewards/new", data=sent | {"who": "Nobody"}).status_code == 422
    assert browser.of(cast.sales1).post("/rewards/new", data=sent | {"kind": "cash_card"}).status_code == 422


@pytest.mark.parametrize("path", ["/rewards", "/rewards/new", "/occasions", "/occasions/new", "/designers"])
def test_nothing_of_this_exists_for_a_dealer(session: Session, cast: Cast, browser: Browser, path: str) -> None:
    assert browser.of(cast.dealer1).get(path).status_code == 404

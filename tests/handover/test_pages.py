"""The pages of handing over: what they show, do, refuse and keep, who sees them, and how much they ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.making import make_account
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_party, make_project
from tests.handover.making import NOTE, Desk, full_desk
from tests.leads.making import make_lead
from tests.reading import english_in
from tracker import clock
from tracker.contacts.operations.links import add_link
from tracker.contacts.operations.posts import add_past_post
from tracker.handover.models import Handing, Takeover
from tracker.handover.operations import Plan, hand_over
from tracker.leads.models import Lead, LeadMember
from tracker.matrix.models import Evidence, OwnTask
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.partners.operations import ShareDraft, agree_share
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.team.models import User

BUDGET = 14  # statements for a page, signing in included
BRIEFING_BUDGET = 17  # of a project: beside the page its account and its partner makers
TODAY_BUDGET = 12


def form_of(desk: Desk, cast: Cast, **values: Any) -> dict[str, Any]:
    """The page's form as a supervisor sends it."""
    form: dict[str, Any] = {"mode": "leaving", "reason": "Moves abroad", "note": NOTE, "successor_id": cast.sales2.id}
    for kind, things in (("project", desk.open), ("lead", desk.leads)):
        form[kind] = [thing.id for thing in things]
        form |= {f"{kind}-{thing.id}-version": thing.version for thing in things}
        form |= {f"{kind}-{thing.id}-owner": cast.sales2.id for thing in things}
    return form | values


def address(person: User) -> str:
    return f"/people/{person.id}/handover"


def leave(session: Session, cast: Cast, **values: Any) -> None:
    plan = Plan(reason="Moves abroad", note=NOTE, successor_id=cast.sales2.id, **values)
    hand_over(session, cast.sales1, plan, by=cast.supervisor)
    session.commit()


def test_the_page_shows_everything_that_is_his(session: Session, cast: Cast, browser: Browser) -> None:
    full_desk(session, cast)
    client = browser.of(cast.supervisor)
    client.get(address(cast.sales1))  # what the process keeps is there by then
    with counted_queries() as asked:
        page = client.get(address(cast.sales1)).text
    assert len(asked) <= BUDGET, asked
    for words in ("Riverside Tower", "Resting Mall", "Won Hotel", "Plot 0", "Plot 1", "Bring the test report",
                  "The designer waits.", "Harbour", "Wang Li", "Met by nobody else", "Hengyue Group",
                  "Yearly talk"):  # fmt: skip
        assert words in page, words
    for words in ("Lost School", "Southern Clinic", "Shared in the south"):  # ended, or not the supervisor's to see
        assert words not in page, words
    assert "2 further projects" in page and "2 further leads" in page and page.count("1 that you do not see") == 3
    assert "Southern Clinic" in browser.of(cast.director).get(address(cast.sales1)).text


def test_a_supervisor_lets_somebody_go_in_one_step(session: Session, cast: Cast, browser: Browser) -> None:
    desk = full_desk(session, cast)
    client, his = browser.of(cast.supervisor), browser.of(cast.sales1)
    assert his.get("/").status_code == 200
    own = {f"project-{desk.open[0].id}-note": "Ask for Ms Li", f"project-{desk.open[0].id}-introduced": "1"}
    with counted_queries() as asked:
        answer = client.post(address(cast.sales1), data=form_of(desk, cast, **own))
    assert answer.status_code == 303, answer.text
    assert len(asked) < 220
    session.expire_all()
    assert set(session.scalars(select(Project.owner_id))) == {cast.sales2.id, cast.sales3.id}
    taken = session.scalars(select(Takeover).where(Takeover.project_id == desk.open[0].id)).one()
    assert (taken.note, taken.introduced, taken.task_id) == ("Ask for Ms Li", True, None)
    assert his.get("/").status_code == 303  # signed out, and in no more
    after = client.get(answer.location).text
    assert "5 projects, 4 leads, 1 place in a team" in after and "Nothing to hand over" in after


def test_leaving_without_a_note_is_refused_and_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser
) -> None:
    desk = full_desk(session, cast)
    own = {f"project-{desk.open[1].id}-note": "Ask for Ms Li", f"project-{desk.open[1].id}-introduced": "1"}
    own |= {f"lead-{desk.leads[0].id}-owner": cast.supervisor.id}
    answer = browser.of(cast.supervisor).post(address(cast.sales1), data=form_of(desk, cast, note=" ", **own))
    assert answer.status_code == 422
    assert "A leaver hands over with a note" in answer.text and "G42" in answer.text
    assert "Ask for Ms Li" in answer.text and "checked" in answer.text and "Moves abroad" in answer.text
    assert f'value="{cast.supervisor.id}" data-user-text selected' in answer.text
    session.expire_all()
    assert session.get_one(User, cast.sales1.id).active and session.scalars(select(Handing)).all() == []


def test_what_changed_meanwhile_is_told_by_name_and_nothing_goes(
    session: Session, cast: Cast, browser: Browser
) -> None:
    desk = full_desk(session, cast)
    wrong = {f"project-{desk.open[0].id}-version": 99, f"lead-{desk.leads[0].id}-owner": 9999}
    form = form_of(desk, cast, note="王女士决策", reason="出国", **wrong)
    answer = browser.of(cast.supervisor, "zh").post(address(cast.sales1), data=form)
    assert answer.status_code == 422 and "Riverside Tower" in answer.text
    assert english_in(answer.text) == []
    session.expire_all()
    assert cast.sales1.id in set(session.scalars(select(Project.owner_id)))
    assert session.get_one(User, cast.sales1.id).active


def test_a_bad_form_is_refused_and_keeps_what_was_typed(session: Session, cast: Cast, browser: Browser) -> None:
    desk = full_desk(session, cast)
    client = browser.of(cast.supervisor)
    for wrong in ({"reason": ""}, {"successor_id": "999"}, {"note": "x" * 5001}):
        answer = client.post(
            address(cast.sales1), data=form_of(desk, cast, **{f"lead-{desk.leads[0].id}-note": "Shy"} | wrong)
        )
        assert answer.status_code == 422 and "Shy" in answer.text


def test_who_stays_gives_only_what_is_chosen_and_goes_on_reading(
    session: Session, cast: Cast, browser: Browser
) -> None:
    desk = full_desk(session, cast)
    client = browser.of(cast.supervisor)
    page = client.get(f"{address(cast.sales1)}?mode=moving").text
    assert (
        "Hand over what is chosen" in page and "selected" not in page.split("Who takes it", 1)[1].split("</select>")[0]
    )
    form = form_of(desk, cast, mode="moving", keeps_reading="1", note="")
    form |= {f"project-{desk.open[0].id}-owner": "", f"lead-{desk.leads[0].id}-owner": ""}
    assert client.post(address(cast.sales1), data=form).status_code == 303
    session.expire_all()
    assert desk.open[0].owner_id == desk.leads[0].owner_id == cast.sales1.id
    assert desk.open[1].owner_id == desk.leads[1].owner_id == cast.sales2.id
    assert session.get_one(User, cast.sales1.id).active
    shared = session.scalars(select(LeadMember.lead_id).where(LeadMember.user_id == cast.sales1.id)).all()
    assert desk.leads[1].id in shared


def test_nothing_chosen_is_refused(session: Session, cast: Cast, browser: Browser) -> None:
    make_project(session, cast.sales1)
    form = {"mode": "moving", "reason": "Why not"}
    answer = browser.of(cast.supervisor).post(address(cast.sales1), data=form)
    assert answer.status_code == 422 and "Nothing was chosen" in answer.text


def test_leads_are_proposed_to_those_who_were_named(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(4):
        make_lead(session, cast.sales1, f"Plot {number}")
    page = browser.of(cast.supervisor).get(f"{address(cast.sales1)}?mode=moving&to={cast.sales2.id}").text
    assert page.count(f'value="{cast.sales2.id}" data-user-text selected') == 5  # four leads and the successor himself


def test_a_peer_or_a_superior_can_hand_over_but_is_not_let_go(session: Session, cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.supervisor).get(address(cast.supervisor)).text
    assert "Stays with us" in page and "Leaves the company" not in page
    form = {"mode": "leaving", "reason": "x", "note": "x", "successor_id": cast.sales2.id}
    assert browser.of(cast.supervisor).post(address(cast.supervisor), data=form).status_code == 422
    session.expire_all()
    assert session.get_one(User, cast.supervisor.id).active
    assert browser.of(cast.gm).get(address(cast.dealer1)).status_code == 403


def test_the_page_asks_as_little_for_many_as_for_few(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(30):
        make_project(session, cast.sales1, name=f"Site {number}")
        make_lead(session, cast.sales1, f"Plot {number}")
    client = browser.of(cast.supervisor)
    for where in (address(cast.sales1), f"{address(cast.sales1)}?mode=moving&source=street_canvassing"):
        with counted_queries() as asked:
            page = client.get(where).text
        assert len(asked) <= BUDGET and "Site 29" in page and "Plot 29" in page
    assert "Plot 29" not in client.get(f"{address(cast.sales1)}?mode=moving&source=media_land").text


def test_beyond_the_first_two_hundred_they_are_counted(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(203):
        session.add(Lead(name=f"Plot {number:03}", source="media_land", found_on=clock.today(), owner_id=cast.sales1.id,
                         team_id=cast.north.id))  # fmt: skip
    session.commit()
    client = browser.of(cast.supervisor)
    page = client.get(address(cast.sales1)).text
    assert page.count("Who takes it") == 200 and "3 further leads" in page
    form = {"mode": "leaving", "reason": "Leaves", "note": NOTE, "successor_id": cast.sales2.id}
    assert client.post(address(cast.sales1), data=form).status_code == 303
    assert set(session.scalars(select(Lead.owner_id))) == {cast.sales2.id}


def test_what_i_took_over_with_note_briefing_and_whom_to_meet(session: Session, cast: Cast, browser: Browser) -> None:
    desk = full_desk(session, cast)
    client = browser.of(cast.sales2)
    assert "Nothing taken over" in client.get("/handover/mine").text
    assert "Taken over" not in client.get("/").text
    leave(session, cast)
    with counted_queries() as asked:
        page = client.get("/handover/mine").text
    assert len(asked) <= BUDGET
    assert NOTE in page and "Riverside Tower" in page and "Plot 1" in page and "From" in page and "Sales1" in page
    assert "3 decision makers are still to be met" in page
    assert f"/projects/{desk.open[0].id}/briefing" in page
    with counted_queries() as asked:
        today = client.get("/").text
    assert len(asked) <= TODAY_BUDGET
    assert "3 decision makers of projects you took over" in today and "/handover/mine" in today
    assert "Bring the test report" in today and "promised by" in today  # what the leaver promised is not forgotten
    assert "You take over 5 projects and 4 leads" in client.get("/notifications").text
    for task in session.scalars(select(OwnTask)):
        session.add(Evidence(project_id=task.project_id, target=f"U.{task.id}", kind="contact",
                             dated_on=clock.today(), recorded_on=clock.today()))  # fmt: skip
    session.commit()
    assert "Decision maker met" in client.get("/handover/mine").text
    assert "decision makers of projects" not in client.get("/").text


def test_what_was_taken_over_can_be_taken_out_as_a_file(session: Session, cast: Cast, browser: Browser) -> None:
    full_desk(session, cast)
    leave(session, cast)
    answer = browser.of(cast.sales2).get("/handover/mine?export=csv")
    text = answer.get_data().decode("utf-8-sig")
    assert answer.status_code == 200 and "Riverside Tower" in text and "two samples are owed" in text


def test_after_sixty_days_it_is_taken_over_no_more(session: Session, cast: Cast, browser: Browser) -> None:
    full_desk(session, cast)
    leave(session, cast)
    for row in session.scalars(select(Takeover)):
        row.at = clock.now() - timedelta(days=61)
    session.commit()
    assert "Nothing taken over" in browser.of(cast.sales2).get("/handover/mine").text


def test_one_project_that_is_reassigned_is_taken_over_too(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, name="Single Tower")
    form = {"owner_id": cast.sales2.id, "reason": "Nearer to him", "note": "Ms Li decides", "introduced": "y"}
    assert browser.of(cast.supervisor).post(f"/projects/{project.id}/reassign", data=form).status_code == 303
    page = browser.of(cast.sales2).get("/handover/mine").text
    assert "Single Tower" in page and "Ms Li decides" in page and "left the company" not in page


def test_a_projects_briefing_tells_what_the_successor_must_know(session: Session, cast: Cast, browser: Browser) -> None:
    desk = full_desk(session, cast)
    leave(session, cast)
    client = browser.of(cast.sales2)
    with counted_queries() as asked:
        page = client.get(f"/projects/{desk.open[0].id}/briefing").text
    assert len(asked) <= BRIEFING_BUDGET, asked
    for words in ("Riverside Tower", NOTE, "Wang Li", "Decision maker", "last met", "She wants the test report by May.",
                  "Bring the test report", "与决策者共同拜访或通话", "The designer waits.", "Nobody yet",
                  "Coach", "Windows that close", "Sales1"):  # fmt: skip
        assert words in page, words


def test_a_projects_briefing_names_its_key_account_and_its_partner_makers(
    session: Session, cast: Cast, browser: Browser
) -> None:
    developer = make_party(session, "Hengyue Land")
    project = make_project(session, cast.sales1, developer=developer)
    make_account(session, developer, cast.keyaccount)
    maker = make_party(session, "Linden Lighting", kind="partner_maker")
    agree_share(session, get_project(session, cast.sales1, project.id), maker,
                ShareDraft("lighting", clock.today(), terms="They lay the cable"), by=cast.sales1)  # fmt: skip
    session.commit()
    with counted_queries() as asked:
        page = browser.of(cast.sales1).get(f"/projects/{project.id}/briefing").text
    assert len(asked) <= BRIEFING_BUDGET, asked
    for words in ("Hengyue Land", "Key account", cast.keyaccount.name, "Linden Lighting", "They lay the cable",
                  "Nobody is known who decides."):  # fmt: skip
        assert words in page, words


def test_whom_the_leaver_knew_is_offered_to_his_successor_until_he_meets_him(
    session: Session, cast: Cast, browser: Browser
) -> None:
    desk = full_desk(session, cast)
    assert desk.contact is not None
    add_link(session, cast.sales1, desk.contact, by=cast.sales1)
    leave(session, cast)
    heir = browser.of(cast.sales2)
    page = heir.get(f"/contacts/{desk.contact.id}").text
    assert "Sales1" in page and "left the company" in page and "Meet him, and log it" in page
    other = browser.of(cast.supervisor).get(f"/contacts/{desk.contact.id}").text
    assert "left the company" in other and "Successor" in other and "Meet him, and log it" not in other
    assert "Whom your predecessor knew" in heir.get("/handover/mine").text
    table = heir.get(f"/projects/{desk.open[0].id}/circle?view=table").text
    assert "left the company" in table
    draft = RecordDraft("map", "structure", "office_visit", clock.today(), "Introduced", met=(desk.contact.id,))
    log_record(session, get_project(session, cast.sales2, desk.open[0].id), draft, by=cast.sales2)
    session.commit()
    assert "Whom your predecessor knew" not in heir.get("/handover/mine").text


def test_a_contacts_briefing_tells_his_part_and_what_was_spoken(session: Session, cast: Cast, browser: Browser) -> None:
    desk = full_desk(session, cast)
    assert desk.contact is not None
    former = make_party(session, "Qiheng Interiors")
    ended = date(2024, 5, 1)
    add_past_post(session, desk.contact, former, by=cast.sales1, post="Designer", since=None, until=ended)
    add_link(session, cast.sales1, desk.contact, by=cast.sales1)
    leave(session, cast)
    with counted_queries() as asked:
        page = browser.of(cast.sales2).get(f"/contacts/{desk.contact.id}/briefing").text
    assert len(asked) <= BUDGET
    for words in ("Wang Li", "Hengyue Land", "Riverside Tower", "Decision maker", "met 1 time", "left the company",
                  "She wants the test report by May.", "Qiheng Interiors", "knows"):  # fmt: skip
        assert words in page, words
    hidden = browser.of(cast.sales3).get(f"/contacts/{desk.contact.id}/briefing").text
    assert "Riverside Tower" not in hidden and "She wants" not in hidden and "Wang Li" in hidden


@pytest.mark.parametrize("place", ["handover", "mine", "project", "contact"])
def test_the_pages_speak_chinese(session: Session, cast: Cast, browser: Browser, place: str) -> None:
    desk = full_desk(session, cast)
    assert desk.contact is not None
    pages = {
        "handover": (cast.supervisor, address(cast.sales1)),
        "mine": (cast.sales2, "/handover/mine"),
        "project": (cast.sales2, f"/projects/{desk.open[0].id}/briefing"),
        "contact": (cast.sales2, f"/contacts/{desk.contact.id}/briefing"),
    }
    if place != "handover":
        leave(session, cast)
    user, where = pages[place]
    assert english_in(browser.of(user, "zh").get(where).text) == []


def test_dealers_see_none_of_it(session: Session, cast: Cast, browser: Browser) -> None:
    desk = full_desk(session, cast)
    desk.open[0].dealer_id = cast.xinyuan.id
    assert desk.contact is not None
    session.commit()
    client = browser.of(cast.dealer1)
    for where in (address(cast.sales1), "/handover/mine", f"/projects/{desk.open[0].id}/briefing",
                  f"/contacts/{desk.contact.id}/briefing"):  # fmt: skip
        assert client.get(where).status_code == 404
    assert client.get(f"/projects/{desk.open[0].id}").status_code == 200


def test_the_ways_to_the_pages(session: Session, cast: Cast, browser: Browser) -> None:
    desk = full_desk(session, cast)
    assert desk.contact is not None
    client = browser.of(cast.supervisor)
    assert address(cast.sales1) in client.get(f"/people/{cast.sales1.id}").text
    assert address(cast.sales1) not in browser.of(cast.sales2).get(f"/people/{cast.sales1.id}").text
    assert "/briefing" in client.get(f"/projects/{desk.open[0].id}").text
    assert "/briefing" in client.get(f"/contacts/{desk.contact.id}").text

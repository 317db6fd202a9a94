"""Today: what is due, what has gone quiet, what one promised, what waits for a decision; the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.accounts.making import make_account
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tests.leads.making import make_lead
from tracker import clock
from tracker.accounts.models import AccountAction
from tracker.contacts.models import ContactLink
from tracker.home.queries import MOST, Today, load_today
from tracker.leads.models import Lead
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.projects.models import Project, ProjectContact
from tracker.team.models import User
from workflows.wishes import MovePhase

BUDGET = 12  # statements for a page, signing in included


def names(rows: Sequence[Project] | Sequence[Lead]) -> list[str]:
    return [row.name for row in rows]


def today_of(session: Session, user: User) -> Today:
    return load_today(session, user, clock.today())


def test_a_quiet_day_says_so_and_offers_the_first_step(cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.sales1).get("/").get_data(as_text=True)
    assert "/visit" in page
    assert "empty-state" in page


def test_what_is_due_within_three_days_comes_with_the_most_pressing_first(session: Session, cast: Cast) -> None:
    for name, days in (("in two days", 2), ("overdue", -5), ("next week", 7)):
        make_project(session, cast.sales1, name=name).next_due_on = clock.today() + timedelta(days=days)
    make_project(session, cast.sales1, name="lost", state="lost").next_due_on = clock.today()
    make_project(session, cast.sales2, name="a colleague's").next_due_on = clock.today()
    session.flush()
    assert names(today_of(session, cast.sales1).due) == ["overdue", "in two days"]
    assert names(today_of(session, cast.supervisor).due) == ["overdue", "a colleague's", "in two days"]


def test_what_has_gone_quiet_is_shown_from_the_day_after_its_limit(session: Session, cast: Cast) -> None:
    make_project(session, cast.sales1, name="until today").silent_after = clock.today()
    make_project(session, cast.sales1, name="since yesterday").silent_after = clock.today() - timedelta(days=1)
    session.flush()
    assert names(today_of(session, cast.sales1).stalled) == ["since yesterday"]


def test_what_one_promised_oneself_is_there_and_not_what_others_did(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, members=(cast.sales2,))
    for author, step, days in (
        (cast.sales1, "Bring the samples", 1),
        (cast.sales1, "Far away", 9),
        (cast.sales2, "His", 1),
    ):
        draft = RecordDraft("map", "structure", "site_visit", clock.today(), "Talked.", next_step=step,
                            next_on=clock.today() + timedelta(days=days))  # fmt: skip
        log_record(session, project, draft, by=author)
    promised = today_of(session, cast.sales1).promised
    assert [record.next_step for record in promised] == ["Bring the samples"]


def test_ones_own_new_leads_and_the_requests_to_decide_are_counted(
    session: Session, cast: Cast, browser: Browser
) -> None:
    make_lead(session, cast.sales1, name="Canal House")
    make_lead(session, cast.sales2, name="Another's")
    project = make_project(session, cast.sales1)
    soon = clock.today() + timedelta(days=7)
    ask_approval(session, project, MovePhase("specify"), by=cast.sales1, reason="He waits.", complete_by=soon)
    session.commit()
    mine = today_of(session, cast.sales1)
    assert ([one.lead.name for one in mine.leads], mine.to_decide) == (["Canal House"], 0)
    assert today_of(session, cast.supervisor).to_decide == 1
    assert today_of(session, cast.supervisor2).to_decide == 0
    assert "Canal House" in browser.of(cast.sales1).get("/").get_data(as_text=True)
    assert "/approvals" in browser.of(cast.supervisor).get("/").get_data(as_text=True)


def test_leads_to_answer_review_score_again_and_decide_are_there(
    session: Session, cast: Cast, browser: Browser
) -> None:
    day = clock.today()
    for name, values in {
        "fresh": {},
        "resting": {"state": "nurturing", "review_on": day + timedelta(1)},
        "to review": {"state": "invalid", "review_on": day},
        "old card": {"state": "following", "scored_on": day - timedelta(30), "outcome": "convert"},
        "left to him": {"state": "following", "scored_on": day, "outcome": "supervisor_decides"},
    }.items():
        lead = make_lead(session, cast.sales1, name=name)
        for column, value in values.items():
            setattr(lead, column, value)
    session.commit()
    mine = [(one.lead.name, one.what) for one in today_of(session, cast.sales1).leads]
    assert mine == [("fresh", "answer"), ("to review", "review"), ("old card", "rescore")]
    assert [(one.lead.name, one.what) for one in today_of(session, cast.supervisor).leads] == [
        ("left to him", "decide")
    ]
    assert today_of(session, cast.supervisor2).leads == today_of(session, cast.sales2).leads == []
    assert ">Score again</a>" in browser.of(cast.sales1).get("/?lang=en").get_data(as_text=True)


def test_a_dealer_sees_his_own_and_no_way_to_ours(session: Session, cast: Cast, browser: Browser) -> None:
    make_project(session, cast.sales1, name="Through Xinyuan", dealer=cast.xinyuan).next_due_on = clock.today()
    make_project(session, cast.sales1, name="Through Hongda", dealer=cast.hongda).next_due_on = clock.today()
    session.commit()
    page = browser.of(cast.dealer1).get("/").get_data(as_text=True)
    assert "Through Xinyuan" in page and "Through Hongda" not in page
    assert 'href="/parties"' not in page and 'href="/board"' not in page and 'href="/admin"' not in page


def test_it_asks_as_little_for_many_and_shows_the_first_of_them(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(20):
        project = make_project(session, cast.sales1, name=f"Tower {number}")
        project.next_due_on, project.silent_after = clock.today(), clock.today() - timedelta(days=1)
        make_lead(session, cast.sales1, name=f"Plot {number}")
    session.commit()
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        assert client.get("/").status_code == 200
    assert len(asked) <= BUDGET
    assert len(today_of(session, cast.sales1).due) == MOST


def test_birthdays_of_ones_contacts_in_the_next_seven_days_are_there(
    session: Session, cast: Cast, browser: Browser
) -> None:
    firm, today = make_party(session), clock.today()
    mine, known, later, others = (make_contact(session, firm, name) for name in ("Mine", "Known", "Later", "Others"))
    for person, days in ((mine, 7), (known, 0), (later, 8), (others, 1)):
        day = today + timedelta(days=days)
        person.birth_month, person.birth_day = day.month, day.day
    project = make_project(session, cast.sales1)
    elsewhere = make_project(session, cast.sales2)
    session.add_all(ProjectContact(project_id=project.id, contact_id=one.id) for one in (mine, later))
    session.add(ProjectContact(project_id=elsewhere.id, contact_id=others.id))
    session.add(ContactLink(contact_id=known.id, from_user_id=cast.sales1.id, kind="knows"))
    session.commit()
    lists = load_today(session, cast.sales1, today)
    assert [one.name for one in lists.birthdays] == ["Known", "Mine"] and not lists.nothing
    page = browser.of(cast.sales1).get("/").get_data(as_text=True)
    assert "Known" in page and "Later" not in page


def test_ones_own_account_actions_that_are_due_are_there(session: Session, cast: Cast, browser: Browser) -> None:
    account, today = make_account(session, make_party(session, "Hengyue"), cast.keyaccount), clock.today()
    for text, days, who in (
        ("Bring the list", -2, cast.keyaccount),
        ("Next spring", 60, cast.keyaccount),
        ("Not mine", 0, cast.sales1),
    ):
        row = {"kind": "action", "text": text, "due_on": today + timedelta(days=days), "user_id": who.id}
        session.add(AccountAction(account_id=account.id, **row))
    session.commit()
    assert [one.text for one in load_today(session, cast.keyaccount, today).actions] == ["Bring the list"]
    page = browser.of(cast.keyaccount).get("/").get_data(as_text=True)
    assert "Bring the list" in page and "Hengyue" in page and "Next spring" not in page

"""The list of notifications, the bell, Today of those who decide, and what comes by mail."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_notification, make_project
from tests.matrix.making import text_of
from tracker.notifications.models import MailWish, Notification

BELL = re.compile(r'class="bell-count"[^>]*>([^<]+)<')


def page_of(browser: Browser, user: object, path: str = "/notifications", lang: str = "en") -> str:
    answer = browser.of(user, lang).get(path)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_unread_are_listed_by_project_with_rule_and_kind(session: Session, cast: Cast, browser: Browser) -> None:
    first, second = make_project(session, cast.sales1), make_project(session, cast.sales1, name="Hill School")
    make_notification(session, cast.sales1, first)
    make_notification(session, cast.sales1, second, kind="window", rule="", text="The window closes.")
    make_notification(session, cast.sales1, first, kind="promise", rule="G03", text="Promised by today.")
    page = page_of(browser, cast.sales1)
    assert page.count('class="card note-group"') == 2
    said = text_of(page)
    assert said.index("Riverside Tower 3") < said.index("Hill School"), "the newest first"
    assert "Silence" in said
    assert "Window closing" in said
    assert "G43" in said
    assert BELL.findall(page) == ["3"]


def test_they_are_said_in_the_readers_language(session: Session, cast: Cast, browser: Browser) -> None:
    make_notification(session, cast.sales1, make_project(session, cast.sales1))
    assert "久无动静。" in page_of(browser, cast.sales1, lang="zh")
    assert "No record for long." not in page_of(browser, cast.sales1, lang="zh")


def test_without_any_the_page_says_what_comes_here(session: Session, cast: Cast, browser: Browser) -> None:
    page = page_of(browser, cast.sales1)
    assert "Nothing new" in page
    assert BELL.findall(page) == []


def test_opening_one_marks_it_and_leads_to_its_cell(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    told = make_notification(session, cast.sales1, project)
    answer = browser.of(cast.sales1).post(f"/notifications/{told.id}/read")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/projects/{project.id}/cells/map/structure"
    assert session.get_one(Notification, told.id, populate_existing=True).read_at is not None
    assert "Nothing new" in page_of(browser, cast.sales1)
    assert "No record for long." in page_of(browser, cast.sales1, "/notifications?which=all")


def test_marking_one_stays_on_the_list(session: Session, cast: Cast, browser: Browser) -> None:
    told = make_notification(session, cast.sales1, make_project(session, cast.sales1))
    answer = browser.of(cast.sales1).post(f"/notifications/{told.id}/read", data={"stay": "1"})
    assert answer.headers["Location"] == "/notifications"


def test_all_or_those_of_one_project_are_marked_and_nobody_elses(
    session: Session, cast: Cast, browser: Browser
) -> None:
    first, second = make_project(session, cast.sales1), make_project(session, cast.sales1, name="Hill School")
    for project in (first, first, second):
        make_notification(session, cast.sales1, project)
    make_notification(session, cast.supervisor, first)
    client = browser.of(cast.sales1)
    client.post("/notifications/read", data={"project_id": str(first.id)})
    assert BELL.findall(page_of(browser, cast.sales1)) == ["1"]
    client.post("/notifications/read")
    assert BELL.findall(page_of(browser, cast.sales1)) == []
    assert BELL.findall(page_of(browser, cast.supervisor)) == ["1"]


def test_somebody_elses_is_not_there(session: Session, cast: Cast, browser: Browser) -> None:
    told = make_notification(session, cast.sales1, make_project(session, cast.sales1))
    assert browser.of(cast.supervisor).post(f"/notifications/{told.id}/read").status_code == 404
    assert "No record for long." not in page_of(browser, cast.supervisor)


def test_what_belongs_to_a_project_one_sees_no_more_is_left_out(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    make_notification(session, cast.sales1, project)
    project.owner_id, project.team_id = cast.sales3.id, cast.south.id
    session.commit()
    assert "No record for long." not in page_of(browser, cast.sales1)


def test_today_shows_who_decides_what_was_brought_before_him(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    make_notification(session, cast.supervisor, project, level="escalate", rule="G44", text="Silent for twice as long.")
    make_notification(session, cast.supervisor, project, text="Only a reminder.")
    page = page_of(browser, cast.supervisor, "/")
    assert "Silent for twice as long." in page
    assert "Only a reminder." not in page
    assert "Nothing is due" not in page
    assert "Brought before you" not in page_of(browser, cast.sales1, "/")


def test_what_comes_by_mail_is_chosen_here(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', page_of(browser, cast.sales1))
    levels = [box for box in boxes if 'name="groups"' not in box]
    assert ["escalations" in box for box in levels if "checked" in box] == [True]
    client.post("/notifications/mail", data={"reminders": "y"})
    wish = session.scalars(select(MailWish)).one()
    assert (wish.user_id, wish.reminders, wish.escalations) == (cast.sales1.id, True, False)
    client.post("/notifications/mail", data={"escalations": "y"})
    session.refresh(wish)
    assert (wish.reminders, wish.escalations) == (False, True)


def test_the_bell_costs_no_query_and_the_list_few(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(12):
        project = make_project(session, cast.sales1, name=f"Site {number}")
        for _each in range(3):
            make_notification(session, cast.sales1, project)
    client = browser.of(cast.sales1)
    client.get("/notifications")
    with counted_queries() as list_queries:
        client.get("/notifications")
    assert len(list_queries) <= 5
    with counted_queries() as profile_queries:
        client.get("/profile")
    assert not [query for query in profile_queries[1:] if "notification" in query]


def test_an_open_page_hears_how_many_are_unread_and_nothing_where_it_shows_that_already(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    make_notification(session, cast.sales1, project)
    session.commit()
    client = browser.of(cast.sales1)
    assert 'data-unread="/notifications/unread"' in client.get("/").text
    with counted_queries() as asked:
        answer = client.get("/notifications/unread")
    assert answer.json == {"n": 1, "badge": "1", "words": "1 unread"} and len(asked) == 1
    again = client.get("/notifications/unread", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    make_notification(session, cast.sales1, project)
    session.commit()
    newer = client.get("/notifications/unread", headers={"If-None-Match": answer.headers["ETag"]})
    assert newer.json["n"] == 2 and "no-cache" in newer.headers["Cache-Control"]
    assert browser.of(cast.sales2).get("/notifications/unread").json == {"n": 0, "badge": "0", "words": ""}

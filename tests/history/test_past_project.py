"""GET /projects/<id>?on=: the project as it was; nothing of later is told, and nothing can be logged."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.history.making import MAPPED, OPENED, SEEN, live
from tests.matrix.making import STANDARD, draft, text_of
from tracker import clock
from tracker.history.queries import load_life
from tracker.matrix.operations.records import log_record
from tracker.matrix.queries import load_matrix
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from workflows.engine import board

BUDGET = 14


def page_of(browser: Browser, user: object, project: Project, query: str = "", lang: str = "en") -> str:
    answer = browser.of(user, lang).get(f"/projects/{project.id}{query}")  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def here(page: str) -> str:
    """The cell in which the project stands on the page."""
    found = re.search(r'data-here="(\w+/\w+)"', page)
    assert found is not None
    return found.group(1)


def test_the_matrix_is_that_of_the_day(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    days = {OPENED: "qualify/ground", MAPPED: "map/ground", SEEN: "map/structure", SEEN - timedelta(1): "map/ground"}
    for day, cell in days.items():
        page = page_of(browser, cast.sales1, project, f"?on={day}")
        assert here(page) == cell
        assert "As of" in text_of(page)
    assert "As of" not in text_of(page_of(browser, cast.sales1, project))


def test_what_came_later_is_not_told(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    page = page_of(browser, cast.sales1, project, f"?on={MAPPED}").split('id="past-day"')[1]
    assert "Met the owner." in page and "The frame is up." not in page
    assert not re.search(r"\bwon\b", text_of(page)) and '<svg class="mx-path"' in page
    early = page_of(browser, cast.sales1, project, f"?on={OPENED}").split('id="past-day"')[1]
    assert "mx-photos" not in early and "0/" in text_of(early)
    late = page_of(browser, cast.sales1, project, "?on=2026-03-05")
    assert "The frame is up." in late and "won" in text_of(late) and "mx-photos" in late


def test_nothing_can_be_logged_or_changed_there(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    page = page_of(browser, cast.sales1, project, "?on=2026-02-20")
    main = page.split("<main")[1].split("</main>")[0]
    assert "nothing can be logged here" in main
    assert not re.search(r'href="[^"]*/(log|phase|edit|correct|reassign|people)"', main)
    assert 'method="post"' not in main
    assert f'href="/projects/{project.id}">' in main  # the way back to today


def test_a_cell_opens_as_it_was(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    page = page_of(browser, cast.sales1, project, "?on=2026-02-20")
    links = re.findall(r'class="mx-link" href="([^"]+)"', page)
    assert len(links) == len(STANDARD.cells)
    assert links[0].replace("&amp;", "&") == f"/projects/{project.id}?on=2026-02-20&cell=qualify/land#opened"
    cell = page_of(browser, cast.sales1, project, "?on=2026-02-20&cell=qualify/ground")
    assert "Met the owner." in cell and "The frame is up." not in cell
    assert "Tasks in Set-up and qualification / Earthworks" in text_of(cell)


def test_a_plan_is_there_from_the_day_it_was_made(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1, state="active")
    plan = draft(text="See the buyer again.", is_plan=True, on=clock.today() + timedelta(3))
    log_record(session, get_project(session, cast.sales1, project.id), plan, by=cast.sales1)
    session.commit()
    assert "See the buyer again." in page_of(browser, cast.sales1, project)
    yesterday = clock.today() - timedelta(1)
    assert "See the buyer again." not in page_of(browser, cast.sales1, project, f"?on={yesterday}")


@pytest.mark.parametrize(
    ("query", "word"),
    [("on=2019-01-01", "this is the first one"), ("on=2031-01-01", "lies in the future"), ("on=x", "That is no day")],
)
def test_days_outside_its_life_are_moved_with_a_word(
    session: Session, cast: Cast, browser: Browser, query: str, word: str
) -> None:
    project = live(session, cast.sales1)
    page = page_of(browser, cast.sales1, project, f"?{query}")
    assert word in text_of(page)
    assert ("As of 5 Jan" in text_of(page)) is ("2019" in query)


def test_today_and_the_past_agree_on_today(session: Session, cast: Cast) -> None:
    project = get_project(session, cast.sales1, live(session, cast.sales1).id)
    life = load_life(session, cast.sales1, project)
    then, now = life.on(clock.today()), load_matrix(session, cast.sales1, project)
    assert then is not None
    assert life.first == OPENED
    assert board(STANDARD, then.facts, clock.today()) == now.board


def test_a_dealer_sees_his_own_past_only(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1, parties=((cast.xinyuan.id, "dealer"),))
    page = page_of(browser, cast.dealer1, project, "?on=2026-02-20")
    assert here(page) == "map/structure"
    assert "Met the owner." not in page and "To leave" not in page and "Replay" not in page
    assert "tasks done" not in text_of(page)
    assert browser.of(cast.dealer2).get(f"/projects/{project.id}?on=2026-02-20").status_code == 404
    assert browser.of(cast.sales3).get(f"/projects/{project.id}?on=2026-02-20").status_code == 404


def test_htmx_gets_the_day_alone(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    answer = browser.of(cast.sales1).get(f"/projects/{project.id}?on={MAPPED}", headers=HTMX)
    part = answer.get_data(as_text=True)
    assert here(part) == "map/ground" and "<html" not in part and 'type="range"' not in part


def test_the_page_of_a_past_day_and_that_of_today_keep_their_budget(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = live(session, cast.sales1)
    client = browser.of(cast.sales1)
    for query in (f"?on={SEEN}", f"?on={SEEN}&cell=map/ground", ""):
        with counted_queries() as asked:
            assert client.get(f"/projects/{project.id}{query}").status_code == 200
        assert len(asked) <= BUDGET, query

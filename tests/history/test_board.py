"""GET /board?on=: the board of a past day says what held at its end, quickly, and clearly that it is past."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_project
from tests.history.making import MAPPED, OPENED, SEEN, WON, at, change_state, live
from tests.matrix.making import STANDARD, as_seen, text_of
from tests.matrix.test_portfolio import BUDGET, board
from tracker import clock
from tracker.access import is_dealer, visible
from tracker.history.models import Standing
from tracker.history.queries import load_portfolio_on
from tracker.projects.forms import read_filters
from tracker.projects.models import Project
from tracker.projects.operations import reassign_project
from tracker.projects.queries import LIVE
from tracker.team.models import User


def cells_of(page: str) -> dict[tuple[str, str], int]:
    """The number in each filled cell of a past day, by phase and step."""
    links = re.findall(r'<a class="pf-link" href="[^"]*?cell=(\w+)/(\w+)#opened">(.*?)</a>', page, re.DOTALL)
    return {(phase, step): int(re.search(r"\d+", text_of(inside))[0]) for phase, step, inside in links}  # type: ignore[index]


def test_the_board_of_a_day_shows_where_projects_stood_at_its_end(
    session: Session, cast: Cast, browser: Browser
) -> None:
    live(session, cast.sales1)
    ways = {
        OPENED: ("qualify", "ground"),
        MAPPED - timedelta(1): ("qualify", "ground"),
        MAPPED: ("map", "ground"),
        SEEN - timedelta(1): ("map", "ground"),
        SEEN: ("map", "structure"),  # though it was entered a week later
        WON: ("map", "structure"),
    }
    for day, cell in ways.items():
        assert cells_of(board(browser, cast.supervisor, f"?on={day}")) == {cell: 1}, day


def test_the_page_says_which_day_it_shows_and_leads_back(session: Session, cast: Cast, browser: Browser) -> None:
    live(session, cast.sales1)
    page = board(browser, cast.supervisor, "?on=2026-02-01")
    assert "The board as of 1 Feb" in text_of(page) and "Back to today" in page
    assert "stalled" not in text_of(page.split('id="past-day"')[1])  # who was silent then is not known
    today = board(browser, cast.supervisor)
    assert "as of" not in text_of(today) and "stalled" in text_of(today)
    assert 'type="range"' in today and 'type="range"' in page
    assert "2月1日的看板" in board(browser, cast.supervisor, "?on=2026-02-01", lang="zh") or "2月1日" in board(
        browser, cast.supervisor, "?on=2026-02-01", lang="zh"
    )


@pytest.mark.parametrize(
    ("query", "shown", "word"),
    [
        ("on=2020-01-01", OPENED, "Nothing is known of earlier days"),
        ("on=2030-01-01", None, "That day lies in the future"),
        ("on=yesterday", None, "That is no day"),
        ("on=2026-13-45", None, "That is no day"),
        ("at=9999999", None, "That is no day"),
        ("at=900", None, "That day lies in the future"),
        ("at=x&on=2026-02-01&was=2026-02-01", None, "That is no day"),
    ],
)
def test_days_that_there_are_not_are_moved_to_the_nearest_with_a_word(
    session: Session, cast: Cast, browser: Browser, query: str, shown: date | None, word: str
) -> None:
    live(session, cast.sales1)
    page = board(browser, cast.supervisor, f"?{query}")
    assert word in text_of(page)
    assert ("The board as of" in text_of(page)) is (shown is not None)
    assert f'name="was" value="{shown or clock.today()}"' in page


@pytest.mark.parametrize(
    ("query", "day"),
    [
        ("at=21&on=2026-03-16&was=2026-03-16", MAPPED),  # the knob was moved
        ("at=70&on=2026-01-26&was=2026-03-16", MAPPED),  # a day was typed
        ("on=2026-01-26", MAPPED),
    ],
)
def test_the_form_works_without_scripts(session: Session, cast: Cast, browser: Browser, query: str, day: date) -> None:
    live(session, cast.sales1)
    page = board(browser, cast.supervisor, f"?{query}")
    assert f'name="was" value="{day}"' in page
    assert re.search(rf'name="at" min="0" max="70" value="{(day - OPENED).days}"', page)


def test_months_on_either_side_are_links_that_keep_the_filters(session: Session, cast: Cast, browser: Browser) -> None:
    live(session, cast.sales1)
    page = board(browser, cast.supervisor, "?on=2026-02-28&by=value&category=tiles")
    for day in ("2026-01-28", "2026-03-16"):
        assert re.search(rf'href="/board\?[^"]*by=value[^"]*category=tiles[^"]*on={day}"', page), day
    first = board(browser, cast.supervisor, f"?on={OPENED}")
    assert 'data-past-months="-1"' not in first and 'data-past-months="1"' in first


def test_htmx_gets_the_day_without_the_slider(session: Session, cast: Cast, browser: Browser) -> None:
    live(session, cast.sales1)
    part = browser.of(cast.supervisor).get("/board?on=2026-02-01", headers=HTMX).get_data(as_text=True)
    assert "The board as of" in part and cells_of(part) == {("map", "ground"): 1}
    assert "<html" not in part and 'type="range"' not in part


def test_a_cell_of_a_past_day_lists_who_stood_there_and_where_they_are_now(
    session: Session, cast: Cast, browser: Browser
) -> None:
    live(session, cast.sales1)
    page = board(browser, cast.supervisor, "?on=2026-01-20&cell=qualify/ground")
    opened = text_of(page.split('id="opened"')[1])
    assert "Riverside Tower 3" in opened and "today in Stakeholder mapping" in opened and "won" in opened
    assert "Nobody stood here" in board(browser, cast.supervisor, "?on=2026-01-20&cell=map/ground")
    assert 'id="opened"' not in board(browser, cast.supervisor, "?on=2026-01-20&cell=no/where")
    assert "Riverside Tower 3" not in board(browser, cast.supervisor2, "?on=2026-01-20&cell=qualify/ground")


def test_before_the_first_project_there_is_only_today(cast: Cast, browser: Browser) -> None:
    page = board(browser, cast.supervisor, "?on=2026-01-20")
    assert "Nothing is known of earlier days" in page and "No project here" in page


def test_a_project_that_was_given_away_takes_its_past_along(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    assert cells_of(board(browser, cast.supervisor, "?on=2026-02-01")) and not cells_of(
        board(browser, cast.supervisor2, "?on=2026-02-01")
    )
    loaded = as_seen(session, cast.director, project)
    reassign_project(session, loaded, cast.sales3, by=cast.director, reason="He knows the buyer.")
    session.commit()
    assert not cells_of(board(browser, cast.supervisor, "?on=2026-02-01"))
    assert cells_of(board(browser, cast.supervisor2, "?on=2026-02-01")) == {("map", "ground"): 1}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),
        ("owner={sales1}", 1),
        ("team={north}", 2),
        ("team={south}", 0),
        ("category=lighting", 1),
        ("q=harbour", 1),
        ("state=suspended", 0),
        ("state=active", 2),
        ("phase=map", 2),
        ("phase=bid", 0),
        ("stalled=1", 2),  # nothing is known of it, so that it leaves nobody out
    ],
)
def test_filters_narrow_the_past_too(session: Session, cast: Cast, browser: Browser, query: str, number: int) -> None:
    live(session, cast.sales1)
    live(session, cast.sales2, name="Harbour Hotel", state="suspended", categories=("lighting",))
    ids = {key: getattr(cast, key).id for key in ("sales1", "north", "south")}
    page = board(browser, cast.supervisor, f"?on=2026-02-01&{query.format(**ids)}")
    assert sum(cells_of(page).values()) == number


def live_by_chance(session: Session, cast: Cast) -> None:
    """Projects of all teams whose place, state, value and team change over two months."""
    dice = random.Random(5)
    owners = [cast.sales1, cast.sales2, cast.sales3, cast.keyaccount, None]
    with clock.frozen(at(date(2026, 1, 1))):
        projects = [
            make_project(
                session, dice.choice(owners), name=f"Site {number}", members=(cast.technical,) * (number % 3 == 0)
            )
            for number in range(14)
        ]
    for number in range(60):
        with clock.frozen(at(date(2026, 1, 2) + timedelta(days=number))):
            project = dice.choice(projects)
            match dice.randrange(4):
                case 0:
                    project.phase = dice.choice(STANDARD.phases).key
                case 1:
                    change_state(session, project, dice.choice(["active", "won", "lost", "suspended"]))
                case 2:
                    project.value = Decimal(dice.randrange(1, 99)) * 1000
                case _:
                    owner = dice.choice(owners)
                    project.owner_id, project.team_id = (owner.id, owner.team_id) if owner else (None, None)
            session.commit()


def counted(session: Session, user: User, day: date) -> Counter[tuple[str, str, str]]:
    """Cells and values of the intervals that hold on a day, of what the user sees."""
    rows = session.execute(
        select(Standing.phase, Standing.step, Standing.value, Standing.from_day, Standing.to_day)
        .join(Project, Project.id == Standing.project_id)
        .where(visible(Project, user), Standing.state.in_(LIVE))
    )
    found: Counter[tuple[str, str, str]] = Counter()
    for phase, step, value, begin, end in rows:
        if begin <= day and (end is None or day < end):
            found[phase, step, "projects"] += 1
            found[phase, step, "value"] += value
    return found


def test_the_sums_are_what_counting_the_intervals_gives_for_everybody_on_every_day(
    session: Session, cast: Cast
) -> None:
    live_by_chance(session, cast)
    people = [user for user in cast.users.values() if not is_dealer(user)]
    plain = read_filters({})
    for days in range(0, 75, 5):
        day = date(2026, 1, 1) + timedelta(days)
        for user in people:
            shown = load_portfolio_on(session, user, plain, day)
            said: Counter[tuple[str, str, str]] = Counter()
            for cell, number in shown.cells.items():
                said[(*cell, "projects")] += number.count
                said[(*cell, "value")] += number.value  # type: ignore[assignment]
            assert said == counted(session, user, day), (user.username, day)


@pytest.mark.parametrize("query", ["", "&category=tiles", "&cell=map/structure", "&by=value&q=site"])
def test_the_board_of_a_past_day_asks_as_little_for_many_projects_as_for_one(
    session: Session, cast: Cast, browser: Browser, query: str
) -> None:
    steps = [step.key for step in STANDARD.steps]
    for number in range(40):
        make_project(session, cast.sales1, name=f"Site {number}", step=steps[number % 12], since=date(2026, 1, 5))
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        assert client.get(f"/board?on=2026-02-01{query}").status_code == 200
    assert len(asked) <= BUDGET
    with counted_queries() as asked:
        assert client.get("/board").status_code == 200
    assert len(asked) <= BUDGET

"""GET /projects: filtered, sorted, searched, and each state of it an address that can be kept."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_party, make_project
from tracker import clock
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project

BUDGET = 8  # statements, signing in included


def names_in(page: str) -> list[str]:
    """The names of the listed projects, in order."""
    return re.findall(r'class="site" href="/projects/\d+" data-user-text>([^<]+)<', page)


def listed(browser: Browser, user: object, query: str = "") -> list[str]:
    answer = browser.of(user).get(f"/projects{query}")  # type: ignore[arg-type]
    assert answer.status_code == 200
    return names_in(answer.get_data(as_text=True))


def make_some(session: Session, cast: Cast) -> dict[str, Project]:
    hengyue, kangda = make_party(session, "Hengyue Land"), make_party(session, "Kangda Hospital")
    some = {
        "Tower": make_project(session, cast.sales1, name="Tower", value=3_000_000, developer=hengyue),
        "Hospital": make_project(
            session, cast.sales2, name="Hospital", value=1_000_000, developer=kangda, categories=("lighting",)
        ),
        "Hotel": make_project(
            session, cast.sales3, name="Hotel", value=2_000_000, phase="bid", step="masonry", dealer=cast.xinyuan
        ),
        "Lost": make_project(session, cast.sales1, name="Lost", state="lost"),
    }
    some["Hotel"].source, some["Hotel"].region_id = "media_land", cast.region_south.id
    some["Tower"].address = "Quay Road 7"
    session.commit()
    return some


def test_everyone_sees_his_own_list(session: Session, cast: Cast, browser: Browser) -> None:
    make_some(session, cast)
    assert sorted(listed(browser, cast.sales1)) == ["Tower"]
    assert sorted(listed(browser, cast.supervisor)) == ["Hospital", "Tower"]
    assert sorted(listed(browser, cast.director)) == ["Hospital", "Hotel", "Tower"]
    assert listed(browser, cast.dealer1) == ["Hotel"]
    assert listed(browser, cast.dealer2) == []
    assert browser.nobody().get("/projects").status_code in (302, 303)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=tow", ["Tower"]),
        ("q=quay", ["Tower"]),
        ("q=100%25", []),
        ("owner={sales2}", ["Hospital"]),
        ("team={north}", ["Hospital", "Tower"]),
        ("region={region_south}", ["Hotel"]),
        ("category=lighting", ["Hospital"]),
        ("developer_name=hengyue", ["Tower"]),
        ("dealer={xinyuan}", ["Hotel"]),
        ("source=media_land", ["Hotel"]),
        ("phase=bid", ["Hotel"]),
        ("step=masonry", ["Hotel"]),
        ("phase=bid&step=structure", []),
        ("state=lost", ["Lost"]),
        ("owner={sales1}&category=tiles", ["Tower"]),
        ("owner=nobody&region=x&page=none", ["Hospital", "Hotel", "Tower"]),
    ],
)
def test_a_filter_leaves_what_fits(
    session: Session, cast: Cast, browser: Browser, query: str, names: list[str]
) -> None:
    make_some(session, cast)
    ids = {key: getattr(cast, key).id for key in ("sales1", "sales2", "north", "region_south", "xinyuan")}
    assert sorted(listed(browser, cast.director, "?" + query.format(**ids))) == names


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["Hospital", "Hotel", "Tower"]),
        ("value", ["Tower", "Hotel", "Hospital"]),
        ("new", ["Hotel", "Hospital", "Tower"]),
    ],
)
def test_the_list_is_sorted_by_its_heads(
    session: Session, cast: Cast, browser: Browser, sort: str, names: list[str]
) -> None:
    make_some(session, cast)
    assert listed(browser, cast.director, f"?sort={sort}") == names


def test_an_address_keeps_filters_sort_and_page(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(55):
        make_project(session, cast.sales1, name=f"Site {number:02}", value=number)
    client = browser.of(cast.sales1)
    page = client.get("/projects?q=site&sort=name&category=tiles").get_data(as_text=True)
    assert len(names_in(page)) == 50
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    second = client.get(following.group(1).replace("&amp;", "&")).get_data(as_text=True)
    assert names_in(second) == [f"Site {number}" for number in range(50, 55)]
    assert 'name="q" value="site"' in second and 'value="tiles" selected' in second
    assert 'rel="prev"' in second and "sort=name" in second


def test_htmx_gets_the_rows_alone(session: Session, cast: Cast, browser: Browser) -> None:
    make_some(session, cast)
    fragment = browser.of(cast.sales1).get("/projects", headers=HTMX).get_data(as_text=True)
    assert names_in(fragment) == ["Tower"]
    assert "<html" not in fragment


def test_silent_projects_are_marked_and_can_be_listed_alone(session: Session, cast: Cast, browser: Browser) -> None:
    week_ago = clock.today() - timedelta(days=8)
    silent = make_project(session, cast.sales1, name="Silent", phase="bid", step="masonry", since=week_ago)
    lively = make_project(session, cast.sales1, name="Lively", phase="bid", step="masonry", since=week_ago)
    log_record(session, lively, RecordDraft("bid", "masonry", "call", clock.today(), "Called"), by=cast.sales1)
    refresh(session, silent)
    session.commit()
    assert silent.silent_after == date(2026, 3, 15)
    assert listed(browser, cast.sales1, "?stalled=1") == ["Silent"]
    page = browser.of(cast.sales1).get("/projects?sort=name").get_data(as_text=True)
    assert names_in(page) == ["Lively", "Silent"] and page.count("tag tag-bad") == 1


def test_an_empty_list_teaches_the_first_step_to_who_may_take_it(cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.sales1).get("/projects").get_data(as_text=True)
    assert "No project here" in page and "/projects/new" in page
    assert "/projects/new" not in browser.of(cast.compliance).get("/projects").get_data(as_text=True)


@pytest.mark.parametrize("query", ["", "?q=site&sort=value", "?stalled=1", "?page=2&category=tiles"])
def test_the_list_asks_as_little_for_many_projects_as_for_one(
    session: Session, cast: Cast, browser: Browser, query: str
) -> None:
    for number in range(60):
        make_project(session, cast.sales1, name=f"Site {number}", developer=make_party(session, f"Firm {number}"))
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        assert client.get(f"/projects{query}").status_code == 200
    assert len(asked) <= BUDGET


def test_names_are_shown_as_text(session: Session, cast: Cast, browser: Browser) -> None:
    make_project(session, cast.sales1, name="<script>alert(1)</script> \"'`")
    for lang in ("en", "zh"):
        page = browser.of(cast.sales1, lang).get("/projects").get_data(as_text=True)
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_the_list_takes_no_other_request(cast: Cast, browser: Browser) -> None:
    assert browser.of(cast.sales1).post("/projects").status_code == 405

"""GET /visit: the site of a visit is picked, nearest first, or of those visited last, or by name."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_project
from tests.matrix.making import as_seen, draft, text_of
from tracker.matrix.operations.records import log_record
from tracker.projects.models import Project

BUDGET = 6  # statements, signing in included
BUND = (31.2404, 121.4901)


def sites_in(page: str) -> list[str]:
    """The names of the offered sites, in order."""
    return re.findall(r'<a href="/projects/\d+/log">.*?<b data-user-text>([^<]+)</b>', page, re.DOTALL)


def offered(browser: Browser, user: object, query: str = "") -> list[str]:
    answer = browser.of(user).get(f"/visit{query}")  # type: ignore[arg-type]
    assert answer.status_code == 200
    return sites_in(answer.get_data(as_text=True))


def place_some(session: Session, cast: Cast) -> dict[str, Project]:
    """Sites of sales1 at growing distance from the Bund, one without a place, one lost, and a colleague's next door."""
    far = {"Quay": 0.001, "Bridge": 0.01, "Airport": 0.15, "Next town": 0.5}
    some = {
        name: make_project(session, cast.sales1, name=name, latitude=BUND[0] + off, longitude=BUND[1])
        for name, off in far.items()
    }
    make_project(session, cast.sales1, name="Somewhere")
    make_project(session, cast.sales1, name="Lost", state="lost", latitude=BUND[0], longitude=BUND[1])
    make_project(session, cast.sales2, name="Colleague's", latitude=BUND[0], longitude=BUND[1])
    return some


def test_the_nearest_come_first_with_their_distance(session: Session, cast: Cast, browser: Browser) -> None:
    place_some(session, cast)
    query = f"?lat={BUND[0]}&lon={BUND[1]}"
    assert offered(browser, cast.sales1, query) == ["Quay", "Bridge", "Airport"]
    said = text_of(browser.of(cast.sales1).get("/visit" + query).get_data(as_text=True))
    assert "Near you" in said and "111 m" in said and "1.1 km" in said
    assert offered(browser, cast.supervisor, query)[:1] == ["Colleague&#39;s"]


def test_without_a_place_the_sites_visited_last_come_first(session: Session, cast: Cast, browser: Browser) -> None:
    some = place_some(session, cast)
    for name in ("Next town", "Quay"):
        log_record(session, as_seen(session, cast.sales1, some[name]), draft(), by=cast.sales1)
    session.commit()
    names = offered(browser, cast.sales1)
    assert names[:2] == ["Quay", "Next town"]
    assert set(names) == {"Quay", "Bridge", "Airport", "Next town", "Somewhere"}
    assert "Recent" in text_of(browser.of(cast.sales1).get("/visit").get_data(as_text=True))


@pytest.mark.parametrize(
    "query", ["lat=95&lon=10", "lat=here&lon=there", "lat=31.2", "lat=nan&lon=nan", "lat=inf&lon=1"]
)
def test_a_place_that_is_none_does_not_count(session: Session, cast: Cast, browser: Browser, query: str) -> None:
    place_some(session, cast)
    page = text_of(browser.of(cast.sales1).get(f"/visit?{query}").get_data(as_text=True))
    assert "Recent" in page


def test_a_site_is_found_by_name_or_address(session: Session, cast: Cast, browser: Browser) -> None:
    some = place_some(session, cast)
    some["Bridge"].address = "南京路 7 号"
    session.commit()
    assert offered(browser, cast.sales1, "?q=quay") == ["Quay"]
    assert offered(browser, cast.sales1, "?q=南京路") == ["Bridge"]
    assert offered(browser, cast.sales1, "?q=colleague") == []
    page = browser.of(cast.sales1).get("/visit?q=%22%3E%3Cscript%3E").get_data(as_text=True)
    assert "<script>" not in page.split("</head>")[1].split("No site here yet")[0]
    assert "/leads/new" in page  # what to do where there is no site yet


def test_htmx_gets_the_sites_alone(session: Session, cast: Cast, browser: Browser) -> None:
    place_some(session, cast)
    query = f"/visit?lat={BUND[0]}&lon={BUND[1]}"
    fragment = browser.of(cast.sales1).get(query, headers=HTMX).get_data(as_text=True)
    assert "<html" not in fragment and "Near you" in fragment
    assert sites_in(fragment) == ["Quay", "Bridge", "Airport"]


def test_a_dealer_picks_among_his_own_and_who_may_not_log_picks_nothing(
    session: Session, cast: Cast, browser: Browser
) -> None:
    make_project(session, cast.sales1, name="His", dealer=cast.xinyuan, latitude=BUND[0], longitude=BUND[1])
    make_project(session, cast.sales1, name="Ours", latitude=BUND[0], longitude=BUND[1])
    for query in ("", f"?lat={BUND[0]}&lon={BUND[1]}", "?q=s"):
        assert "Ours" not in offered(browser, cast.dealer1, query)
    assert offered(browser, cast.dealer1, "?q=his") == ["His"]
    assert offered(browser, cast.dealer1, f"?lat={BUND[0]}&lon={BUND[1]}") == ["His"]
    assert browser.of(cast.compliance).get("/visit").status_code == 403
    assert browser.of(cast.sales1).post("/visit").status_code == 405


def test_picking_asks_little(session: Session, cast: Cast, browser: Browser) -> None:
    place_some(session, cast)
    for query in ("", f"?lat={BUND[0]}&lon={BUND[1]}", "?q=quay"):
        client = browser.of(cast.sales1)
        with counted_queries() as asked:
            client.get(f"/visit{query}")
        assert len(asked) <= BUDGET, query

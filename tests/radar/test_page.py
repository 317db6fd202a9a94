"""The radar: what closes next, by estimated days, with the visit to make; one's own or one's people's."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_party, make_project
from tests.matrix.making import text_of
from tests.notifications.making import before, wind_up
from tracker.matrix.models import Move
from tracker.projects.models import Building, Project, ProjectMember, ProjectParty
from tracker.team.models import User


def closing_in(session: Session, owner: User | None, days: int, name: str, **more: object) -> Project:
    """A project whose window to bid for tiles closes in so many days: the envelope usually takes 135."""
    values = {"phase": "bid", "step": "envelope", "since": before(135 - days), **more}
    project = make_project(session, owner, name=name, **values)  # type: ignore[arg-type]
    wind_up(session, project)
    return project


def radar(browser: Browser, user: User, query: str = "") -> str:
    answer = browser.of(user).get(f"/radar{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def sites(page: str) -> list[str]:
    return re.findall(r'class="site"[^>]*>([^<]+)<', page)


def test_what_closes_next_comes_first_in_bands_of_time(session: Session, cast: Cast, browser: Browser) -> None:
    for days, name in ((40, "Far"), (3, "Soon"), (12, "Fortnight"), (25, "Month")):
        closing_in(session, cast.sales1, days, name)
    page = radar(browser, cast.sales1)
    assert sites(page) == ["Soon", "Fortnight", "Month", "Far"]
    assert re.findall(r'id="band-(\w+)"', page) == ["week", "fortnight", "month", "later"]
    assert "3 days" in text_of(page)
    assert "by usual durations" in page


def test_each_window_says_what_to_get_whom_to_see_and_where_to_log_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = closing_in(session, cast.sales1, 5, "Riverside")
    page = radar(browser, cast.sales1)
    assert "Get: Quote approved by the authorised person and its version locked" in page
    assert "Owner or developer, not known yet" in page
    assert f"/projects/{project.id}/log?phase=bid&amp;step=envelope" in page
    buyer = make_party(session, "Xinhua Interiors", kind="contractor")
    session.add(ProjectParty(project_id=project.id, party_id=buyer.id, role="fitout_contractor"))
    session.commit()
    assert f'<a href="/parties/{buyer.id}" data-user-text>Xinhua Interiors</a>' in radar(browser, cast.sales1)


def test_categories_whose_windows_close_together_are_one_row(session: Session, cast: Cast, browser: Browser) -> None:
    closing_in(session, cast.sales1, 5, "Riverside", categories=("tiles", "gypsum_board"))
    page = radar(browser, cast.sales1)
    assert sites(page) == ["Riverside"]
    assert "Gypsum board, studs and ceilings, Tiles and sintered stone · bid" in text_of(page)


def test_where_the_site_was_seen_twice_its_own_pace_counts(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="bid", step="envelope", since=before(10))
    building = session.query(Building).filter_by(project_id=project.id).one()
    for step, on in (("masonry", before(220)), ("envelope", before(10))):
        session.add(Move(project_id=project.id, building_id=building.id, axis="step", target=step, on=on))
    session.add(Move(project_id=project.id, axis="phase", target="bid", on=before(220)))
    session.commit()
    wind_up(session, project)
    page = radar(browser, cast.sales1)
    assert "by the pace of this site" in page
    assert "260 days" in text_of(page), "masonry took 210 days instead of 105, so the envelope takes 270"


def test_a_salesperson_sees_his_own_and_those_he_helps_with(session: Session, cast: Cast, browser: Browser) -> None:
    closing_in(session, cast.sales1, 5, "Mine")
    closing_in(session, cast.sales2, 6, "Not mine")
    helped = closing_in(session, cast.sales2, 7, "Helped")
    session.add(ProjectMember(project_id=helped.id, user_id=cast.sales1.id, department="sales"))
    session.commit()
    assert sites(radar(browser, cast.sales1)) == ["Mine", "Helped"]
    assert sites(radar(browser, cast.sales1, f"?owner={cast.sales2.id}")) == ["Mine", "Helped"]


def test_a_supervisor_sees_those_of_his_teams_and_chooses_whose(session: Session, cast: Cast, browser: Browser) -> None:
    closing_in(session, cast.sales1, 5, "One")
    closing_in(session, cast.sales2, 6, "Two")
    closing_in(session, cast.sales3, 7, "South")
    assert sites(radar(browser, cast.supervisor)) == ["One", "Two"]
    assert sites(radar(browser, cast.supervisor, f"?owner={cast.sales2.id}")) == ["Two"]
    assert sites(radar(browser, cast.supervisor, f"?owner={cast.sales3.id}")) == []
    assert sites(radar(browser, cast.gm)) == ["One", "Two", "South"]


def test_category_and_activity_narrow_it(session: Session, cast: Cast, browser: Browser) -> None:
    closing_in(session, cast.sales1, 5, "Tiles")
    closing_in(session, cast.sales1, 6, "Board", categories=("gypsum_board",))
    assert sites(radar(browser, cast.sales1, "?category=gypsum_board")) == ["Board"]
    assert sites(radar(browser, cast.sales1, "?activity=specify")) == []
    assert "No window closes here" in radar(browser, cast.sales1, "?activity=specify")
    assert sites(radar(browser, cast.sales1, "?category=nonsense&activity=nonsense&owner=x")) == ["Tiles", "Board"]


def test_an_empty_radar_teaches_the_first_step(session: Session, cast: Cast, browser: Browser) -> None:
    page = radar(browser, cast.sales1)
    assert "No window closes yet" in page
    assert 'href="/projects"' in page


def test_a_dealer_has_no_radar(session: Session, cast: Cast, browser: Browser) -> None:
    closing_in(session, cast.sales1, 5, "Mine", dealer=cast.xinyuan)
    assert browser.of(cast.dealer1).get("/radar").status_code == 404
    assert "/radar" not in browser.of(cast.dealer1).get("/").get_data(as_text=True)


def test_who_may_not_log_finds_no_button_to_log(session: Session, cast: Cast, browser: Browser) -> None:
    closing_in(session, cast.sales1, 5, "Mine")
    page = radar(browser, cast.compliance)
    assert sites(page) == ["Mine"]
    assert "radar-log" not in page


def test_a_site_that_takes_longer_than_expected_stays_on_the_radar(
    session: Session, cast: Cast, browser: Browser
) -> None:
    closing_in(session, cast.sales1, -20, "Overdue")
    page = radar(browser, cast.sales1)
    assert sites(page) == ["Overdue"]
    assert f"{203 - 155} days" in text_of(page), "it is expected to take half as long again"


def test_forty_windows_take_few_queries(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(45):
        closing_in(session, cast.sales1, 5 + number, f"Site {number}")
    client = browser.of(cast.supervisor)
    client.get("/radar")
    with counted_queries() as queries:
        page = client.get("/radar").get_data(as_text=True)
    assert len(queries) <= 7
    assert len(sites(page)) == 40
    assert "narrow it down" in page

"""GET /board: all projects one may see on the same grid, with counts and value, filtered; a cell opens its list."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_party, make_project
from tests.matrix.making import STANDARD, text_of
from tests.projects.test_listing import names_in
from tracker import clock
from tracker.matrix.operations.refreshing import refresh
from tracker.matrix.queries import Portfolio, PortfolioCell
from tracker.projects.models import Project

BUDGET = 8  # statements, signing in included


def make_some(session: Session, cast: Cast) -> dict[str, Project]:
    """Three live projects of the north and one of the south, in two cells, and a lost one."""
    hengyue = make_party(session, "Hengyue Land")
    long_ago = clock.today() - timedelta(days=40)
    some = {
        "Tower": make_project(session, cast.sales1, name="Tower", value=3_000_000, developer=hengyue),
        "Hotel": make_project(session, cast.sales1, name="Hotel", value=1_500_000, categories=("lighting",)),
        "Silent": make_project(
            session, cast.sales2, name="Silent", value=500_000, phase="bid", step="masonry", since=long_ago
        ),
        "South": make_project(session, cast.sales3, name="South", value=70_000, dealer=cast.xinyuan),
        "Lost": make_project(session, cast.sales1, name="Lost", state="lost"),
    }
    some["Hotel"].source, some["South"].region_id = "media_land", cast.region_south.id
    for project in some.values():
        refresh(session, project)
    session.commit()
    return some


def board(browser: Browser, user: Any, query: str = "", lang: str = "en") -> str:
    answer = browser.of(user, lang).get(f"/board{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def cells_of(page: str) -> dict[tuple[str, str], str]:
    """What the filled cells say, by phase and step, from the addresses of their lists."""
    links = re.findall(r'<a class="pf-link" href="[^"]*?phase=(\w+)&amp;step=(\w+)">(.*?)</a>', page, re.DOTALL)
    return {(phase, step): text_of(inside) for phase, step, inside in links}


def test_counts_and_value_stand_in_their_cells(session: Session, cast: Cast, browser: Browser) -> None:
    make_some(session, cast)
    cells = cells_of(board(browser, cast.supervisor))
    assert set(cells) == {("map", "structure"), ("bid", "masonry")}
    assert " 2 " in cells["map", "structure"] and "¥4.5M" in cells["map", "structure"]
    assert " 1 " in cells["bid", "masonry"] and "¥500k" in cells["bid", "masonry"]
    assert "1 stalled" in cells["bid", "masonry"] and "stalled" not in cells["map", "structure"]
    assert "450万" in cells_of(board(browser, cast.supervisor, lang="zh"))["map", "structure"]


def test_the_board_is_a_table_of_all_phases_and_steps(session: Session, cast: Cast, browser: Browser) -> None:
    make_some(session, cast)
    page = board(browser, cast.gm)
    assert page.count('scope="row"') == 8 and page.count('scope="col"') == 13 and page.count("<td class=") == 96
    said = text_of(page)
    for name in (*(phase.name.en for phase in STANDARD.phases), *(step.name.en for step in STANDARD.steps)):
        assert name in said


def test_everyone_sees_his_own_board(session: Session, cast: Cast, browser: Browser) -> None:
    make_some(session, cast)
    counts = {
        person.username: sum(int(re.search(r"\d+", said)[0]) for said in cells_of(board(browser, person)).values())  # type: ignore[index]
        for person in (cast.sales1, cast.sales2, cast.sales3, cast.supervisor, cast.supervisor2, cast.director, cast.gm)
    }
    assert counts == {
        "sales1": 2,
        "sales2": 1,
        "sales3": 1,
        "supervisor": 3,
        "supervisor2": 1,
        "director": 4,
        "gm": 4,
    }


@pytest.mark.parametrize(
    ("query", "cells"),
    [
        ("owner={sales2}", {("bid", "masonry"): 1}),
        ("team={south}", {("map", "structure"): 1}),
        ("region={region_south}", {("map", "structure"): 1}),
        ("category=lighting", {("map", "structure"): 1}),
        ("developer_name=Hengyue", {("map", "structure"): 1}),
        ("dealer={xinyuan}", {("map", "structure"): 1}),
        ("source=media_land", {("map", "structure"): 1}),
        ("stalled=1", {("bid", "masonry"): 1}),
        ("q=tower", {("map", "structure"): 1}),
        ("state=lost", {("map", "structure"): 1}),
        ("owner={sales1}&stalled=1", {}),
        ("", {("map", "structure"): 3, ("bid", "masonry"): 1}),
    ],
)
def test_a_filter_leaves_what_fits_and_its_cells_open_the_same_list(
    session: Session, cast: Cast, browser: Browser, query: str, cells: dict[tuple[str, str], int]
) -> None:
    make_some(session, cast)
    ids = {key: getattr(cast, key).id for key in ("sales1", "sales2", "south", "region_south", "xinyuan")}
    page = board(browser, cast.director, "?" + query.format(**ids))
    assert {cell: int(re.search(r"\d+", said)[0]) for cell, said in cells_of(page).items()} == cells  # type: ignore[index]
    for phase, step in cells:
        link = re.search(rf'<a class="pf-link" href="([^"]*phase={phase}&amp;step={step})"', page)
        assert link is not None
        listed = browser.of(cast.director).get(link.group(1).replace("&amp;", "&")).get_data(as_text=True)
        assert len(names_in(listed)) == cells[phase, step]
    if not cells:
        assert "No project here" in page


def test_the_board_is_shaded_by_count_or_by_value(session: Session, cast: Cast, browser: Browser) -> None:
    make_some(session, cast)
    for query, current in (("", "by count"), ("?by=value&owner=", "by value")):
        page = board(browser, cast.gm, query)
        marked = re.search(r'<a class="btn btn-sm" href="[^"]*" aria-current="true">([^<]+)</a>', page)
        assert marked is not None and marked.group(1) == current
        assert "heat-6" in page


def test_shades_rise_with_count_or_value() -> None:
    cells = {("map", "structure"): PortfolioCell(9, 10, 1), ("bid", "masonry"): PortfolioCell(1, 1000, 0)}  # type: ignore[arg-type]
    portfolio = Portfolio(cells)
    levels = portfolio.levels()
    assert levels["map", "structure"] == 6 and 1 <= levels["bid", "masonry"] < 6
    assert portfolio.levels(by_value=True)["bid", "masonry"] == 6
    assert ("map", "land") not in levels
    assert (portfolio.total.count, portfolio.total.value, portfolio.total.stalled) == (10, 1010, 1)


def test_who_has_no_board_is_told_so(cast: Cast, browser: Browser) -> None:
    assert browser.of(cast.dealer1).get("/board").status_code == 403
    assert browser.of(cast.gm).post("/board").status_code == 405
    assert browser.nobody().get("/board").status_code in (302, 303)
    assert "No project here" in board(browser, cast.sales1)


@pytest.mark.parametrize("query", ["", "?stalled=1&category=tiles", "?by=value&q=site"])
def test_the_board_asks_as_little_for_many_projects_as_for_one(
    session: Session, cast: Cast, browser: Browser, query: str
) -> None:
    steps = [step.key for step in STANDARD.steps]
    for number in range(40):
        make_project(session, cast.sales1, name=f"Site {number}", step=steps[number % 12])
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        assert client.get(f"/board{query}").status_code == 200
    assert len(asked) <= BUDGET


@pytest.mark.parametrize("query", ["owner=x", "team=99999999999999", "by=%00", "category=<script>", "stalled=maybe"])
def test_filters_that_make_no_sense_break_nothing(session: Session, cast: Cast, browser: Browser, query: str) -> None:
    make_some(session, cast)
    page = board(browser, cast.gm, "?" + query)
    assert "<script>" not in page.split("</head>")[1]

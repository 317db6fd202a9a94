"""The map of leads: what lies inside a shape drawn on it, and what it is drawn from where no tiles are set."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from config import ROOT
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.leads.making import make_lead
from tracker.assigning.queries import map as reads
from tracker.assigning.queries.map import is_inside
from tracker.gcj import to_gcj02

ARROW = "30,110;34,112;30,114;31,112"  # a dart that points north, its tail open
WITHIN = "/leads/map/within?shape="


def names(answer: object) -> list[str]:
    return [one["name"] for one in answer.json["leads"]]  # type: ignore[attr-defined]


def test_what_lies_inside_a_drawn_line_is_chosen_those_that_lie_together_too(
    session: Session, cast: Cast, browser: Browser
) -> None:
    for number in range(3):
        make_lead(session, cast.sales1, f"Together {number}", latitude=32 + number / 1e4, longitude=112)
    make_lead(session, cast.sales1, "In the open tail", latitude=30.2, longitude=112)
    make_lead(session, cast.sales1, "Beside it", latitude=33.5, longitude=110.5)
    make_lead(session, cast.sales1, "Without a place")
    make_lead(session, cast.sales3, "Of the south", latitude=32, longitude=112)
    gone = make_lead(session, cast.sales1, "Given up", latitude=32, longitude=112)
    gone.state = "invalid"
    session.commit()
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        answer = client.get(WITHIN + ARROW)
    assert len(asked) <= 6
    assert names(answer) == ["Together 2", "Together 1", "Together 0"]
    assert answer.json["more"] is False
    assert names(client.get(f"{WITHIN}{ARROW}&state=all")) == ["Together 2", "Together 1", "Together 0"]
    assert names(client.get(f"{WITHIN}{ARROW}&q=nothing")) == []


def test_more_than_can_be_given_at_once_is_said(
    session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        make_lead(session, cast.sales1, f"Plot {number}", latitude=32, longitude=112)
    monkeypatch.setattr(reads, "CHOSEN", 3)
    answer = browser.of(cast.supervisor).get(WITHIN + ARROW)
    assert (names(answer), answer.json["more"]) == (["Plot 3", "Plot 2", "Plot 1"], True)


@pytest.mark.parametrize("shape", ["", "30,110;34,112", "a,b;c,d;e,f", "30,110,5;34,112;30,114", "nan,1;inf,2;3,4"])
def test_a_shape_that_is_none_holds_nothing(session: Session, cast: Cast, browser: Browser, shape: str) -> None:
    make_lead(session, cast.sales1, latitude=32, longitude=112)
    answer = browser.of(cast.supervisor).get(WITHIN + shape)
    assert (answer.status_code, answer.json) == (200, {"leads": [], "more": False})


def test_on_a_shifted_map_the_line_goes_round_the_places_as_they_are_shown(
    app: Flask, session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lead(session, cast.sales1, "Palace", latitude=39.915, longitude=116.404)
    latitude, longitude = to_gcj02(39.915, 116.404)
    near = [(latitude + x, longitude + y) for x, y in ((-1e-3, -1e-3), (1e-3, -1e-3), (1e-3, 1e-3), (-1e-3, 1e-3))]
    address = WITHIN + ";".join(f"{lat:.6f},{lon:.6f}" for lat, lon in near)
    client = browser.of(cast.supervisor)
    assert names(client.get(address)) == []
    shifted = replace(app.config["TRACKER"], tile_url="https://tiles.example.com/{z}/{x}/{y}.png", tile_gcj02=True)
    monkeypatch.setitem(app.config, "TRACKER", shifted)
    assert names(client.get(address)) == ["Palace"]


@given(
    st.tuples(st.floats(-80, 80), st.floats(-170, 170)),
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-170, 170)), min_size=3, max_size=8),
    st.integers(0, 7),
)
def test_neither_the_first_corner_nor_the_direction_of_drawing_matters(
    place: tuple[float, float], shape: list[tuple[float, float]], turn: int
) -> None:
    inside = is_inside(shape, place)
    assert is_inside(shape[turn:] + shape[:turn], place) == inside
    assert is_inside([*shape, shape[0]], place) == inside


def test_regions_are_named_on_the_map_in_the_middle_of_their_leads(
    session: Session, cast: Cast, browser: Browser
) -> None:
    make_lead(session, cast.sales1, "A", latitude=30, longitude=110)
    make_lead(session, cast.sales1, "B", latitude=32, longitude=114)
    make_lead(session, cast.sales3, "C")
    page = browser.of(cast.admin).get("/leads/map").text
    told = page.split('data-regions="', 1)[1].split('"', 1)[0].replace("&#34;", '"')
    assert json.loads(told) == [{"name": "North", "count": 2, "at": [31.0, 112.0]}], "the south's leads have no place"


def test_what_the_drawn_map_is_made_of_is_ours_and_makes_sense(session: Session, cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.supervisor).get("/leads/map").text
    for name in ("map/cities.json", "vendor/world-atlas/land-50m.json"):
        assert f'"/static/{name}' in page
    cities = json.loads((ROOT / "static/map/cities.json").read_text(encoding="utf-8"))
    assert len({(zh, en) for _rank, zh, en, *_place in cities}) == len(cities) > 150
    for rank, zh, en, latitude, longitude in cities:
        assert rank in (1, 2, 3) and zh and en, (zh, en)
        assert abs(latitude) < 85 and abs(longitude) < 180, (zh, en)
    atlas = json.loads((ROOT / "static/vendor/world-atlas/land-50m.json").read_text(encoding="utf-8"))
    assert atlas["type"] == "Topology" and atlas["objects"]["land"]["geometries"]


def test_who_gives_no_leads_has_neither_the_tools_nor_the_answers(
    session: Session, cast: Cast, browser: Browser
) -> None:
    make_lead(session, cast.sales1, latitude=32, longitude=112)
    client = browser.of(cast.sales1)
    page = client.get("/leads/map").text
    assert "data-map-tools" not in page and "data-map-chosen" not in page
    assert client.get(WITHIN + ARROW).status_code == 403
    assert "data-map-tools" in browser.of(cast.supervisor).get("/leads/map").text

"""Pictures by day and by place: /photos/day and /photos/map."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_photo, make_project
from tracker import clock
from tracker.gallery.queries.found import list_marks, load_day
from tracker.gallery.queries.narrowing import PhotoFilters

pytestmark = pytest.mark.usefixtures("media")


def test_a_day_shows_who_took_what_where(session: Session, cast: Cast, browser: Browser) -> None:
    one, two = (make_project(session, cast.sales1, name=name) for name in ("Canal Court", "Hotel"))
    theirs = make_project(session, cast.sales2, name="Depot")
    on = clock.today() - timedelta(days=3)
    for by, project in ((cast.sales1, one), (cast.sales1, one), (cast.sales1, two), (cast.sales2, theirs)):
        make_photo(session, by, project=project, taken_on=on)
    make_photo(session, cast.sales1, project=one, taken_on=on - timedelta(days=1))
    session.commit()
    found = load_day(session, cast.supervisor, on)
    said = [
        (walk.person.name, walk.project.name, len(walk.photos)) for walk in found.walks if walk.person and walk.project
    ]
    assert said == [("Sales1", "Canal Court", 2), ("Sales1", "Hotel", 1), ("Sales2", "Depot", 1)]
    client = browser.of(cast.supervisor)
    page = client.get(f"/photos/day?on={on}").get_data(as_text=True)
    assert "Depot" in page and f"on={on - timedelta(days=1)}" in page and f"on={on + timedelta(days=1)}" in page
    assert "Depot" not in client.get(f"/photos/day?on={on}&person={cast.sales1.id}").get_data(as_text=True)
    assert "Depot" not in browser.of(cast.sales1).get(f"/photos/day?on={on}").get_data(as_text=True)
    assert "No picture of this day" in client.get("/photos/day?on=2001-01-01").get_data(as_text=True)
    for odd in ("never", "9999-12-31", "0001-01-01"):
        assert client.get(f"/photos/day?on={odd}").status_code == 200


def test_a_picture_without_a_time_counts_on_the_day_it_was_sent(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    sent = make_photo(session, cast.sales1, project=project)
    assert [walk.photos for walk in load_day(session, cast.sales1, clock.today()).walks] == [[sent]]


def test_a_day_of_many_asks_as_little_as_one_of_few(session: Session, cast: Cast, browser: Browser) -> None:
    client, asked = browser.of(cast.supervisor), []
    for number in (1, 12):
        for _ in range(number):
            make_photo(session, cast.sales1, project=make_project(session, cast.sales1), taken_on=clock.today())
        session.commit()
        client.get("/photos/day")
        with counted_queries() as statements:
            assert client.get("/photos/day").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 7


def test_the_map_gathers_what_lies_together_and_shows_only_what_one_sees(
    session: Session, cast: Cast, browser: Browser
) -> None:
    mine, other = make_project(session, cast.sales1, name="Canal Court"), make_project(session, cast.sales3, name="Far")
    south = make_project(session, cast.sales1, name="Delta")
    for project, latitude in ((mine, 31.2), (mine, 31.2001), (south, 22.5), (other, 39.9)):
        taken = make_photo(session, cast.sales3 if project is other else cast.sales1, project=project)
        taken.latitude, taken.longitude = latitude, 121.5
    session.commit()
    client = browser.of(cast.sales1)
    points = client.get("/photos/map/points?zoom=4").json
    assert points is not None and sorted(point["count"] for point in points) == [1, 2]
    assert {round(point["at"][0]) for point in points} == {31, 22}
    (one,) = [point for point in points if point["count"] == 1]
    assert client.get(one["url"]).status_code == 200
    near = client.get("/photos/map/points?bbox=121,31,122,32&zoom=18").json
    assert near is not None and sum(point["count"] for point in near) == 2
    page = client.get("/photos/map").get_data(as_text=True)
    assert "Canal Court" in page and "Far" not in page
    for address in ("/photos/map", "/photos/map/points"):
        assert browser.of(cast.dealer1).get(address).status_code == 404
    assert client.get("/photos/map/points?bbox=a,b&zoom=99").status_code == 200


def test_the_map_is_narrowed_as_the_gallery_is(session: Session, cast: Cast) -> None:
    from tracker.assigning.queries.map import Frame

    project = make_project(session, cast.sales1)
    for category in ("tiles", "doors"):
        taken = make_photo(session, cast.sales1, project=project)
        taken.latitude, taken.longitude, taken.category = 31.2, 121.5, category
    session.flush()
    (mark,) = list_marks(session, cast.sales1, PhotoFilters(category="tiles"), Frame())
    assert mark.count == 1

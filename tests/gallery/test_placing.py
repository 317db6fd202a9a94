"""Many pictures at once: /photos/add, /photos/place and /photos/move."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_photo, make_project
from tests.gallery.making import photo
from tests.gallery.test_pages import shown_on
from tracker import clock
from tracker.events import Event, Kind
from tracker.gallery.models import Photo, PhotoSignal
from tracker.gallery.operations import stage_photo
from tracker.gallery.queries.suggesting import suggest
from tracker.history.models import Standing
from tracker.matrix.models import Evidence
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.projects.models import Building
from tracker.storage import FolderStorage
from tracker.team.models import User

pytestmark = pytest.mark.usefixtures("media")
GATE = (31.2000, 121.5000)


def staged(session: Session, media: FolderStorage, by: User, **facts: object) -> Photo:
    taken = stage_photo(session, media, photo(**facts), "site.jpg", by=by)
    session.commit()
    return taken


def test_a_picture_seems_to_be_of_the_nearest_project_on_which_its_sender_may_log(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    mine = make_project(session, cast.sales1, name="Mine", latitude=31.2040, longitude=121.5)
    make_project(session, cast.sales3, name="Another's, nearer", latitude=31.2001, longitude=121.5)
    make_project(session, cast.sales1, name="Mine, farther", latitude=31.2100, longitude=121.5)
    taken = staged(session, media, cast.sales1, place=GATE)
    found = suggest(session, cast.sales1, [taken])
    spot = found.spots[taken.id]
    assert (spot.project, spot.logged) == (mine, False) and 400 < (spot.away or 0) < 500
    assert spot.building is not None and spot.building.name == "1#"
    assert {project.name for project in found.projects} == {"Mine", "Mine, farther"}


def test_without_a_place_the_only_site_on_which_he_logged_that_day_is_suggested(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    project, other = (make_project(session, cast.sales1, name=name) for name in ("One", "Two"))
    day = clock.today() - timedelta(days=3)
    log_record(session, project, RecordDraft("map", "structure", "site_visit", day, "There"), by=cast.sales1)
    taken = staged(session, media, cast.sales1, taken=f"{day:%Y:%m:%d} 10:00:00")
    spot = suggest(session, cast.sales1, [taken]).spots[taken.id]
    assert (spot.project, spot.away, spot.logged) == (project, None, True)
    log_record(session, other, RecordDraft("map", "structure", "site_visit", day, "There"), by=cast.sales1)
    assert suggest(session, cast.sales1, [taken]).spots == {}


def test_the_cell_is_the_one_in_which_the_project_stood_on_the_picture_s_day(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, latitude=GATE[0], longitude=GATE[1], phase="specify", step="structure")
    session.add(Building(project_id=project.id, name="2#", step="structure", step_since=clock.today()))
    then = clock.today() - timedelta(days=40)
    facts = {"project_id": project.id, "state": "active", "value": 1, "team_id": project.team_id}
    session.query(Standing).delete()
    session.add(Standing(from_day=then, to_day=clock.today(), phase="map", step="ground", **facts))
    session.add(Standing(from_day=clock.today(), phase="specify", step="structure", **facts))
    session.commit()
    old = staged(session, media, cast.sales1, place=GATE, taken=f"{then + timedelta(days=5):%Y:%m:%d} 10:00:00")
    new = staged(session, media, cast.sales1, place=GATE, taken=f"{clock.today():%Y:%m:%d} 09:00:00")
    spots = suggest(session, cast.sales1, [old, new]).spots
    assert (spots[old.id].phase, spots[old.id].step, spots[old.id].building) == ("map", "ground", None)
    assert (spots[new.id].phase, spots[new.id].step) == ("specify", "structure")


def test_pictures_sent_at_once_are_sorted_looked_at_and_filed(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    near = make_project(session, cast.sales1, name="Canal Court", latitude=GATE[0], longitude=GATE[1])
    client = browser.of(cast.sales1)
    files = [(io.BytesIO(photo(place=GATE)), "a.jpg"), (io.BytesIO(photo(camera="b")), "b.jpg")]
    answer = client.post("/photos/add", data={"files": files})
    assert answer.status_code == 303 and answer.location == "/photos/place"
    page = client.get("/photos/place").get_data(as_text=True)
    assert "Canal Court" in page and "No project suggested" in page and "0 m from the site" in page
    one, two = session.scalars(select(Photo).order_by(Photo.id)).all()
    building = session.scalars(select(Building.id).where(Building.project_id == near.id)).one()
    said = {"photos-0": one.token, "where-0": f"{near.id}-{building}", "phase-0": "map", "step-0": "structure",
            "photos-1": two.token, "where-1": ""}  # fmt: skip
    assert client.post("/photos/place", data=said).location == "/photos/place"
    assert (one.project_id, one.building_id, one.phase, one.step, one.record_id) == (
        near.id, building, "map", "structure", None)  # fmt: skip
    assert two.project_id is None
    assert one.token in client.get(f"/photos?project={near.id}").get_data(as_text=True)
    added = session.scalars(select(Event).where(Event.kind == Kind.PHOTO_ADDED)).one()
    assert (added.subject_id, added.project_id) == (one.id, near.id)
    assert one.token not in client.get("/photos/place").get_data(as_text=True)


def test_a_picture_filed_far_from_the_site_is_worth_a_question(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, latitude=31.9, longitude=121.5)
    taken = staged(session, media, cast.sales1, place=GATE)
    browser.of(cast.sales1).post("/photos/place", data={"photos-0": taken.token, "where-0": str(project.id)})
    signal = session.scalars(select(PhotoSignal).where(PhotoSignal.kind == "far")).one()
    assert (signal.photo_id, signal.project_id) == (taken.id, project.id)


def test_nobody_files_another_s_pictures_or_under_what_he_does_not_see(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    his = staged(session, media, cast.sales2)
    client = browser.of(cast.sales1)
    client.post("/photos/place", data={"photos-0": his.token, "where-0": str(project.id)})
    assert his.project_id is None
    answer = browser.of(cast.sales2).post("/photos/place", data={"photos-0": his.token, "where-0": str(project.id)})
    assert answer.status_code in (404, 422) and his.project_id is None
    other = make_project(session, cast.sales2)
    building = session.scalars(select(Building.id).where(Building.project_id == project.id)).one()
    wrong = {"photos-0": his.token, "where-0": f"{other.id}-{building}"}
    answer = browser.of(cast.sales2).post("/photos/place", data=wrong)
    assert answer.status_code == 422 and "building of this project" in answer.get_data(as_text=True)


def test_pictures_are_moved_to_another_project_with_an_event(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    wrong, right = (make_project(session, cast.sales1, name=name) for name in ("Wrong", "Right"))
    taken = shown_on(session, media, wrong, cast.sales1)
    client = browser.of(cast.sales1)
    page = client.post("/photos/chosen", data={"photos": [taken.token], "do": "move"}).location
    assert f"photo={taken.token}" in page and "Right" in client.get(page).get_data(as_text=True)
    assert client.post(page, data={"where": ""}).status_code == 422
    assert client.post(page, data={"where": str(right.id), "step": "ground"}).status_code == 303
    session.refresh(taken)
    assert (taken.project_id, taken.step, taken.phase, taken.record_id) == (right.id, "ground", "map", None)
    moved = session.scalars(select(Event).where(Event.kind == Kind.PHOTO_MOVED)).one()
    assert moved.data["project"] == [wrong.id, right.id]


def test_within_its_project_a_picture_keeps_its_record(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    taken = shown_on(session, media, project, cast.sales1)
    record = taken.record_id
    answer = browser.of(cast.sales1).post(f"/photos/move?photo={taken.token}",
                                          data={"where": str(project.id), "step": "ground"})  # fmt: skip
    assert answer.status_code == 303
    session.refresh(taken)
    assert (taken.record_id, taken.step) == (record, "ground")


def test_what_proves_a_task_stays_and_a_colleague_s_picture_is_moved_by_who_works_there(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project, other = (make_project(session, cast.sales1, members=(cast.sales2,)) for _ in range(2))
    proof, seen = (shown_on(session, media, project, cast.sales1, camera=name) for name in "ab")
    day = clock.today()
    session.add(Evidence(project_id=project.id, record_id=proof.record_id, target="T.x", kind="photo", dated_on=day,
                         recorded_on=day))  # fmt: skip
    session.commit()
    client = browser.of(cast.sales2)
    answer = client.post(f"/photos/move?photo={proof.token}", data={"where": str(other.id)})
    assert answer.status_code == 422 and "proves a task" in answer.get_data(as_text=True)
    assert client.post(f"/photos/move?photo={seen.token}", data={"where": str(other.id)}).status_code == 303
    for stranger in (cast.sales3, cast.dealer1):
        assert browser.of(stranger).post(f"/photos/move?photo={seen.token}").status_code == 404


def test_filing_many_pictures_asks_as_little_as_filing_one(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    for number in range(6):
        make_project(session, cast.sales1, name=f"Site {number}", latitude=31.2 + number / 100, longitude=121.5)
    client = browser.of(cast.sales1)
    asked = []
    for number in (1, 20):
        for _ in range(number):
            taken = make_photo(session, cast.sales1)
            taken.latitude, taken.longitude = 31.2 + number / 400, 121.5
        session.commit()
        with counted_queries() as statements:
            assert client.get("/photos/place").status_code == 200
        asked.append(len(statements))
    assert asked[1] <= asked[0] <= 14

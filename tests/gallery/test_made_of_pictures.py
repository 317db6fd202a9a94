"""Pairs of pictures and drawn copies: /photos/pairs and /photos/<token>/draw."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_photo, make_project
from tests.gallery.making import corners_of, noise, photo, picture
from tests.gallery.test_pages import shown_on
from tests.rows import count
from tracker import clock
from tracker.events import Event, Kind
from tracker.gallery.models import Photo, PhotoPair, PhotoSignal, PhotoTag
from tracker.purging.operations import purge_photo
from tracker.storage import FolderStorage, StorageFull

VIEWER = 8  # statements, signing in included

pytestmark = pytest.mark.usefixtures("media")


def drawn(browser: Browser, by: object, token: str, data: bytes | None = None) -> object:
    file = (io.BytesIO(data or picture(noise(400, 300))), "drawn.jpg")
    return browser.of(by).post(f"/photos/{token}/draw", data={"file": file})  # type: ignore[arg-type]


def test_two_pictures_of_a_project_become_a_pair_the_earlier_one_first(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    late = make_photo(session, cast.sales1, project=project, taken_on=clock.today())
    early = make_photo(session, cast.sales1, project=project, taken_on=clock.today() - timedelta(days=90))
    session.commit()
    client = browser.of(cast.sales1)
    said = {"photos": [late.token, early.token], "do": "pair"}
    page = client.post("/photos/chosen", data=said).location
    assert client.post("/photos/chosen", data=said).location == page
    pair = session.scalars(select(PhotoPair)).one()
    assert (pair.before_id, pair.after_id) == (early.id, late.id)
    text = client.get(page).get_data(as_text=True)
    assert text.index(early.token) < text.index(late.token) and "data-compare" in text
    assert client.post(page, data={"title": "North face"}).status_code == 303
    for address in (f"/photos/pairs?project={project.id}", f"/photos/{late.token}", f"/photos/{early.token}"):
        assert "North face" in client.get(address).get_data(as_text=True)
    assert client.post(f"{page}/part").status_code == 303
    assert count(session, PhotoPair) == 0 and client.get(page).status_code == 404
    assert client.get(f"/photos/{late.token}").status_code == 200
    assert session.scalars(select(Event).where(Event.kind == Kind.PHOTO_UNPAIRED)).one().data["after"] == late.id


def test_what_is_no_pair_is_refused(session: Session, cast: Cast, browser: Browser) -> None:
    one, two = (make_photo(session, cast.sales1, project=make_project(session, cast.sales1)) for _ in range(2))
    session.commit()
    client = browser.of(cast.sales1)
    for chosen, words in (([one.token], "exactly two"), ([one.token, two.token], "one project")):
        answer = client.post("/photos/chosen", data={"photos": chosen, "do": "pair"})
        assert answer.status_code == 422 and words in answer.get_data(as_text=True)


def test_a_pair_is_seen_by_who_sees_both_pictures(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    his, ours = make_photo(session, cast.dealer1, project=project), make_photo(session, cast.sales1, project=project)
    pair = PhotoPair(before_id=his.id, after_id=ours.id, by_id=cast.sales1.id)
    session.add(pair)
    session.commit()
    assert browser.of(cast.supervisor).get(f"/photos/pairs/{pair.id}").status_code == 200
    for stranger in (cast.sales2, cast.sales3, cast.dealer1, cast.dealer2):
        assert browser.of(stranger).get(f"/photos/pairs/{pair.id}").status_code == 404
    assert f"/photos/pairs/{pair.id}" not in browser.of(cast.dealer1).get(f"/photos/{his.token}").get_data(as_text=True)


def test_what_is_drawn_is_a_picture_of_its_own_beside_the_untouched_one(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    taken = shown_on(session, media, project, cast.sales1, taken="2026:03:10 10:00:00", place=(31.2, 121.5))
    with media.open(taken.original_key) as file:
        before = file.read()
    client = browser.of(cast.sales1)
    assert "data-draw" in client.get(f"/photos/{taken.token}/draw").get_data(as_text=True)
    answer = drawn(browser, cast.sales1, taken.token)
    copy = session.scalars(select(Photo).where(Photo.drawn_from_id == taken.id)).one()
    assert (answer.status_code, answer.json) == (201, {"address": f"/photos/{copy.token}"})  # type: ignore[attr-defined]
    for name in ("project_id", "phase", "step", "taken_at", "latitude", "building_id"):
        assert getattr(copy, name) == getattr(taken, name)
    assert (copy.record_id, copy.original_key == taken.original_key) == (None, False)
    with media.open(taken.original_key) as file:
        assert file.read() == before == photo(taken="2026:03:10 10:00:00", place=(31.2, 121.5))
    assert corners_of(client.get(f"/media/{taken.token}/320.jpg").data) == ["red", "green", "blue", "white"]
    page = client.get(f"/photos/{copy.token}").get_data(as_text=True)
    assert "drawn on" in page and f"/photos/{taken.token}" in page
    assert f"/photos/{copy.token}" in client.get(f"/photos/{taken.token}").get_data(as_text=True)
    assert copy.token not in client.get(f"/photos/film?project={project.id}").get_data(as_text=True)
    assert session.scalars(select(PhotoSignal).where(PhotoSignal.photo_id == copy.id)).all() == []


@pytest.mark.parametrize("data", [b"no picture", b"<svg></svg>", picture()[:400]])
def test_what_is_no_picture_is_not_kept_as_drawn(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, data: bytes
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    answer = drawn(browser, cast.sales1, taken.token, data)
    assert answer.status_code == 422 and "site.jpg" in answer.json["message"]  # type: ignore[attr-defined]
    assert count(session, Photo) == 1


def test_a_full_disk_leaves_nothing_of_what_was_drawn(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)

    def full(_key: str, _file: object) -> None:
        raise StorageFull("originals")

    monkeypatch.setattr(media, "put_file", full)
    assert drawn(browser, cast.sales1, taken.token).status_code == 507  # type: ignore[attr-defined]
    assert count(session, Photo) == 1


def test_nobody_draws_on_what_he_does_not_see(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1, dealer=cast.xinyuan), cast.sales1)
    for stranger in (cast.sales2, cast.sales3, cast.dealer1, cast.dealer2):
        assert drawn(browser, stranger, taken.token).status_code == 404  # type: ignore[attr-defined]
    assert drawn(browser, cast.compliance, taken.token).status_code == 403  # type: ignore[attr-defined]


def test_what_was_drawn_is_purged_with_its_picture(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    drawn(browser, cast.sales1, taken.token)
    keys = purge_photo(session, taken, by=cast.admin, reason="A face.")
    assert set(keys) == set(media.keys("originals/")) | set(media.keys("derived/"))
    assert {row.purged_at for row in session.scalars(select(Photo))} == {clock.now()}


def test_the_viewer_keeps_the_filter_when_one_steps(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    first, other, last = (make_photo(session, cast.sales1, project=project) for _ in range(3))
    session.add_all(PhotoTag(tag="defect", photo_id=one.id) for one in (first, last))
    session.commit()
    client = browser.of(cast.sales1)
    listed = client.get(f"/photos?tag=defect&project={project.id}").get_data(as_text=True)
    assert f"/photos/{last.token}?project={project.id}&amp;tag=defect" in listed
    page = client.get(f"/photos/{last.token}?project={project.id}&tag=defect").get_data(as_text=True)
    assert f'rel="next" href="/photos/{first.token}?project={project.id}&amp;tag=defect"' in page
    assert other.token not in page and 'rel="prev"' not in page
    assert f'rel="next" href="/photos/{other.token}"' in client.get(f"/photos/{last.token}").get_data(as_text=True)


def test_the_viewer_asks_little(session: Session, cast: Cast, browser: Browser, media: FolderStorage) -> None:
    project = make_project(session, cast.sales1)
    taken = shown_on(session, media, project, cast.sales1)
    make_photo(session, cast.sales1, project=project)
    session.commit()
    client = browser.of(cast.sales1)
    client.get(f"/photos/{taken.token}")
    with counted_queries() as asked:
        assert client.get(f"/photos/{taken.token}").status_code == 200
    assert len(asked) <= VIEWER, "\n".join(asked)

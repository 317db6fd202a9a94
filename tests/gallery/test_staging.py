"""POST /photos/staged: a picture is taken in, or refused by name, before the form that it belongs to is sent."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.gallery.making import photo
from tests.rows import count
from tracker import images
from tracker.gallery.models import Photo
from tracker.storage import FolderStorage, StorageFull

PLACE = (31.240391, 121.501532)


def send(client: FlaskClient, data: bytes, name: str = "site.jpg", **said: Any) -> Any:
    return client.post("/photos/staged", data={"file": (io.BytesIO(data), name), **said})


def test_a_picture_is_taken_in_with_its_own_time_and_place(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    data = photo(taken="2026:03:15 10:30:00", place=PLACE, camera="Mi 10")
    answer = send(browser.of(cast.sales1), data, captured_at="2026-03-16T03:00:00Z", latitude="1.0", longitude="2.0")
    row = session.scalars(select(Photo)).one()
    assert answer.status_code == 201
    assert answer.json == {"token": row.token, "picture": f"/media/{row.token}/320.jpg"}
    assert (row.taken_at, row.taken_from) == (datetime(2026, 3, 15, 2, 30, tzinfo=UTC), "exif")
    assert (row.latitude, row.longitude, row.place_from) == (*PLACE, "exif")
    assert (row.uploader_id, row.file_name, row.camera, row.size) == (cast.sales1.id, "site.jpg", "Mi 10", len(data))
    assert (row.project_id, row.record_id) == (None, None)
    with media.open(row.original_key) as original:
        assert original.read() == data
    assert len(list(media.keys())) == 4


def test_where_the_phone_strips_time_and_place_those_of_the_browser_count_marked_so(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    said = {"captured_at": "2026-03-16T03:00:00.000Z", "latitude": "31.5", "longitude": "121.25"}
    assert send(browser.of(cast.sales1), photo(), **said).status_code == 201
    row = session.scalars(select(Photo)).one()
    assert (row.taken_at, row.taken_from) == (datetime(2026, 3, 16, 3, 0, tzinfo=UTC), "browser")
    assert (row.latitude, row.longitude, row.place_from) == (31.5, 121.25, "browser")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"captured_at": "just now", "latitude": "here", "longitude": "there"},
        {"captured_at": "2031-01-01T00:00:00Z", "latitude": "91", "longitude": "0"},
        {"latitude": "31.5"},
        {"latitude": "nan", "longitude": "nan"},
    ],
)
def test_what_makes_no_sense_is_left_unsaid(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, said: dict[str, str]
) -> None:
    assert send(browser.of(cast.sales1), photo(), **said).status_code == 201
    row = session.scalars(select(Photo)).one()
    assert (row.taken_at, row.taken_from, row.latitude, row.place_from) == (None, None, None, None)


def test_a_camera_whose_clock_runs_ahead_proves_nothing(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    assert send(browser.of(cast.sales1), photo(taken="2030:01:01 10:00:00")).status_code == 201
    assert session.scalars(select(Photo.taken_at)).all() == [None]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "night.heic: the picture is incomplete; take or send it again."), ("zh", "night.heic")],
)
def test_a_broken_file_is_refused_by_name_in_the_reader_s_language(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, lang: str, sentence: str
) -> None:
    data = photo()
    answer = send(browser.of(cast.sales1, lang), data[: len(data) // 2], "night.heic")
    assert answer.status_code == 422
    assert answer.json["message"].startswith(sentence)
    assert (lang == "en") == answer.json["message"].isascii()
    assert count(session, Photo) == 0 and list(media.keys()) == []


def test_a_page_that_calls_itself_a_picture_is_refused(cast: Cast, browser: Browser, media: FolderStorage) -> None:
    answer = send(browser.of(cast.sales1), b"<html><script>alert(1)</script>", 'x"><script>.jpg')
    assert answer.status_code == 422
    assert "this is not a picture" in answer.json["message"]
    assert answer.mimetype == "application/json"


def test_control_characters_in_a_file_s_name_are_left_out(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    assert send(browser.of(cast.sales1), photo(), "工地\x1b[31m 3\u202egpj.jpg").status_code == 201
    assert session.scalars(select(Photo.file_name)).one() == "工地[31m 3gpj.jpg"


def test_no_more_of_a_file_is_read_than_may_be_kept(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    whole = images.examine
    monkeypatch.setattr("tracker.gallery.operations.examine", lambda data: (seen.append(len(data)), whole(data))[1])
    answer = send(browser.of(cast.sales1), photo() + bytes(images.MOST_BYTES + 1_000_000))
    assert answer.status_code == 422 and "too large" in answer.json["message"]
    assert seen == [images.MOST_BYTES + 1]


def test_a_request_without_a_file_says_so(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    assert client.post("/photos/staged").status_code == 422
    assert send(client, b"", "").json["message"] == "There is no picture in this request."


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = media.put
    left = iter(range(3))

    def crowded(key: str, data: bytes) -> None:
        if next(left, None) is None:
            raise StorageFull(key)
        put(key, data)

    monkeypatch.setattr(media, "put", crowded)
    answer = send(browser.of(cast.sales1), photo(), "tower.jpg")
    assert answer.status_code == 507
    assert answer.json["message"].startswith("tower.jpg: the disk is full")
    assert count(session, Photo) == 0 and list(media.keys()) == []


def test_who_may_not_log_may_not_send_pictures(cast: Cast, browser: Browser) -> None:
    assert send(browser.of(cast.compliance), photo()).status_code == 403
    assert send(browser.nobody(), photo()).status_code == 403
    assert send(browser.nobody(), photo()).status_code == 403
    assert browser.of(cast.sales1).get("/photos/staged").status_code == 404  # as a picture of that name


def test_a_dealer_s_people_send_pictures_too(cast: Cast, browser: Browser, media: FolderStorage) -> None:
    assert send(browser.of(cast.dealer1), photo()).status_code == 201

"""Pictures in pieces over a bad line: /photos/uploads. Nothing is lost, nothing is there twice."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.gallery.making import noise, photo, picture
from tests.rows import count
from tracker import clock
from tracker.gallery.models import Photo, Upload
from tracker.gallery.operations import stage_photo
from tracker.gallery.operations.uploading import PIECE, add_piece, begin_upload, finish_upload, get_upload
from tracker.storage import FolderStorage

pytestmark = pytest.mark.usefixtures("media")
LINE = 1000  # pictures


class LineDown(Exception):
    """The connection was lost."""


def said(data: bytes, name: str = "site.jpg") -> dict[str, Any]:
    return {"file_name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def send_in_pieces(client: FlaskClient, data: bytes, piece: int = PIECE) -> Any:
    begun = client.post("/photos/uploads", data=said(data)).json
    for offset in range(begun["received"], len(data), piece):
        body = data[offset : offset + piece]
        answer = client.post(f"/photos/uploads/{begun['token']}/pieces?offset={offset}", data=body)
        assert answer.status_code == 200
    return client.post(f"/photos/uploads/{begun['token']}/finish")


def test_a_picture_that_comes_in_pieces_is_the_one_that_was_sent(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    data = photo(taken="2026:03:15 10:30:00")
    answer = send_in_pieces(browser.of(cast.sales1), data, 1000)
    row = session.scalars(select(Photo)).one()
    assert (answer.status_code, answer.json["token"]) == (201, row.token)
    with media.open(row.original_key) as file:
        assert file.read() == data
    assert not list(media.keys("uploads/"))


def test_an_upload_goes_on_where_the_line_broke(session: Session, cast: Cast, browser: Browser) -> None:
    client, data = browser.of(cast.sales1), photo()
    begun = client.post("/photos/uploads", data=said(data)).json
    pieces = f"/photos/uploads/{begun['token']}/pieces"
    assert client.post(f"{pieces}?offset=0", data=data[:700]).json["received"] == 700
    again = client.post("/photos/uploads", data=said(data)).json
    assert (again["token"], again["received"]) == (begun["token"], 700)
    assert client.get(f"/photos/uploads/{begun['token']}").json["received"] == 700
    late = client.post(f"{pieces}?offset=0", data=data[:700])
    assert (late.status_code, late.json["received"]) == (409, 700)


def test_bytes_that_are_not_those_that_were_said_begin_anew(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    client, data = browser.of(cast.sales1), photo()
    begun = client.post("/photos/uploads", data=said(data)).json
    address = f"/photos/uploads/{begun['token']}"
    client.post(f"{address}/pieces?offset=0", data=b"x" * len(data))
    answer = client.post(f"{address}/finish")
    assert (answer.status_code, answer.json["received"]) == (409, 0)
    assert not list(media.keys("uploads/")) and count(session, Photo) == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"file_name": "tour.mp4"}, "videos are not taken yet"),
        ({"size": 30_000_000}, "too large"),
        ({"size": 0}, "cannot be read"),
        ({"sha256": "../../etc/passwd"}, "cannot be read"),
    ],
)
def test_what_cannot_be_taken_is_said_before_it_is_sent(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, Any], words: str
) -> None:
    answer = browser.of(cast.sales1).post("/photos/uploads", data={**said(photo()), **wrong})
    assert answer.status_code == 422 and words in answer.json["message"]
    assert count(session, Upload) == 0


def test_an_upload_is_its_sender_s_alone(session: Session, cast: Cast, browser: Browser) -> None:
    data = photo()
    token = browser.of(cast.sales1).post("/photos/uploads", data=said(data)).json["token"]
    for person in (cast.sales2, cast.supervisor, cast.dealer1):
        stranger = browser.of(person)
        assert stranger.get(f"/photos/uploads/{token}").status_code == 404
        assert stranger.post(f"/photos/uploads/{token}/pieces?offset=0", data=data).status_code == 404
        assert stranger.post(f"/photos/uploads/{token}/finish").status_code == 404
        assert stranger.post("/photos/uploads", data=said(data)).json["token"] != token


def test_the_same_bytes_are_stored_once_whoever_sends_them(session: Session, cast: Cast, media: FolderStorage) -> None:
    data = photo()
    first = stage_photo(session, media, data, "a.jpg", by=cast.sales1)
    assert stage_photo(session, media, data, "b.jpg", by=cast.sales1) is first
    other = stage_photo(session, media, data, "c.jpg", by=cast.sales2)
    assert other.token != first.token and other.original_key == first.original_key
    assert len(list(media.keys())) == 4


class Line:
    """A line on which a third of the requests fail: half of these before they arrive, half with the answer lost."""

    def __init__(self, begin: Callable[..., Any], add: Callable[..., Any], finish: Callable[..., Any]) -> None:
        dice = random.Random(7)
        self.begin, self.add, self.finish = (self.dropping(send, dice) for send in (begin, add, finish))

    def dropping(self, send: Callable[..., Any], dice: random.Random) -> Callable[..., Any]:
        def sending(*args: Any) -> Any:
            fate = dice.random()
            if fate < 1 / 6:
                raise LineDown
            answer = send(*args)
            if fate < 1 / 3:
                raise LineDown
            return answer

        return sending

    def send(self, data: bytes) -> str:
        """What the browser's script does: begin, go on where the server stands, finish; again until it is through."""
        while True:
            try:
                token, at = self.begin(data)
                while at < len(data):
                    at = self.add(token, at, data[at : at + len(data) // 2 + 1])
                return str(self.finish(token))
            except LineDown:
                continue


def pictures(number: int) -> list[bytes]:
    """So many small pictures, each of another colour."""
    colours = ((each % 256, each // 256 * 40, 90) for each in range(number))
    return [picture(Image.new("RGB", (16, 12), colour), "PNG") for colour in colours]


def arrived(session: Session, media: FolderStorage, sent: dict[str, bytes], number: int) -> None:
    rows = session.scalars(select(Photo)).all()
    assert len(sent) == len(rows) == len({row.sha256 for row in rows}) == number
    for row in rows:
        assert hashlib.sha256(sent[row.token]).hexdigest() == row.sha256
    assert not list(media.keys("uploads/"))


def test_a_thousand_pictures_come_through_a_line_that_drops_a_third(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    by = cast.sales1

    def begin(data: bytes) -> tuple[str, int]:
        upload = begin_upload(session, "a.png", len(data), hashlib.sha256(data).hexdigest(), by=by)
        return upload.token, upload.received

    def add(token: str, at: int, body: bytes) -> int:
        upload = get_upload(session, token, by=by)
        add_piece(session, media, upload, at, body)
        return upload.received

    def finish(token: str) -> str:
        taken, keys = finish_upload(session, media, get_upload(session, token, by=by), by=by)
        for key in keys:
            media.delete(key)
        return taken.token

    line = Line(begin, add, finish)
    arrived(session, media, {line.send(data): data for data in pictures(LINE)}, LINE)


def test_the_pages_send_pictures_through_such_a_line(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    post = browser.of(cast.sales1).post

    def begin(data: bytes) -> tuple[str, int]:
        answer = post("/photos/uploads", data=said(data)).json
        return answer["token"], answer["received"]

    def add(token: str, at: int, body: bytes) -> int:
        return int(post(f"/photos/uploads/{token}/pieces?offset={at}", data=body).json["received"])

    def finish(token: str) -> str:
        return str(post(f"/photos/uploads/{token}/finish").json["token"])

    line = Line(begin, add, finish)
    arrived(session, media, {line.send(data): data for data in pictures(40)}, 40)


def test_a_known_picture_says_where_it_is_but_only_to_who_sees_it(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    from tests.factories import make_project
    from tests.gallery.test_pages import shown_on

    shown_on(session, media, make_project(session, cast.sales1, name="Canal Court"), cast.sales1)
    again = {"file": (io.BytesIO(photo()), "site.jpg")}
    assert "Canal Court" in browser.of(cast.sales1).post("/photos/staged", data=again).json["known"]
    again = {"file": (io.BytesIO(photo()), "site.jpg")}
    assert "known" not in browser.of(cast.sales3).post("/photos/staged", data=again).json


def test_a_large_picture_needs_several_pieces(session: Session, cast: Cast, browser: Browser) -> None:
    data = picture(noise(2400, 1800), quality=95)
    assert len(data) > PIECE
    assert send_in_pieces(browser.of(cast.sales1), data).status_code == 201


def test_what_nobody_finished_is_forgotten_after_days(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    client, data = browser.of(cast.sales1), photo()
    token = client.post("/photos/uploads", data=said(data)).json["token"]
    client.post(f"/photos/uploads/{token}/pieces?offset=0", data=data[:100])
    session.scalars(select(Upload)).one().begun_at = clock.days_ago(4)
    session.commit()
    assert client.post("/photos/uploads", data=said(data)).json["token"] != token
    assert not list(media.keys("uploads/")) and count(session, Upload) == 1

"""How much one person may send on a day."""

from __future__ import annotations

import dataclasses
import hashlib
import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.documents.making import PDF
from tests.factories import make_photo
from tests.gallery.making import photo
from tests.rows import count
from tracker import clock
from tracker.documents.models import Document
from tracker.gallery.models import Photo, Upload
from tracker.gallery.operations.quotas import Quota, require_room

pytestmark = pytest.mark.usefixtures("media")
WORDS = "very much today"


@pytest.fixture
def narrow(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation where a person may send two pictures on a day."""
    monkeypatch.setitem(app.config, "TRACKER", dataclasses.replace(app.config["TRACKER"], photos_a_day=2, mb_a_day=1))


def send(browser: Browser, by: object, name: str) -> object:
    file = (io.BytesIO(photo(camera=name)), "site.jpg")
    return browser.of(by).post("/photos/staged", data={"file": file})  # type: ignore[arg-type]


@pytest.mark.usefixtures("narrow")
def test_the_picture_beyond_the_day_s_number_is_refused_kindly_and_tomorrow_it_is_taken(
    session: Session, cast: Cast, browser: Browser
) -> None:
    assert [send(browser, cast.sales1, name).status_code for name in "ab"] == [201, 201]  # type: ignore[attr-defined]
    refused = send(browser, cast.sales1, "c")
    assert refused.status_code == 422 and WORDS in refused.json["message"]  # type: ignore[attr-defined]
    assert count(session, Photo) == 2
    assert send(browser, cast.sales2, "c").status_code == 201  # type: ignore[attr-defined]
    with clock.frozen(clock.day_ends(clock.today())):
        assert send(browser, cast.sales1, "c").status_code == 201  # type: ignore[attr-defined]


@pytest.mark.usefixtures("narrow")
def test_pieces_and_papers_count_too(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    said = {"file_name": "a.jpg", "size": 1_000_001, "sha256": hashlib.sha256(b"").hexdigest()}
    answer = client.post("/photos/uploads", data=said)
    assert answer.status_code == 422 and WORDS in answer.json["message"]  # type: ignore[index]
    assert count(session, Upload) == 0
    large = PDF + b" " * 1_000_000 + b"%%EOF"
    answer = client.post("/documents/staged", data={"file": (io.BytesIO(large), "a.pdf")})
    assert answer.status_code == 422 and WORDS in answer.json["message"]  # type: ignore[index]
    assert count(session, Document) == 0
    assert client.post("/documents/staged", data={"file": (io.BytesIO(PDF), "a.pdf")}).status_code == 201


def test_the_quota_is_asked_in_two_statements_whatever_was_sent(session: Session, cast: Cast) -> None:
    for _ in range(5):
        make_photo(session, cast.sales1)
    session.flush()
    with counted_queries() as asked:
        require_room(session, Quota(6, 1), 10, by=cast.sales1)
    assert len(asked) == 2

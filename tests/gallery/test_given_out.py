"""The gallery narrowed and walked, many pictures at once, and links for people outside."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_photo, make_project
from tests.gallery.making import opened
from tests.gallery.test_pages import shown_on
from tracker import clock
from tracker.gallery.models import Photo, PhotoShare, PhotoTag
from tracker.gallery.operations.sharing import share_photos
from tracker.gallery.queries import PhotoFilters, list_photos
from tracker.storage import FolderStorage

pytestmark = pytest.mark.usefixtures("media")


def test_the_gallery_is_narrowed_by_what_is_known_of_pictures(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    one, two, three = (make_photo(session, cast.sales1, project=project) for _ in range(3))
    one.category, two.taken_at = "tiles", clock.days_ago(9)
    three.latitude, three.longitude = 31.2, 121.5
    session.add(PhotoTag(tag="defect", photo_id=two.id))
    session.flush()
    by = cast.supervisor

    def found(filters: PhotoFilters) -> list[Photo]:
        return list(list_photos(session, by, filters).items)

    assert found(PhotoFilters(category="tiles")) == [one]
    assert found(PhotoFilters(tag="defect")) == [two]
    assert found(PhotoFilters(near=(31.201, 121.501))) == [three]
    assert found(PhotoFilters(until=clock.local(clock.days_ago(5)).date())) == [two]
    assert found(PhotoFilters(uploader_id=cast.sales1.id, project_id=project.id)) == [three, two, one]
    assert found(PhotoFilters(uploader_id=cast.sales2.id)) == []


def test_pages_follow_each_other_by_the_last_picture_and_none_is_left_out(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    every = [make_photo(session, cast.sales1, project=project).id for _ in range(7)]
    seen: list[int] = []
    page = list_photos(session, cast.sales1, size=3)
    while True:
        seen += [photo.id for photo in page.items]
        if not page.has_next:
            break
        page = list_photos(session, cast.sales1, after=int(page.mark), page=page.number + 1, size=3)
    assert seen == every[::-1]


def test_a_link_shows_what_was_chosen_until_it_ends_and_counts_who_looks(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, name="Canal Court", latitude=31.2, longitude=121.5)
    given, kept = (shown_on(session, media, project, cast.sales1, taken=f"2026:03:1{n} 10:00:00") for n in (3, 4))
    said = {"photos": [given.token], "do": "share", "title": "The frame", "days": "7"}
    assert browser.of(cast.sales1).post("/photos/chosen", data=said).status_code == 303
    share = session.scalars(select(PhotoShare)).one()
    outside = browser.nobody()
    page = outside.get(f"/shared/{share.token}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and "The frame" in text
    for secret in ("Canal Court", "31.2", cast.sales1.name, kept.token, given.token):
        assert secret not in text
    picture = outside.get(f"/shared/{share.token}/1/320.jpg")
    assert picture.status_code == 200 and not opened(picture.data).getexif()
    assert outside.get(f"/shared/{share.token}/2/320.jpg").status_code == 404
    assert outside.get(f"/media/{given.token}/320.jpg").status_code == 303
    session.refresh(share)
    assert share.views == 1
    assert browser.of(cast.supervisor).post(f"/photos/shares/{share.id}/revoke").status_code == 404
    assert browser.of(cast.sales1).post(f"/photos/shares/{share.id}/revoke").status_code == 303
    for address in (f"/shared/{share.token}", f"/shared/{share.token}/1/320.jpg"):
        assert outside.get(address).status_code == 404


def test_a_link_that_has_ended_shows_nothing(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    share = share_photos(session, [taken], "The frame", 1, by=cast.sales1)
    share.expires_at = clock.days_ago(1)
    session.commit()
    assert browser.nobody().get(f"/shared/{share.token}").status_code == 404
    assert browser.nobody().get("/shared/guessed").status_code == 404


def test_nobody_gives_out_downloads_or_tags_what_he_does_not_see(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    taken = shown_on(session, media, project, cast.sales1)
    for person in (cast.sales3, cast.dealer1, cast.dealer2):
        for do in ("tag", "share", "download"):
            said = {"photos": [taken.token], "do": do, "title": "x", "pick": "defect"}
            assert browser.of(person).post("/photos/chosen", data=said).status_code == 404
        for page in ("film", "compare"):
            answer = browser.of(person).get(f"/photos/{page}?project={project.id}")
            assert taken.token not in answer.get_data(as_text=True)
    assert session.scalars(select(PhotoTag)).all() == []


def test_chosen_pictures_are_tagged_and_come_in_one_file(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1, place=(31.2, 121.5))
    client = browser.of(cast.sales1)
    said = {"photos": [taken.token], "do": "tag", "pick": "defect", "tags": "north gate，外立面"}
    assert client.post("/photos/chosen", data=said).status_code == 303
    tags = set(session.scalars(select(PhotoTag.tag).where(PhotoTag.photo_id == taken.id)))
    assert tags >= {"defect", "north gate"} and len(tags) == 3
    answer = client.post("/photos/chosen", data={"photos": [taken.token], "do": "download"})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        (name,) = archive.namelist()
        assert not opened(archive.read(name)).getexif()
    assert client.post("/photos/chosen", data={"do": "tag"}).status_code == 422

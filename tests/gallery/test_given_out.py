"""The gallery narrowed and walked, many pictures at once, and links for people outside."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_photo, make_project
from tests.gallery.making import opened
from tests.gallery.test_pages import shown_on
from tracker import clock
from tracker.events import Event, Kind
from tracker.gallery.models import PhotoShare, PhotoTag
from tracker.gallery.operations.sharing import share_photos
from tracker.gallery.queries.narrowing import PhotoFilters
from tracker.gallery.queries.tiles import list_tiles
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

    def found(filters: PhotoFilters) -> list[str]:
        return [tile.token for tile in list_tiles(session, by, filters).items]

    assert found(PhotoFilters(category="tiles")) == [one.token]
    assert found(PhotoFilters(tag="defect")) == [two.token]
    assert found(PhotoFilters(near=(31.201, 121.501))) == [three.token]
    assert found(PhotoFilters(until=clock.local(clock.days_ago(5)).date())) == [two.token]
    mine = PhotoFilters(uploader_id=cast.sales1.id, project_id=project.id)
    assert found(mine) == [three.token, two.token, one.token]
    assert found(PhotoFilters(uploader_id=cast.sales2.id)) == []


def test_pages_follow_each_other_by_the_last_picture_and_none_is_left_out(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1)
    every = [make_photo(session, cast.sales1, project=project).id for _ in range(7)]
    seen: list[int] = []
    page = list_tiles(session, cast.sales1, size=3)
    while True:
        seen += [photo.id for photo in page.items]
        if not page.has_next:
            break
        page = list_tiles(session, cast.sales1, after=int(page.mark), page=page.number + 1, size=3)
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
    page = client.post("/photos/chosen", data={"photos": [taken.token], "do": "download"}).location
    answer = client.get(f"{page}/file")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        (name,) = archive.namelist()
        assert not opened(archive.read(name)).getexif()
    assert client.post("/photos/chosen", data={"do": "tag"}).status_code == 422


def test_a_link_for_publishing_takes_only_pictures_with_a_consent_that_holds(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    agreed, not_asked, over = (make_photo(session, cast.sales1, project=project) for _ in range(3))
    agreed.publish_note = over.publish_note = "Ms Li of the developer, by mail"
    over.publish_until = clock.today() - timedelta(days=1)
    session.commit()
    client = browser.of(cast.sales1)
    said = {"do": "share", "title": "For the brochure", "days": "7", "for_publishing": "1"}
    answer = client.post("/photos/chosen", data={**said, "photos": [p.token for p in (agreed, not_asked, over)]})
    assert answer.status_code == 422 and "2 of these pictures may not be published" in answer.get_data(as_text=True)
    assert client.post("/photos/chosen", data={**said, "photos": [agreed.token]}).status_code == 303
    shown = client.get("/photos?publish=1").get_data(as_text=True)
    assert agreed.token in shown and not_asked.token not in shown and over.token not in shown


def test_consent_is_written_down_with_who_wrote_it_and_withdrawn_by_emptying_it(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    client, until = browser.of(cast.sales1), clock.today() + timedelta(days=90)
    words = f"/photos/{taken.token}/words"
    past = {"publish_note": "Ms Li, by mail", "publish_until": "2026-01-01"}
    assert client.post(words, data=past).status_code == 422
    assert client.post(words, data={**past, "publish_until": until.isoformat()}).status_code == 303
    session.refresh(taken)
    assert (taken.publish_until, taken.publish_by_id, taken.publish_on) == (until, cast.sales1.id, clock.today())
    page = client.get(f"/photos/{taken.token}").get_data(as_text=True)
    assert "Ms Li, by mail" in page and "until 14 Jun" in page
    assert until.isoformat() in client.get(words).get_data(as_text=True)
    assert client.post(words, data={}).status_code == 303
    session.refresh(taken)
    assert (taken.publish_note, taken.publish_until, taken.publish_by_id) == (None, None, None)


def test_a_consent_is_written_down_on_many_pictures_at_once_and_withdrawn_so(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    one, two, three = (make_photo(session, cast.sales1, project=project) for _ in range(3))
    client = browser.of(cast.sales1)
    said = {"photos": [one.token, two.token], "do": "consent", "publish_note": "Site manager Li, by mail"}
    said["publish_until"] = (clock.today() + timedelta(days=30)).isoformat()
    assert client.post(f"/photos/chosen?project={project.id}", data=said).status_code == 303
    session.expire_all()
    for photo in (one, two):
        assert (photo.publish_note, photo.publish_by_id) == ("Site manager Li, by mail", cast.sales1.id)
        assert photo.publish_on == clock.today() and photo.publish_until == clock.today() + timedelta(days=30)
        [event] = session.scalars(select(Event).where(Event.subject_id == photo.id, Event.kind == Kind.PHOTO_DESCRIBED))
        assert event.data["publish_note"] == [None, "Site manager Li, by mail"]
    assert three.publish_note is None
    agreed = list_tiles(session, cast.sales1, PhotoFilters(publish=True)).items
    assert [tile.token for tile in agreed] == [two.token, one.token]
    every = {"do": "withdraw", "every": "1"}
    assert client.post(f"/photos/chosen?project={project.id}", data=every).status_code == 303
    session.expire_all()
    assert one.publish_note is two.publish_note is one.publish_on is one.publish_by_id is None


def test_a_consent_without_who_gave_it_or_on_another_s_project_is_refused_whole(
    session: Session, cast: Cast, browser: Browser
) -> None:
    mine, other = make_project(session, cast.sales1), make_project(session, cast.sales2)
    photos = [make_photo(session, cast.sales1, project=project) for project in (mine, other)]
    tokens = [photo.token for photo in photos]
    empty = browser.of(cast.sales1).post("/photos/chosen", data={"photos": tokens[:1], "do": "consent"})
    assert empty.status_code == 422 and "Say who agreed, and how." in empty.get_data(as_text=True)
    past = {"photos": tokens[:1], "do": "consent", "publish_note": "Li", "publish_until": "2020-01-01"}
    assert browser.of(cast.sales1).post("/photos/chosen", data=past).status_code == 422
    said = {"photos": tokens, "do": "consent", "publish_note": "Li, by phone"}
    assert browser.of(cast.sales1).post("/photos/chosen", data=said).status_code == 404
    for person, status in ((cast.compliance, 422), (cast.supervisor, 303)):
        session.expire_all()
        assert browser.of(person).post("/photos/chosen", data=said).status_code == status
        session.expire_all()
        assert [photo.publish_note for photo in photos] == [None if status == 422 else "Li, by phone"] * 2

"""Pictures as they are shown: /media, /photos and /photos/<token>, to those who may see them and to nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_photo, make_project
from tests.gallery.making import corners_of, opened, photo
from tests.leads.making import make_lead
from tracker import clock
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import attach_photos, stage_photo
from tracker.leads.operations.noting import note_on_lead
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.projects.models import Project
from tracker.storage import FolderStorage
from tracker.team.models import User

BUDGET = 8  # statements, signing in included

pytestmark = pytest.mark.usefixtures("media")


def shown_on(session: Session, media: FolderStorage, project: Project, by: User, **facts: object) -> Photo:
    """A picture that somebody logged in the present cell of a project."""
    staged = stage_photo(session, media, photo(**facts), "site.jpg", by=by)
    draft = RecordDraft(project.phase, project.step, "site_visit", clock.today(), "Visit", photos=(staged.token,))
    log_record(session, project, draft, by=by)
    session.commit()
    return staged


@pytest.mark.parametrize("size", [320, 800, 1600])
def test_a_shown_size_is_a_jpeg_that_only_this_browser_keeps(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, size: int
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1, orientation=6)
    client = browser.of(cast.supervisor)
    answer = client.get(f"/media/{taken.token}/{size}.jpg")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert corners_of(answer.data) == ["red", "green", "blue", "white"]
    again = client.get(f"/media/{taken.token}/{size}.jpg", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_staged_picture_is_its_sender_s_alone(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    staged = stage_photo(session, media, photo(), "site.jpg", by=cast.sales1)
    session.commit()
    for address in (f"/media/{staged.token}/320.jpg", f"/photos/{staged.token}"):
        assert browser.of(cast.sales1).get(address).status_code == 200
        assert browser.of(cast.sales2).get(address).status_code == 404
        assert browser.of(cast.supervisor).get(address).status_code == 404


def test_an_outsider_finds_no_picture_of_the_project(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1, dealer=cast.xinyuan), cast.sales1)
    addresses = (f"/media/{taken.token}/320.jpg", f"/photos/{taken.token}")
    for person in (cast.sales2, cast.sales3, cast.supervisor2, cast.dealer1, cast.dealer2):
        assert [browser.of(person).get(address).status_code for address in addresses] == [404, 404]
        assert taken.token not in browser.of(person).get("/photos").get_data(as_text=True)
    assert [browser.of(cast.sales1).get(address).status_code for address in addresses] == [200, 200]


def test_nobody_is_asked_to_sign_in_first(session: Session, cast: Cast, browser: Browser, media: FolderStorage) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    for address in ("/photos", f"/photos/{taken.token}", f"/media/{taken.token}/320.jpg"):
        answer = browser.nobody().get(address)
        assert answer.status_code in (302, 303) and "/login" in answer.location


def test_the_original_is_not_reachable_by_any_address(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1, place=(31.2, 121.5))
    client = browser.of(cast.sales1)
    with media.open(taken.original_key) as file:
        original = file.read()
    for address in (
        f"/media/{taken.original_key}",
        f"/media/{taken.token}/original.jpg",
        f"/media/{taken.token}/0.jpg",
        f"/media/{taken.token}/1601.jpg",
        f"/media/{taken.token}/320.png",
        f"/media/{taken.id}/320.jpg",
        f"/media/..%2f{taken.original_key}/320.jpg",
        f"/static/../media/{taken.original_key}",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert original not in answer.data
    routes = [rule.rule for rule in client.application.url_map.iter_rules() if "media" in rule.rule]
    assert routes == ["/media/<token>/<size>.jpg"]


def test_pictures_take_only_the_requests_they_are_for(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    client = browser.of(cast.sales1)
    for address in (f"/media/{taken.token}/320.jpg", f"/photos/{taken.token}", "/photos"):
        for send in (client.post, client.put, client.delete, client.patch):
            assert send(address).status_code == 405
    assert client.get(f"/media/{taken.token}/320.jpg").status_code == 200


def test_a_picture_whose_file_is_gone_is_not_found_but_its_page_is(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = make_photo(session, cast.sales1, project=make_project(session, cast.sales1))
    session.commit()
    assert browser.of(cast.sales1).get(f"/media/{taken.token}/320.jpg").status_code == 404
    assert browser.of(cast.sales1).get(f"/photos/{taken.token}").status_code == 200


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_where_time_and_place_come_from(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, lang: str
) -> None:
    project = make_project(session, cast.sales1, name="云栖 <b>Tower</b>", latitude=31.1, longitude=121.1)
    own = shown_on(session, media, project, cast.sales1, taken="2026:03:15 10:30:00", place=(31.240391, 121.501532))
    bare = shown_on(session, media, project, cast.sales1)
    client = browser.of(cast.sales1, lang)
    pages = [client.get(f"/photos/{taken.token}").get_data(as_text=True) for taken in (own, bare)]
    assert "31.24039, 121.50153" in pages[0] and "31.10000, 121.10000" in pages[1]
    assert "10:30" in pages[0]
    for page in pages:
        assert f"/projects/{project.id}/cells/map/structure" in page
        assert "<b>Tower</b>" not in page
    if lang == "en":
        assert pages[0].count("from the picture") == 2 and "as stated" not in pages[0]
        assert pages[1].count("as stated") == 2 and "from the picture" not in pages[1]


def test_the_gallery_is_narrowed_by_project_and_step(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    tower = make_project(session, cast.sales1, name="Tower")
    hotel = make_project(session, cast.sales1, name="Hotel", step="ground")
    one, two = (make_photo(session, cast.sales1, project=project) for project in (tower, hotel))
    session.commit()
    client = browser.of(cast.sales1)

    def tokens(address: str) -> set[str]:
        page = client.get(address).get_data(as_text=True)
        return {taken.token for taken in (one, two) if taken.token in page}

    assert tokens("/photos") == {one.token, two.token}
    assert tokens(f"/photos?project={tower.id}") == {one.token}
    assert tokens("/photos?step=ground") == {two.token}
    assert tokens("/photos?step=attic") == {one.token, two.token}
    assert tokens(f"/photos?project={tower.id}&step=ground") == set()
    assert client.get("/photos?project=99999999").status_code == 404
    assert browser.of(cast.sales3).get(f"/photos?project={tower.id}").status_code == 404


def test_an_empty_gallery_teaches_how_pictures_come_into_it(cast: Cast, browser: Browser) -> None:
    assert "appear here by themselves" in browser.of(cast.sales1).get("/photos").get_data(as_text=True)


def test_the_gallery_asks_as_little_for_many_pictures_as_for_one(
    session: Session, cast: Cast, browser: Browser
) -> None:
    for number in range(70):
        make_photo(session, cast.sales1, project=make_project(session, cast.sales1) if number % 10 == 0 else None)
    project = make_project(session, cast.sales2)
    for _ in range(70):
        make_photo(session, cast.sales2, project=project)
    session.commit()
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get("/photos").get_data(as_text=True)
    assert page.count('class="thumb"') == 60 and "page=2" in page
    assert len(asked) <= BUDGET


def test_a_picture_of_a_lead_stays_with_who_sees_the_lead_when_the_project_is_another_s(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    lead = make_lead(session, cast.sales1)
    staged = stage_photo(session, media, photo(), "plot.jpg", by=cast.sales1)
    note_on_lead(
        session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text="Seen", photos=(staged.token,)
    )
    staged.project_id = make_project(session, cast.sales3).id
    session.commit()
    answer = browser.of(cast.sales1).get(f"/photos/{staged.token}")
    assert answer.status_code == 200
    assert f"/projects/{staged.project_id}" not in answer.get_data(as_text=True)


def test_what_pictures_say_themselves_is_never_overwritten_by_what_is_stated(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, latitude=31.1, longitude=121.1)
    own = shown_on(session, media, project, cast.sales1, taken="2026:03:10 10:30:00")
    assert own.taken_from == "exif" and clock.local(own.taken_at).day == 10  # type: ignore[arg-type]
    assert (own.latitude, own.longitude, own.place_from) == (31.1, 121.1, "stated")
    homeless = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    assert (homeless.latitude, homeless.place_from) == (None, None)
    assert (clock.local(homeless.taken_at).date(), homeless.taken_from) == (clock.today(), "stated")  # type: ignore[arg-type]


def test_attached_pictures_take_the_record_s_cell_and_leave_events(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    staged = [stage_photo(session, media, photo(), f"{n}.jpg", by=cast.sales1) for n in range(2)]
    draft = RecordDraft("map", "structure", "site_visit", clock.today(), "Visit")
    record = log_record(session, project, draft, by=cast.sales1).record
    attach_photos(session, staged, record, by=cast.sales1)
    assert {(p.project_id, p.record_id, p.phase, p.step) for p in staged} == {
        (project.id, record.id, "map", "structure")
    }
    added = session.scalars(select(Event).where(Event.kind == Kind.PHOTO_ADDED)).all()
    assert [(event.subject_id, event.project_id) for event in added] == [(p.id, project.id) for p in staged]


def test_pictures_are_sent_as_they_are_and_not_compressed_again(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    answer = browser.of(cast.sales1).get(f"/media/{taken.token}/1600.jpg", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert opened(answer.data).format == "JPEG"


def test_what_a_picture_shows_is_said_in_a_form_that_unfolds_and_in_one_of_its_own(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    client, words = browser.of(cast.sales1), f"/photos/{taken.token}/words"
    said = {"caption": "Frame, east side", "tags": "defect, 样板", "category": "tiles", "seen_step": "structure"}
    assert client.post(words, data=said).status_code == 303
    folded = client.get(f"/photos/{taken.token}").get_data(as_text=True)
    assert f'hx-get="{words}"' in folded and f'href="{words}"' in folded and 'name="caption"' not in folded
    whole = client.get(words).get_data(as_text=True)
    part = client.get(words, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" in whole and "<html" not in part
    for text in (whole, part):
        assert 'value="Frame, east side"' in text and "样板" in text and 'action="' + words in text


def test_a_picture_leads_to_others_of_its_sender_tag_and_category(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = shown_on(session, media, make_project(session, cast.sales1), cast.sales1)
    client = browser.of(cast.supervisor)
    client.post(f"/photos/{taken.token}/words", data={"tags": "defect", "category": "tiles", "seen_step": "structure"})
    text = client.get(f"/photos/{taken.token}").get_data(as_text=True)
    for narrowed in (f"person={cast.sales1.id}", "tag=defect", "category=tiles"):
        assert f'href="/photos?{narrowed}"' in text
        assert taken.token in client.get(f"/photos?{narrowed}").get_data(as_text=True)
    assert cast.sales1.name in text

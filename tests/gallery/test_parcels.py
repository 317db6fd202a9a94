"""Pictures in one file: /photos/report and /photos/parcels. Few are put together at once, many by the worker."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_photo, make_project
from tests.gallery.making import opened, photo
from tests.gallery.test_pages import shown_on
from tests.paper.test_drawing import texts_of
from tracker import clock
from tracker.events import Event, Kind
from tracker.gallery.models import Photo, PhotoParcel
from tracker.gallery.operations import shown_key
from tracker.gallery.operations.parcels import (
    AT_ONCE,
    KEPT,
    LOST,
    any_waiting,
    ask_parcel,
    make_parcel,
    sweep_parcels,
    work_off,
)
from tracker.gallery.operations.reporting import ReportWishes
from tracker.notifications.worker import Worker
from tracker.storage import FolderStorage, StorageFull

pytestmark = pytest.mark.usefixtures("media")


def many(session: Session, cast: Cast, media: FolderStorage, number: int) -> list[Photo]:
    """So many pictures of one project, of which the first has a file."""
    project = make_project(session, cast.sales1, name="Canal Court")
    taken = [make_photo(session, cast.sales1, project=project) for _ in range(number)]
    for one in taken:
        media.put(shown_key(one, "1600"), photo())
        media.put(shown_key(one, "800"), photo())
    session.commit()
    return taken


def pdf_of(session: Session, media: FolderStorage, parcel: PhotoParcel) -> bytes:
    session.refresh(parcel)
    assert parcel.state == "ready" and parcel.file_key
    with media.open(parcel.file_key) as file:
        return file.read()


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("项目", "时间段", "第 1 页")), ("en", ("Project", "Period", "Page 1"))]
)
def test_a_report_has_a_cover_pictures_with_their_facts_and_lines_to_sign(
    session: Session, cast: Cast, media: FolderStorage, language: str, words: tuple[str, ...]
) -> None:
    project = make_project(session, cast.sales1, name="Canal Court", latitude=31.2, longitude=121.5)
    project.address = "12 Canal Road"
    one = shown_on(session, media, project, cast.sales1, taken="2026:03:03 10:00:00", place=(31.20012, 121.50034))
    two = shown_on(session, media, project, cast.sales1, taken="2026:03:09 10:00:00", camera="b")
    one.caption, one.floor = "Frame of the third floor 三层", 3
    session.commit()
    wishes = ReportWishes("March on site", language, 2, "Anhe", True, ("Site manager", "销售"))
    parcel = ask_parcel(session, [two, one], "report", wishes, by=cast.sales1)
    assert make_parcel(session, media, parcel.id, session.commit)
    pages = texts_of(pdf_of(session, media, parcel))
    whole = "\n".join(pages)
    assert len(pages) == 3 or len(pages) == 2
    for said in (*words, "March on site", "Canal Court", "12 Canal Road", "Anhe", cast.sales1.name,
                 "31.20012, 121.50034", "Frame of the third floor 三层", "Site manager", "销售"):  # fmt: skip
        assert said in whole, said
    assert whole.index("31.20012") < whole.index("Site manager")


def test_places_stand_in_a_report_only_where_they_are_asked_for_and_never_in_a_dealer_s(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    ours = shown_on(session, media, project, cast.sales1, place=(31.20012, 121.50034))
    his = shown_on(session, media, project, cast.dealer1, place=(31.20055, 121.50077))
    for by, taken, places in ((cast.sales1, ours, False), (cast.dealer1, his, True)):
        parcel = ask_parcel(session, [taken], "report", ReportWishes("R", "en", places=places), by=by)
        make_parcel(session, media, parcel.id, session.commit)
        assert "31.200" not in "".join(texts_of(pdf_of(session, media, parcel)))


@pytest.mark.parametrize(("each_page", "pages"), [(2, 1 + 3), (3, 1 + 2), (4, 1 + 2), (6, 1 + 1)])
def test_as_many_pictures_stand_on_a_page_as_was_wished(
    session: Session, cast: Cast, media: FolderStorage, each_page: int, pages: int
) -> None:
    taken = many(session, cast, media, 6)
    parcel = ask_parcel(session, taken, "report", ReportWishes("R", "en", each_page), by=cast.sales1)
    make_parcel(session, media, parcel.id, session.commit)
    with pypdfium2.PdfDocument(pdf_of(session, media, parcel)) as document:
        assert len(document) == pages
        assert len(list(document[1].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) == min(each_page, 6)


def test_a_few_pictures_are_put_together_while_one_waits(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    taken = make_photo(session, cast.sales1, project=project)
    session.commit()
    client = browser.of(cast.sales1)
    answer = client.post("/photos/chosen", data={"photos": [taken.token], "do": "report"})
    assert answer.status_code == 303 and f"/photos/report?photo={taken.token}" in answer.location
    form = client.get(answer.location).get_data(as_text=True)
    assert taken.token in form and f"Photo report: {project.name}" in form
    said = {"title": "Week twelve", "language": "en", "each_page": "4", "signers": "Site manager\nSales"}
    made = client.post(answer.location, data=said)
    assert made.status_code == 303
    page = client.get(made.location).get_data(as_text=True)
    assert "Week twelve" in page and f"{made.location}/file" in page
    file = client.get(f"{made.location}/file")
    assert file.mimetype == "application/pdf" and file.data.startswith(b"%PDF")
    assert "Week-twelve-2026-03-16.pdf" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "private, no-store"
    assert "Week twelve" in client.get("/photos/parcels").get_data(as_text=True)
    assert session.scalars(select(Event).where(Event.kind == Kind.PHOTOS_TAKEN_OUT)).one().data["photos"] == 1


def test_a_report_that_makes_no_sense_keeps_what_was_typed(session: Session, cast: Cast, browser: Browser) -> None:
    taken = make_photo(session, cast.sales1, project=make_project(session, cast.sales1))
    session.commit()
    client, address = browser.of(cast.sales1), f"/photos/report?photo={taken.token}"
    for wrong in ({"title": ""}, {"each_page": "5"}, {"signers": "\n".join("abcdefg")}, {"language": "fr"}):
        said = {"title": "Week twelve", "language": "en", "each_page": "4", "company": "Anhe Ltd", **wrong}
        answer = client.post(address, data=said)
        assert answer.status_code == 422 and "Anhe Ltd" in answer.get_data(as_text=True)
    assert session.scalars(select(PhotoParcel)).all() == []


def test_many_pictures_are_put_together_by_the_worker_and_the_page_shows_how_far(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = many(session, cast, media, AT_ONCE["zip"] + 5)
    client = browser.of(cast.sales1)
    said = {"every": "1", "do": "download"}
    page = client.post(f"/photos/chosen?project={taken[0].project_id}", data=said).location
    waits = client.get(page).get_data(as_text=True)
    assert "waits for its turn" in waits and 'hx-trigger="every 2s"' in waits and "<noscript>" in waits
    assert client.get(f"{page}/file").status_code == 404
    assert any_waiting(session)
    assert list(work_off(session, media, session.commit)) == [1]
    assert not any_waiting(session)
    fragment = client.get(page, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert f"{page}/file" in fragment and "<html" not in fragment
    with zipfile.ZipFile(io.BytesIO(client.get(f"{page}/file").data)) as archive:
        names = archive.namelist()
        assert len(names) == len(taken) and len(set(names)) == len(taken)
        assert not opened(archive.read(names[0])).getexif()


def test_a_parcel_is_its_owner_s_alone_and_says_so_to_nobody_else(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    (taken,) = many(session, cast, media, 1)
    parcel = ask_parcel(session, [taken], "zip", by=cast.sales1)
    make_parcel(session, media, parcel.id, session.commit)
    for person in (cast.supervisor, cast.admin, cast.dealer1):
        for address in (f"/photos/parcels/{parcel.token}", f"/photos/parcels/{parcel.token}/file"):
            assert browser.of(person).get(address).status_code == 404
        assert parcel.token not in browser.of(person).get("/photos/parcels").get_data(as_text=True)


def test_what_its_owner_does_not_see_any_more_when_it_is_made_is_left_out(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    kept, gone, purged = many(session, cast, media, 3)
    parcel = ask_parcel(session, [kept, gone, purged], "zip", by=cast.sales1)
    gone.project_id, purged.purged_at = make_project(session, cast.sales3).id, clock.now()
    session.commit()
    make_parcel(session, media, parcel.id, session.commit)
    with zipfile.ZipFile(io.BytesIO(pdf_of(session, media, parcel))) as archive:
        assert len(archive.namelist()) == 1


def test_a_parcel_is_made_once_and_again_only_where_its_maker_died(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    (taken,) = many(session, cast, media, 1)
    parcel = ask_parcel(session, [taken], "zip", by=cast.sales1)
    parcel.state, parcel.claimed_at = "working", clock.now()
    session.commit()
    assert not make_parcel(session, media, parcel.id, session.commit)
    parcel.claimed_at = clock.now() - LOST - timedelta(seconds=1)
    session.commit()
    assert make_parcel(session, media, parcel.id, session.commit)


def test_a_full_disk_is_said_on_the_page(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (taken,) = many(session, cast, media, 1)

    def full(_key: str, _file: object) -> None:
        raise StorageFull("parcels")

    monkeypatch.setattr(media, "put_file", full)
    page = browser.of(cast.sales1).post("/photos/chosen", data={"photos": [taken.token], "do": "download"}).location
    assert "could not be made" in browser.of(cast.sales1).get(page).get_data(as_text=True)


def test_files_go_after_some_days_and_the_page_says_so(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    (taken,) = many(session, cast, media, 1)
    parcel = ask_parcel(session, [taken], "zip", by=cast.sales1)
    make_parcel(session, media, parcel.id, session.commit)
    session.refresh(parcel)
    assert sweep_parcels(session) == []
    parcel.ended_at = clock.now() - KEPT - timedelta(hours=1)
    session.commit()
    (key,) = sweep_parcels(session)
    assert key == f"parcels/{parcel.token}" and parcel.state == "gone"
    client = browser.of(cast.sales1)
    assert "not kept any more" in client.get(f"/photos/parcels/{parcel.token}").get_data(as_text=True)
    assert client.get(f"/photos/parcels/{parcel.token}/file").status_code == 303


def test_too_many_pictures_or_parcels_are_refused_kindly(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    taken = many(session, cast, media, 2)
    for _ in range(5):
        ask_parcel(session, taken, "zip", by=cast.sales1)
    session.commit()
    answer = browser.of(cast.sales1).post("/photos/chosen", data={"photos": [taken[0].token], "do": "download"})
    assert answer.status_code == 422 and "being made for you already" in answer.get_data(as_text=True)


def test_the_page_of_a_parcel_asks_little(session: Session, cast: Cast, browser: Browser, media: FolderStorage) -> None:
    parcel = ask_parcel(session, many(session, cast, media, 3), "zip", by=cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        assert client.get(f"/photos/parcels/{parcel.token}").status_code == 200
    assert len(asked) <= 6


@pytest.mark.real_time
def test_a_worker_s_glance_makes_what_waits(own_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.cast import make_cast
    from tracker.extensions import db

    storage = FolderStorage(tmp_path_factory.mktemp("media"))
    own_app.extensions["storage"] = storage
    cast = make_cast(db.session)
    worker = Worker(own_app, every=1)
    assert not worker.glance()
    parcel = ask_parcel(db.session, many(db.session, cast, storage, 2), "zip", by=cast.sales1)
    number = parcel.id
    db.session.commit()
    assert worker.glance()
    assert db.session.get_one(PhotoParcel, number).state == "ready"
    worker.step_down()

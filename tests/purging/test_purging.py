"""What must not be kept goes, and that it was there stays (G18's override)."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_photo, make_project
from tests.matrix.making import draft
from tracker.doctor.pictures import examine_pictures
from tracker.documents.operations import stage_document
from tracker.errors import AlreadyDone, Forbidden, Invalid
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import derived_key
from tracker.images import SIZES
from tracker.matrix.models import Correction, Record
from tracker.matrix.operations.records import correct_record, log_record
from tracker.projects.models import Project
from tracker.purging.operations import purge_document, purge_photo, purge_text
from tracker.search import indexing
from tracker.storage import FolderStorage

WHY = "Shows a child"


@pytest.fixture
def project(session: Session, cast: Cast) -> Project:
    return make_project(session, cast.sales1)


@pytest.fixture
def photo(session: Session, cast: Cast, media: FolderStorage, project: Project) -> Photo:
    """A picture of a record, with all its files."""
    made = make_photo(session, cast.sales1)
    for key in (made.original_key, *(derived_key(made.token, str(size)) for size in SIZES)):
        media.put(key, b"a picture")
    log_record(session, project, draft(photos=(made.token,)), by=cast.sales1)
    session.commit()
    return made


@pytest.fixture
def record(session: Session, cast: Cast, project: Project) -> Record:
    """A record that was corrected once."""
    found = log_record(
        session, project, draft(text="His sickness is grave", next_step="Ask his wife"), by=cast.sales1
    ).record
    correct_record(
        session, found, by=cast.sales1, version=found.version, text="His sickness is over", reason="He is well"
    )
    session.commit()
    return found


def test_a_purged_picture_is_gone_from_every_page_and_from_the_disk(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, project: Project, photo: Photo
) -> None:
    client = browser.of(cast.admin)
    assert photo.token in client.get(f"/purge/photos/{photo.token}").get_data(as_text=True)
    assert f"/purge/photos/{photo.token}" in client.get(f"/photos/{photo.token}").get_data(as_text=True)
    refused = client.post(f"/purge/photos/{photo.token}", data={"reason": " "})
    assert refused.status_code == 422 and media.exists(photo.original_key)
    assert client.post(f"/purge/photos/{photo.token}", data={"reason": WHY}).location == f"/projects/{project.id}"
    assert list(media.keys()) == []
    for address in ("/photos", f"/projects/{project.id}", f"/projects/{project.id}/cells/map/structure"):
        assert photo.token not in client.get(address).get_data(as_text=True), address
    for address in (f"/photos/{photo.token}", f"/media/{photo.token}/320.jpg", f"/purge/photos/{photo.token}"):
        assert client.get(address).status_code == 404, address
    assert list(examine_pictures(session, media, lambda *_told: None)) == []


def test_that_there_was_a_picture_stays(session: Session, cast: Cast, project: Project, photo: Photo) -> None:
    sent = photo.uploaded_at
    purge_photo(session, photo, by=cast.admin, reason=WHY)
    assert (photo.uploader_id, photo.uploaded_at, photo.record_id is not None) == (cast.sales1.id, sent, True)
    assert (photo.file_name, photo.caption, photo.latitude) == ("", None, None)
    event = session.scalars(select(Event).where(Event.kind == Kind.PURGED)).one()
    assert (event.project_id, event.data["reason"], event.data["rules"]) == (project.id, WHY, ["G18"])
    with pytest.raises(AlreadyDone):
        purge_photo(session, photo, by=cast.admin, reason=WHY)


def test_a_purged_text_is_gone_with_its_corrections(
    session: Session, cast: Cast, browser: Browser, record: Record
) -> None:
    client = browser.of(cast.admin)
    assert "sickness" in client.get(f"/purge/records/{record.id}").get_data(as_text=True)
    assert client.post(f"/purge/records/{record.id}", data={"reason": ""}).status_code == 422
    answer = client.post(f"/purge/records/{record.id}", data={"reason": "About his health"})
    assert answer.location == f"/records/{record.id}"
    page = client.get(f"/records/{record.id}").get_data(as_text=True)
    assert "sickness" not in page and "purged by an administrator" in page
    assert (record.next_step, record.author_id) == (None, cast.sales1.id)
    assert session.scalars(select(Correction.before)).all() == [{}]
    trail = [event.data for event in session.scalars(select(Event))]
    assert "sickness" not in str(trail) and "About his health" in str(trail)
    assert list(indexing.faults(session)) == []


def test_only_an_administrator_purges_and_says_why(session: Session, cast: Cast, photo: Photo, record: Record) -> None:
    for user in (cast.sales1, cast.supervisor, cast.gm, cast.compliance):
        with pytest.raises(Forbidden):
            purge_photo(session, photo, by=user, reason=WHY)
        with pytest.raises(Forbidden):
            purge_text(session, record, by=user, reason=WHY)
    with pytest.raises(Invalid):
        purge_text(session, record, by=cast.admin, reason=" ")


def test_a_purged_document_is_gone_from_the_disk_and_that_it_was_there_stays(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, project: Project
) -> None:
    paper = stage_document(session, media, b"%PDF-1.4 %%EOF", "Sick note of his child.pdf", by=cast.sales1)
    log_record(session, project, draft(documents=(paper.token,)), by=cast.sales1)
    session.commit()
    address = f"/purge/documents/{paper.token}"
    assert browser.of(cast.supervisor).get(address).status_code == 403
    client = browser.of(cast.admin)
    assert address in client.get("/documents").get_data(as_text=True)
    assert client.post(address, data={"reason": " "}).status_code == 422
    assert client.post(address, data={"reason": WHY}).status_code == 303
    session.expire_all()
    assert not media.exists(paper.storage_key) and paper.purged_at is not None
    assert client.get(f"/documents/{paper.token}").status_code == 404
    listed = client.get("/documents").get_data(as_text=True)
    assert "Sick note" not in listed and paper.token not in listed
    assert client.get(address).status_code == 404
    assert "Sick note" not in str(session.scalars(select(Event.data)).all())
    assert list(examine_pictures(session, media, lambda *_told: None)) == []
    with pytest.raises(AlreadyDone):
        purge_document(session, paper, by=cast.admin, reason=WHY)

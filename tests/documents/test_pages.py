"""Documents as they are sent in and handed out: to those who may see them, as files only, and to nobody else."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.documents.making import PDF, make_document, office
from tests.factories import make_project
from tests.gallery.making import photo
from tests.leads.making import make_lead
from tests.rows import count
from tracker import clock
from tracker.documents import operations
from tracker.documents.models import Document
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.leads.operations.noting import note_on_lead
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.storage import FolderStorage, StorageFull

BUDGET = 8  # statements, signing in included

pytestmark = pytest.mark.usefixtures("media")


def send(client: FlaskClient, data: bytes, name: str = "notice.pdf") -> Any:
    return client.post("/documents/staged", data={"file": (io.BytesIO(data), name)})


def test_a_document_is_taken_in_and_its_bytes_stay_as_they_came(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    answer = send(browser.of(cast.sales1), PDF, "../papers/土拍公示.pdf")
    row = session.scalars(select(Document)).one()
    assert answer.status_code == 201
    assert answer.json == {"token": row.token, "field": "documents", "name": "土拍公示.pdf"}
    assert (row.kind, row.size, row.uploader_id, row.lead_id) == ("pdf", len(PDF), cast.sales1.id, None)
    with media.open(row.storage_key) as file:
        assert file.read() == PDF


def test_a_picture_of_a_paper_joins_the_pictures(session: Session, cast: Cast, browser: Browser) -> None:
    answer = send(browser.of(cast.sales1), photo(), "screenshot.png")
    taken = session.scalars(select(Photo)).one()
    assert answer.json == {"token": taken.token, "field": "photos", "picture": f"/media/{taken.token}/320.jpg"}
    assert count(session, Document) == 0


@pytest.mark.parametrize("data", [b"", b"<html><script>1</script>", office("a", "word/vbaProject.bin"), PDF[:30]])
def test_what_is_no_document_is_refused_by_name_with_what_to_do(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, data: bytes
) -> None:
    answer = send(browser.of(cast.sales1), data, "odd.pdf")
    assert answer.status_code == 422
    assert answer.json["message"].startswith("odd.pdf: ")
    assert count(session, Document) == 0
    assert list(media.keys()) == []


def test_a_file_that_is_too_large_is_refused(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch, media: FolderStorage
) -> None:
    for module in ("operations", "intake"):
        monkeypatch.setattr(f"tracker.documents.{module}.MOST_BYTES", 20)
    answer = send(browser.of(cast.sales1), PDF)
    assert (answer.status_code, "50 MB" in answer.json["message"]) == (422, True)
    assert list(media.keys()) == []


def test_a_full_disk_is_said_and_leaves_no_row(
    session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFull

    monkeypatch.setattr(FolderStorage, "put", full)
    assert send(browser.of(cast.sales1), PDF).status_code == 507
    assert count(session, Document) == 0


def test_a_document_is_handed_out_as_a_file_that_no_browser_opens(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    paper = make_document(session, media, cast.sales1, "公示 “A”.pdf")
    answer = browser.of(cast.sales1).get(f"/documents/{paper.token}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_staged_document_is_its_senders_alone(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    paper = make_document(session, media, cast.sales1)
    assert browser.of(cast.sales1).get(f"/documents/{paper.token}").status_code == 200
    for other in (cast.sales2, cast.supervisor, cast.gm, cast.dealer1):
        assert browser.of(other).get(f"/documents/{paper.token}").status_code == 404


def test_the_document_of_a_lead_is_there_for_those_who_see_the_lead(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    lead, paper = make_lead(session, cast.sales1), make_document(session, media, cast.sales1)
    told = {"kind": "office_visit", "on": clock.today(), "text": "They gave us the notice."}
    note_on_lead(session, lead, by=cast.sales1, documents=(paper.token,), **told)  # type: ignore[arg-type]
    session.commit()
    assert (paper.lead_id, paper.project_id) == (lead.id, None)
    assert session.scalars(select(Event.kind).where(Event.subject == "document")).all() == [Kind.DOCUMENT_ADDED]
    address = f"/documents/{paper.token}"
    assert browser.of(cast.supervisor).get(address).status_code == 200
    for outsider in (cast.sales2, cast.supervisor2, cast.dealer1):
        assert browser.of(outsider).get(address).status_code == 404
    assert paper.token in browser.of(cast.supervisor).get(f"/leads/{lead.id}").get_data(as_text=True)


def test_a_dealer_gets_only_the_documents_that_his_own_people_sent(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    papers = []
    for by in (cast.sales1, cast.dealer1):
        paper = make_document(session, media, by)
        draft = RecordDraft("map", "structure", "meeting", clock.today(), f"By {by.name}", documents=(paper.token,))
        log_record(session, project, draft, by=by)
        papers.append(paper.token)
    session.commit()
    got = [browser.of(cast.dealer1).get(f"/documents/{token}").status_code for token in papers]
    assert got == [404, 200]
    listed = browser.of(cast.dealer1).get("/documents").get_data(as_text=True)
    assert papers[0] not in listed and papers[1] in listed


def test_the_list_asks_as_little_for_many_as_for_one(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    for number in range(12):
        paper = make_document(session, media, cast.sales1, f"page-{number}.pdf")
        draft = RecordDraft("map", "structure", "meeting", clock.today(), f"{number}", documents=(paper.token,))
        log_record(session, project, draft, by=cast.sales1)
    session.commit()
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get(f"/documents?project={project.id}").get_data(as_text=True)
    assert "page-11.pdf" in page and len(asked) <= BUDGET
    assert client.get("/documents").status_code == 200


def test_names_lose_folders_and_control_characters() -> None:
    assert operations.printable("../../etc/pass\nwd\0.pdf") == "passwd.pdf"

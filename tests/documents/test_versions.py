"""What a document is, and its versions: /documents/<token>/versions. None is ever lost."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.documents.making import DWG, PDF, make_document
from tests.factories import make_project
from tests.gallery.making import photo
from tests.rows import count
from tracker.documents.models import Document
from tracker.documents.operations import file_document
from tracker.events import Event, Kind
from tracker.projects.models import Project
from tracker.purging.operations import purge_document
from tracker.storage import FolderStorage
from tracker.team.models import User

pytestmark = pytest.mark.usefixtures("media")


def filed(session: Session, media: FolderStorage, by: User, project: Project, name: str = "plan.pdf") -> Document:
    paper = make_document(session, media, by, name)
    file_document(session, paper, project, "drawing", by=by)
    session.commit()
    return paper


def renewed(client: FlaskClient, paper: Document, data: bytes = DWG, name: str = "plan.dwg") -> Any:
    return client.post(f"/documents/{paper.token}/versions", data={"papers": (io.BytesIO(data), name)})


def test_papers_are_put_on_a_project_with_what_they_are(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    client, address = browser.of(cast.sales1), f"/documents?project={project.id}"
    said = {"papers": [(io.BytesIO(PDF), "offer.pdf"), (io.BytesIO(DWG), "plan.dwg")], "sort": "quote"}
    post = f"/projects/{project.id}/documents"
    assert client.post(post, data=said).status_code == 303
    rows = session.scalars(select(Document)).all()
    assert {(row.project_id, row.sort, row.record_id) for row in rows} == {(project.id, "quote", None)}
    assert "offer.pdf" in client.get(f"{address}&sort=quote").get_data(as_text=True)
    assert "offer.pdf" not in client.get(f"{address}&sort=contract").get_data(as_text=True)
    for person, status in ((cast.sales3, 404), (cast.compliance, 403)):
        again = {"papers": (io.BytesIO(PDF), "x.pdf")}
        assert browser.of(person).post(post, data=again).status_code == status
    assert address.replace("&", "&amp;") in client.get(f"/photos?project={project.id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "empty"), (b"what", "not taken"), (photo(), "send it with the photos")]
)
def test_what_cannot_be_put_on_a_project_is_said_by_name(
    session: Session, cast: Cast, browser: Browser, data: bytes, words: str
) -> None:
    project = make_project(session, cast.sales1)
    answer = browser.of(cast.sales1).post(
        f"/projects/{project.id}/documents", data={"papers": (io.BytesIO(data), "a.x")}
    )
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    assert session.scalars(select(Document).where(Document.project_id.is_not(None))).all() == []


def test_a_new_version_keeps_the_old_ones_and_the_list_shows_the_newest_and_how_many(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    first = filed(session, media, cast.sales1, project)
    client = browser.of(cast.sales1)
    answer = renewed(client, first)
    second = session.scalars(select(Document).where(Document.previous_id == first.id)).one()
    assert (answer.status_code, answer.location) == (303, f"/documents/{second.token}/versions")
    assert (second.version, second.project_id, second.sort, first.newer) == (2, project.id, "drawing", True)
    listed = client.get(f"/documents?project={project.id}").get_data(as_text=True)
    assert second.token in listed and first.token not in listed and "version 2" in listed
    page = client.get(f"/documents/{first.token}/versions").get_data(as_text=True)
    assert page.index(f'href="/documents/{second.token}"') < page.index(f'href="/documents/{first.token}"')
    assert "Versions: 2, all of them kept" in page
    for paper, data in ((first, PDF), (second, DWG)):
        assert client.get(f"/documents/{paper.token}").data == data
    told = session.scalars(select(Event).where(Event.kind == Kind.DOCUMENT_RENEWED)).one()
    assert (told.project_id, told.data["version"]) == (project.id, 2)


def test_the_same_file_and_an_overtaken_version_are_refused(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    first = filed(session, media, cast.sales1, make_project(session, cast.sales1))
    client = browser.of(cast.sales1)
    for answer, words in ((renewed(client, first, PDF), "very same file"), (renewed(client, first, b"x"), "not taken")):
        assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    assert renewed(client, first).status_code == 303
    late = renewed(client, first, PDF + b"\n%%EOF")
    assert late.status_code == 422 and "newer version already" in late.get_data(as_text=True)
    assert session.scalars(select(Document.version).where(Document.project_id.is_not(None))).all() == [1, 2]


def test_what_a_document_is_can_be_said_later_for_all_its_versions(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    first = filed(session, media, cast.sales1, make_project(session, cast.sales1))
    client = browser.of(cast.sales1)
    renewed(client, first)
    assert client.post(f"/documents/{first.token}/sort", data={"sort": "poem"}).status_code == 422
    assert client.post(f"/documents/{first.token}/sort", data={"sort": "contract"}).status_code == 303
    assert session.scalars(select(Document.sort)).all() == ["contract", "contract"]
    assert "Contract" in client.get("/documents").get_data(as_text=True)


def test_nobody_renews_or_names_what_he_does_not_see(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    paper = filed(session, media, cast.sales1, make_project(session, cast.sales1, dealer=cast.xinyuan))
    for stranger in (cast.sales2, cast.sales3, cast.dealer1, cast.dealer2):
        client = browser.of(stranger)
        assert client.get(f"/documents/{paper.token}/versions").status_code == 404
        assert renewed(client, paper).status_code == 404
        assert client.post(f"/documents/{paper.token}/sort", data={"sort": "quote"}).status_code == 404
    assert renewed(browser.of(cast.compliance), paper).status_code == 403
    assert count(session, Document) == 1


@pytest.mark.parametrize("purged", [0, 1, 2])
def test_a_purged_version_leaves_the_others_in_their_order(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, purged: int
) -> None:
    papers = [filed(session, media, cast.sales1, make_project(session, cast.sales1))]
    client = browser.of(cast.sales1)
    for data in (DWG, PDF + b"\n%%EOF"):
        renewed(client, papers[-1], data)
        papers.append(session.scalars(select(Document).where(Document.previous_id == papers[-1].id)).one())
    gone = papers.pop(purged)
    purge_document(session, gone, by=cast.admin, reason="A name in it.")
    session.commit()
    page = client.get(f"/documents/{papers[0].token}/versions").get_data(as_text=True)
    assert all(f"/documents/{paper.token}" in page for paper in papers) and gone.token not in page
    listed = client.get("/documents").get_data(as_text=True)
    assert papers[-1].token in listed and papers[0].token not in listed
    assert renewed(client, papers[-1], DWG + b"more").status_code == 303


def test_many_versions_ask_as_little_as_one(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    paper = filed(session, media, cast.sales1, make_project(session, cast.sales1))
    client, newest = browser.of(cast.sales1), paper
    for number in range(4):
        renewed(client, newest, DWG + bytes([number]))
        newest = session.scalars(select(Document).where(Document.previous_id == newest.id)).one()
    with counted_queries() as asked:
        assert client.get(f"/documents/{paper.token}/versions").status_code == 200
    assert len(asked) <= 7

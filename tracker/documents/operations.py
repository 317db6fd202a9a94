"""Taking documents in: first staged by the one who sends them, then attached to the record that they prove."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import events
from tracker.access import Action, require
from tracker.documents.kinds import MIMES, SORTS, Looked, look
from tracker.documents.models import Document
from tracker.documents.queries import staged
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.storage import Storage
from tracker.team.models import User

MOST_BYTES = 50 * 1024 * 1024  # a set of drawings as PDF; larger ones are split
REFUSALS: dict[str, Any] = {
    "empty": _l("the file is empty"),
    "too_large": _l("the file is larger than 50 MB; send a part of it or a smaller PDF"),
    "cut_off": _l("the file is incomplete or damaged; send it again"),
    "macros": _l("office files with macros are not taken; save it without them or as PDF"),
    "old_office": _l("old or locked office files are not taken; save it as DOCX, XLSX, PPTX or PDF without a password"),
    "unknown": _l("this kind of file is not taken; send PDF, Word, Excel, PowerPoint, DWG, DXF or a picture"),
}


def refuse_file(file_name: str, why: str) -> Refused:
    """The refusal of a file, naming it and saying what to do instead."""
    return Refused(_l("%(name)s: %(why)s.", name=printable(file_name), why=REFUSALS[why]))


def stage_document(
    session: Session, storage: Storage, data: bytes, file_name: str, *, by: User, looked: Looked | None = None
) -> Document:
    """Take one file in, or raise Refused naming it; StorageFull, and nothing is stored, where no room is left."""
    if len(data) > MOST_BYTES:
        raise refuse_file(file_name, "too_large")
    looked = looked or look(data)
    if looked.kind not in MIMES:
        raise refuse_file(file_name, looked.why or "unknown")
    token = secrets.token_urlsafe(18)
    document = Document(
        token=token,
        uploader_id=by.id,
        kind=looked.kind,
        file_name=printable(file_name)[-200:] or looked.kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        storage_key=f"documents/{token[:2]}/{token}",
    )
    storage.put(document.storage_key, data)
    session.add(document)
    session.flush()
    return document


def printable(text: str) -> str:
    """A file's name without the folders and control characters that it may smuggle in."""
    return "".join(sign for sign in text if sign.isprintable()).replace("\\", "/").rpartition("/")[2]


def list_staged(session: Session, tokens: Iterable[str], *, by: User) -> Sequence[Document]:
    """The user's own staged documents with these tokens, in the order of upload."""
    wanted = list(tokens)
    if not wanted:
        return []
    mine = (Document.uploader_id == by.id, staged())
    return session.scalars(select(Document).where(Document.token.in_(wanted), *mine).order_by(Document.id)).all()


def attach_documents(session: Session, documents: Sequence[Document], record: Record, *, by: User) -> None:
    """Make staged documents belong to a record: they take its project or lead."""
    for document in documents:
        document.record_id, document.project_id, document.lead_id = record.id, record.project_id, record.lead_id
    session.flush()
    for document in documents:
        told = {"record_id": record.id, "file": document.file_name}
        events.record(session, Kind.DOCUMENT_ADDED, document, by=by, project_id=record.project_id, **told)


def file_document(session: Session, document: Document, project: Project, sort: str, *, by: User) -> None:
    """Put a staged document on a project, without a record: it lies beside the pictures and proves no task."""
    require(by, Action.RECORD_LOG, project)
    document.project_id, document.sort = project.id, _sort(sort)
    session.flush()
    told = {"file": document.file_name, "sort": document.sort}
    events.record(session, Kind.DOCUMENT_ADDED, document, by=by, project_id=project.id, **told)


def sort_document(session: Session, document: Document, sort: str, *, by: User) -> None:
    """Say what a document (all its versions are of one kind, so each is asked for) is."""
    require(by, Action.RECORD_LOG)
    before, document.sort = document.sort, _sort(sort)
    session.flush()
    if before != document.sort:
        changed = {"sort": [before, document.sort]}
        events.record(session, Kind.DOCUMENT_SORTED, document, by=by, project_id=document.project_id, **changed)


def renew_document(session: Session, before: Document, document: Document, *, by: User) -> None:
    """A staged document becomes the new version of one that lies on a project or lead. Those before it stay.

    Of two who send a new version at once one is told that there is one already.
    """
    require(by, Action.RECORD_LOG)
    if before.project_id is None and before.lead_id is None:
        raise Forbidden(_l("Only papers of projects and leads have versions."))
    if before.sha256 == document.sha256:
        raise Invalid("papers", _l("This is the very same file; there is nothing new in it."))
    mine = update(Document).where(Document.id == before.id, Document.newer.is_(False)).values(newer=True)
    if session.execute(mine.returning(Document.id)).first() is None:
        raise Invalid("papers", _l("There is a newer version already; look at it first."))
    document.project_id, document.lead_id, document.sort = before.project_id, before.lead_id, before.sort
    document.previous_id, document.version = before.id, before.version + 1
    session.flush()
    session.refresh(before, ["newer"])
    told = {"file": document.file_name, "version": document.version}
    events.record(session, Kind.DOCUMENT_RENEWED, document, by=by, project_id=document.project_id, **told)


def close_gap(session: Session, document: Document) -> None:
    """A version is purged: the ones before and after it follow each other, and the last that is left is the newest."""
    before, document.previous_id = document.previous_id, None
    session.flush()
    after = session.scalars(select(Document).where(Document.previous_id == document.id)).first()
    if after is not None:
        after.previous_id = before
    elif before is not None:
        session.execute(update(Document).where(Document.id == before).values(newer=False))
    session.flush()


def _sort(text: str) -> str | None:
    if text and text not in SORTS:
        raise Invalid("sort", _l("Choose one of the values in the list."))
    return text or None

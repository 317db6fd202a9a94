"""Taking documents in: first staged by the one who sends them, then attached to the record that they prove."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import events
from tracker.documents.kinds import MIMES, Looked, look
from tracker.documents.models import Document
from tracker.documents.queries import staged
from tracker.errors import Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Record
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

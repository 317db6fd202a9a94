"""Small real documents for the tests, made here."""

from __future__ import annotations

import io
import zipfile

from sqlalchemy.orm import Session

from tracker.documents.models import Document
from tracker.documents.operations import stage_document
from tracker.storage import Storage
from tracker.team.models import User

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DWG = b"AC1032" + bytes(64)
DXF = b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"


def office(part: str = "word/document.xml", *more: str) -> bytes:
    """An office file with this main part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return packed.getvalue()


def make_document(session: Session, storage: Storage, by: User, name: str = "notice.pdf") -> Document:
    """A document that somebody has staged."""
    document = stage_document(session, storage, PDF, name, by=by)
    session.commit()
    return document

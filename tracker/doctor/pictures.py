"""The bytes against the rows: every file that a row names is there; files that no row names are a notice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from tracker.doctor.findings import Finding, Told, notice
from tracker.documents.models import Document
from tracker.gallery.models import Photo, PhotoParcel, Upload
from tracker.gallery.operations import shown_key
from tracker.images import SIZES
from tracker.imports.models import ImportRun
from tracker.storage import Storage

CHUNK = 2000


def examine_pictures(session: Session, storage: Storage, tell: Told) -> Iterator[Finding]:
    """Compare the pictures, documents and imported files with what is stored."""
    stored = set(storage.keys())
    total = session.scalar(select(func.count()).select_from(Photo)) or 0
    rows = select(Photo).where(Photo.purged_at.is_(None)).order_by(Photo.id).options(load_only(Photo.original_key))
    named: set[str] = set()  # pictures of the same bytes share their files
    for done, photo in enumerate(session.scalars(rows.execution_options(yield_per=CHUNK)), start=1):
        for key in (photo.original_key, *(shown_key(photo, str(size)) for size in SIZES)):
            if key not in stored:
                yield Finding(f"photo {photo.id}: {key} is missing")
            named.add(key)
        tell("pictures", done, total)
    stored -= named
    for paper in session.execute(select(Document.id, Document.storage_key).where(Document.purged_at.is_(None))):
        if paper.storage_key not in stored:
            yield Finding(f"document {paper.id}: {paper.storage_key} is missing")
        stored.discard(paper.storage_key)
    for run in session.execute(select(ImportRun.id, ImportRun.file_key, ImportRun.rejected_key)):
        for key in (run.file_key, run.rejected_key):
            if key and key not in stored:
                yield Finding(f"import {run.id}: {key} is missing")
            stored.discard(key)
    for parcel in session.execute(
        select(PhotoParcel.id, PhotoParcel.file_key).where(PhotoParcel.file_key.is_not(None))
    ):
        if parcel.file_key not in stored:
            yield Finding(f"file {parcel.id} of pictures: {parcel.file_key} is missing")
        stored.discard(parcel.file_key)
    coming = tuple(f"uploads/{token}/" for token in session.scalars(select(Upload.token)))
    for key in sorted(key for key in stored if not key.startswith(coming)):
        yield notice(f"media: nothing refers to {key}", key)


def examine_bytes(session: Session, storage: Storage, tell: Told) -> Iterator[Finding]:
    """Read every original and document, and compare it with the hash under which it was taken in."""
    photos = select(Photo.id, Photo.original_key, Photo.sha256).where(Photo.purged_at.is_(None)).order_by(Photo.id)
    papers = select(Document.id, Document.storage_key, Document.sha256).where(Document.purged_at.is_(None))
    for what, query in (("photo", photos), ("document", papers)):
        total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        known: dict[str, str] = {}  # pictures of the same bytes share their file
        for done, (number, key, wanted) in enumerate(session.execute(query.execution_options(yield_per=CHUNK)), 1):
            if key not in known:
                known[key] = _hash(storage, key)
            if known[key] and known[key] != wanted:
                yield Finding(f"{what} {number}: {key} is not what was taken in (its hash differs)")
            tell(f"bytes of {what}s", done, total)


def _hash(storage: Storage, key: str) -> str:
    """The SHA-256 of what is stored; empty where nothing is, which is told elsewhere."""
    try:
        with storage.open(key) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except FileNotFoundError:
        return ""

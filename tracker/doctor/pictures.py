"""The bytes against the rows: every file that a row names is there; files that no row names are a notice."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from tracker.doctor.findings import Finding, Told, notice
from tracker.documents.models import Document
from tracker.gallery.models import Photo, Upload
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
    coming = tuple(f"uploads/{token}/" for token in session.scalars(select(Upload.token)))
    for key in sorted(key for key in stored if not key.startswith(coming)):
        yield notice(f"media: nothing refers to {key}")

"""The bytes against the rows: every file that a row names is there; files that no row names are a notice."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.doctor.findings import Finding, Told, notice
from tracker.gallery.models import Photo
from tracker.gallery.operations import derived_key
from tracker.images import SIZES
from tracker.leads.models import ImportRun
from tracker.storage import Storage

CHUNK = 2000


def examine_pictures(session: Session, storage: Storage, tell: Told) -> Iterator[Finding]:
    """Compare the pictures and the imported files with what is stored."""
    stored = set(storage.keys())
    total = session.scalar(select(func.count()).select_from(Photo)) or 0
    rows = select(Photo.id, Photo.token, Photo.original_key).order_by(Photo.id)
    for done, photo in enumerate(session.execute(rows.execution_options(yield_per=CHUNK)), start=1):
        for key in (photo.original_key, *(derived_key(photo.token, str(size)) for size in SIZES)):
            if key not in stored:
                yield Finding(f"photo {photo.id}: {key} is missing")
            stored.discard(key)
        tell("pictures", done, total)
    for run in session.execute(select(ImportRun.id, ImportRun.file_key, ImportRun.rejected_key)):
        for key in (run.file_key, run.rejected_key):
            if key and key not in stored:
                yield Finding(f"import {run.id}: {key} is missing")
            stored.discard(key)
    for key in sorted(stored):
        yield notice(f"media: nothing refers to {key}")

"""Purging a picture, a document or a record's text: the bytes and words go, row and event stay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.documents.models import Document
from tracker.documents.operations import close_gap
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import purge
from tracker.i18n import _, _l
from tracker.matrix.models import Correction, Record
from tracker.team.models import User

RULE = "G18"  # nothing is deleted; only an administrator purges, with a reason


def purge_photo(session: Session, photo: Photo, *, by: User, reason: str) -> list[str]:
    """Purge a picture; the keys of its bytes, to be deleted once it is committed. Raises AlreadyDone where it is."""
    reason = _reason(by, reason)
    if photo.purged_at is not None:
        raise AlreadyDone(details="/photos")
    keys = purge(photo)
    session.flush()
    events.record(session, Kind.PURGED, photo, by=by, project_id=photo.project_id, what="photo", reason=reason,
                  rules=[RULE])  # fmt: skip
    return keys


def purge_document(session: Session, document: Document, *, by: User, reason: str) -> list[str]:
    """Purge a document with its name, here and in the trail; the key of its bytes, to be deleted once it is committed.

    That it was there, who sent it and what it proved stays. Raises AlreadyDone where it is purged.
    """
    reason = _reason(by, reason)
    if document.purged_at is not None:
        raise AlreadyDone(details="/documents")
    close_gap(session, document)
    document.purged_at, document.file_name, document.sha256 = clock.now(), _("purged by an administrator"), ""
    of_it = (Event.subject == Document.__tablename__, Event.subject_id == document.id)
    for event in session.scalars(select(Event).where(*of_it)):
        event.data = {key: value for key, value in event.data.items() if key != "file"}
    session.flush()
    events.record(session, Kind.PURGED, document, by=by, project_id=document.project_id, what="document",
                  reason=reason, rules=[RULE])  # fmt: skip
    return [document.storage_key]


def purge_text(session: Session, record: Record, *, by: User, reason: str) -> None:
    """Purge a record's text and next step, with all that corrections kept of it, here and in the trail."""
    reason = _reason(by, reason)
    record.text, record.next_step = _("The text was purged by an administrator."), None
    for correction in session.scalars(select(Correction).where(Correction.record_id == record.id)):
        correction.before, correction.reason = {}, ""
    of_it = (Event.subject == Record.__tablename__, Event.subject_id == record.id)
    for event in session.scalars(select(Event).where(*of_it, Event.kind == Kind.RECORD_CORRECTED)):
        kept: dict[str, Any] = {key: value for key, value in event.data.items() if key not in ("before", "reason")}
        event.data = kept
    session.flush()
    events.record(session, Kind.PURGED, record, by=by, project_id=record.project_id, what="record", reason=reason,
                  rules=[RULE])  # fmt: skip


def _reason(by: User, reason: str) -> str:
    require(by, Action.PURGE)
    if not reason.strip():
        raise Invalid("reason", _l("Say why it must not be kept."))
    return reason.strip()[:300]

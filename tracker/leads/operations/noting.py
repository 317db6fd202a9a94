"""What was done on a lead."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import Action, require
from tracker.calendar.operations.keeping import keep_plan
from tracker.documents.operations import attach_documents
from tracker.documents.operations import list_staged as staged_documents
from tracker.errors import Invalid
from tracker.gallery.operations import attach_photos, claim_staged
from tracker.i18n import _l
from tracker.leads.models import Lead
from tracker.leads.operations.answering import mark_answered
from tracker.leads.operations.capturing import FOLDER, add_record, check_open
from tracker.leads.operations.evidence import settle_evidence
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Record
from tracker.matrix.operations import submissions
from tracker.team.models import User


def note_on_lead(
    session: Session,
    lead: Lead,
    *,
    by: User,
    kind: str,
    on: date,
    text: str,
    photos: tuple[str, ...] = (),
    documents: tuple[str, ...] = (),
    token: str | None = None,
    keeps: int | None = None,
) -> Record:
    """Log what was done on a lead, with pictures and documents; a located picture gives the lead its place.

    A new lead is being followed from then on, and its owner has answered. `keeps`: the plan that is kept by it.
    Raises AlreadyDone when the same form was sent before.
    """
    require(by, Action.RECORD_LOG)
    check_open(lead)
    submission = submissions.claim_page(session, token, by, FOLDER)
    if not text.strip():
        raise Invalid("text", _l("One sentence, please: what happened?"))
    if on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    if kind not in current_definition().picklist("activity_kinds").keys:
        raise Invalid("kind", _l("Choose what kind of work it was."))
    record = add_record(session, lead, by, kind, on, text.strip())
    mark_answered(lead)
    if lead.state == "new":
        lead.state = "following"
    taken = attach_photos(session, claim_staged(session, photos, by=by), record, by=by)
    attach_documents(session, staged_documents(session, documents, by=by), record, by=by)
    located = next((photo for photo in taken if photo.latitude is not None), None)
    if lead.latitude is None and located is not None:
        lead.latitude, lead.longitude = located.latitude, located.longitude
    settle_evidence(session, lead)
    submissions.remember(session, submission, lead.id)
    keep_plan(session, keeps, record, by=by)
    return record

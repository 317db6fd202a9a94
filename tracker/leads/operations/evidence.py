"""Whether a lead has the evidence that its source demands. `owes_evidence` has one writer: `settle_evidence`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.documents.models import Document
from tracker.errors import Invalid
from tracker.gallery.models import Photo
from tracker.i18n import _l
from tracker.leads.models import Lead, LeadContact
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Record
from workflows.lead_sources import Brought, Demand, demand_of

FIELDS = {"photo": "photos", "document": "documents", "contact": "informant_name", "note": "note"}
"""In which field of the form each kind of evidence is missed."""
WANTED: dict[str, Any] = {
    "photo": _l(
        "This source demands a photo of the notice board with its place: take it there, or add the photo and press "
        "“I am there now”."
    ),
    "document": _l("This source demands its document: attach the notice as PDF, or a screenshot of it."),
    "contact": _l("This source demands the person who told us: write the name and the firm."),
    "note": _l("This source demands a sentence: who asked or said what?"),
}
NO_PLACE = _l("The photo does not say where it was taken. Press “I am there now”, or write the place.")


def require_evidence(demand: Demand, brought: Brought) -> None:
    """Raise Invalid, saying what is missing and how to bring it, where the evidence is not there."""
    if demand.met_by(brought):
        return
    unplaced = demand.evidence == "photo" and brought.photos
    raise Invalid(FIELDS[demand.evidence], NO_PLACE if unplaced else WANTED[demand.evidence])


def settle_evidence(session: Session, lead: Lead) -> None:
    """Write whether the lead still owes the evidence of its source, from what is on it."""
    session.flush()
    lead.owes_evidence = not demand_of(current_definition(), lead.source).met_by(brought_to(session, lead))
    session.flush()


def brought_to(session: Session, lead: Lead) -> Brought:
    """What there is on a lead, in one question."""
    there: list[Any] = [exists().where(model.lead_id == lead.id) for model in (Photo, Document, LeadContact)]
    there.append(exists().where(Record.lead_id == lead.id, Record.is_plan.is_(False)))
    photos, documents, people, records = session.execute(select(*there)).one()
    return Brought(photos, lead.latitude is not None, documents, people, bool(lead.note) or records)

"""What some of the demo's leads know beyond the plain facts: people, other names, materials, and a notice as PDF."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.demo.chronicle import Chronicle
from tracker.documents.operations import stage_document
from tracker.events import Kind
from tracker.leads.models import Lead, LeadCategory, LeadContact
from tracker.matrix.models import Record
from tracker.parties.models import Contact
from tracker.projects.models import SiteName
from tracker.storage import Storage
from tracker.team.models import User

EVERY = 3  # of the leads with a developer and an owner know more
MATERIALS = (("tiles", "sanitary_ware"), ("gypsum_board", "interior_coating"), ("lighting",))
PROMOTED = ("云上里", "江山赋", "锦澜府", "望湖境", "春和里")


def enrich_leads(session: Session, storage: Storage, chronicle: Chronicle) -> None:
    """Give every third lead that somebody works on people, another name, materials, dates and a paper."""
    worked = select(Lead).where(Lead.developer_id.is_not(None), Lead.owner_id.is_not(None), Lead.project_id.is_(None))
    for number, lead in enumerate(session.scalars(worked.order_by(Lead.id)).all()[::EVERY]):
        by = session.get_one(User, lead.owner_id)
        lead.starts_on = lead.found_on + timedelta(days=120 + number)
        for category in MATERIALS[number % len(MATERIALS)]:
            session.add(LeadCategory(lead_id=lead.id, category=category))
        _person(session, chronicle, lead)
        name = PROMOTED[number % len(PROMOTED)] + f"{number // len(PROMOTED) + 1}期"
        session.add(SiteName(lead_id=lead.id, kind="promotion", name=name, by_id=by.id, at=lead.created_at))
        chronicle.note(Kind.SITE_NAMED, lead, lead.created_at, by.id, name=name, name_kind="promotion")
        _paper(session, storage, chronicle, lead, by)
    session.flush()


def _person(session: Session, chronicle: Chronicle, lead: Lead) -> None:
    there = select(Contact).where(Contact.party_id == lead.developer_id).order_by(Contact.id).limit(1)
    contact = session.scalars(there).first()
    if contact is not None:
        session.add(LeadContact(lead_id=lead.id, contact_id=contact.id, role="influencer"))
        told: dict[str, Any] = {"contact_id": contact.id, "contact": contact.name}
        chronicle.note(Kind.CONTACT_JOINED, lead, lead.created_at, lead.owner_id, **told)


def _paper(session: Session, storage: Storage, chronicle: Chronicle, lead: Lead, by: User) -> None:
    """A notice on the lead's first record, where it has one."""
    record = session.scalars(select(Record).where(Record.lead_id == lead.id).order_by(Record.id).limit(1)).first()
    if record is None:
        return
    paper = stage_document(session, storage, _notice(lead), f"notice-{lead.id}.pdf", by=by)
    paper.lead_id, paper.record_id, paper.uploaded_at = lead.id, record.id, record.entered_at
    session.flush()
    told: dict[str, Any] = {"record_id": record.id, "file": paper.file_name}
    chronicle.note(Kind.DOCUMENT_ADDED, paper, record.entered_at, by.id, **told)
    lead.owes_evidence = False if lead.source in ("media_land", "planning_permit") else lead.owes_evidence


def _notice(lead: Lead) -> bytes:
    """A one-page PDF that says which plot it is about, in Latin letters."""
    shown = f"Notice no. {lead.id} of {lead.found_on:%Y-%m-%d} - plot {lead.plot_number or 'not numbered'}"
    drawn = f"BT /F1 16 Tf 60 760 Td ({shown}) Tj ET".encode("ascii", "replace")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end

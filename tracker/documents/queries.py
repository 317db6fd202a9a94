"""Reads about documents. The user comes first; a document of what he may not see does not exist."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.documents.models import Document
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.team.models import User


def get_document(session: Session, by: User, token: str) -> Document:
    """One document by its token: of what the user sees, or staged by himself; or NotFound."""
    own = and_(Document.uploader_id == by.id, staged())
    found = session.scalar(select(Document).where(Document.token == token, or_(visible(Document, by), own)))
    if found is None:
        raise NotFound
    return found


def staged() -> ColumnElement[bool]:
    """The condition that a document belongs to nothing yet."""
    sites = (Document.record_id, Document.project_id, Document.lead_id)
    firms = (Document.agreement_id, Document.share_id, Document.dealer_id, Document.registration_note_id)
    others = (Document.reward_id, Document.occasion_id)
    return and_(*(home.is_(None) for home in (*sites, *firms, *others)))


def documents_asked(by: User, *, project_id: int | None = None) -> Select[Document]:
    """The documents the user sees, newest first."""
    query = select(Document).where(visible(Document, by)).order_by(Document.id.desc())
    return query if project_id is None else query.where(Document.project_id == project_id)


def list_documents(
    session: Session, by: User, *, project_id: int | None = None, page: int = 1, size: int = 60
) -> Page[Document]:
    """A page of documents, with project and who sent them."""
    query = documents_asked(by, project_id=project_id)
    return page_of(session, query.options(joinedload(Document.project), joinedload(Document.uploader)), page, size)

"""Reads about documents. The user comes first; a document of what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence

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


def documents_asked(by: User, *, project_id: int | None = None, sort: str = "") -> Select[Document]:
    """The documents the user sees, of each its newest version, newest first."""
    query = select(Document).where(visible(Document, by), Document.newer.is_(False)).order_by(Document.id.desc())
    query = query if not sort else query.where(Document.sort == sort)
    return query if project_id is None else query.where(Document.project_id == project_id)


def list_documents(
    session: Session, by: User, *, project_id: int | None = None, sort: str = "", page: int = 1, size: int = 60
) -> Page[Document]:
    """A page of documents, with project and who sent them."""
    query = documents_asked(by, project_id=project_id, sort=sort)
    return page_of(session, query.options(*_WHOLE), page, size)


_WHOLE = (joinedload(Document.project), joinedload(Document.uploader))
_MOST_VERSIONS = 200


def list_versions(session: Session, by: User, document: Document) -> Sequence[Document]:
    """All versions of a document that the user sees, the newest first, with who sent them."""
    chain = select(Document.id, Document.previous_id).where(Document.id == document.id).cte("chain", recursive=True)
    linked = or_(Document.id == chain.c.previous_id, Document.previous_id == chain.c.id)
    chain = chain.union(select(Document.id, Document.previous_id).join(chain, linked))
    query = select(Document).where(Document.id.in_(select(chain.c.id)), visible(Document, by))
    return session.scalars(query.options(*_WHOLE).order_by(Document.version.desc()).limit(_MOST_VERSIONS)).all()

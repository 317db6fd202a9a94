"""Reads of suggestions. The user comes first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.suggestions.models import Suggestion
from tracker.team.models import User

_WHOLE = (joinedload(Suggestion.by), joinedload(Suggestion.team), joinedload(Suggestion.answered_by))


def suggestions_asked(by: User, which: str = "open") -> Select[Suggestion]:
    """Those the user sees: open, or all, the newest first."""
    query = select(Suggestion).where(visible(Suggestion, by)).order_by(Suggestion.id.desc()).options(*_WHOLE)
    return query.where(Suggestion.state == "open") if which == "open" else query


def list_suggestions(session: Session, by: User, which: str = "open", page: int = 1) -> Page[Suggestion]:
    """A page of them."""
    return page_of(session, suggestions_asked(by, which), page)


def list_of(session: Session, by: User, person: User, limit: int = 5) -> Sequence[Suggestion]:
    """The newest of one person."""
    query = suggestions_asked(by, "all").where(Suggestion.by_id == person.id).limit(limit)
    return session.scalars(query).all()


def get_suggestion(session: Session, by: User, suggestion_id: int) -> Suggestion:
    """One, or NotFound."""
    query = select(Suggestion).where(Suggestion.id == suggestion_id, visible(Suggestion, by)).options(*_WHOLE)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found

"""Suggesting something to management, and answering it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import is_dealer
from tracker.access.actions import REASONS, Action
from tracker.access.of_annotations import answers_suggestion
from tracker.errors import Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.suggestions.models import Suggestion
from tracker.team.models import User

LONGEST = 4000
ANSWERS = ("taken_up", "declined")


def suggest(session: Session, text: str, *, by: User) -> Suggestion:
    """Anybody of ours suggests; management of his part of the company reads it."""
    if is_dealer(by):
        raise Forbidden()
    said = _said(text)
    row = Suggestion(by_id=by.id, team_id=by.team_id, text=said, at=clock.now())
    session.add(row)
    session.flush()
    events.record(session, Kind.SUGGESTED, row, by=by, text=said[:300])
    return row


def answer_suggestion(session: Session, suggestion: Suggestion, state: str, text: str, *, by: User) -> None:
    """Take it up or decline it (`team` loaded), with a sentence; once."""
    if not answers_suggestion(by, suggestion):
        raise Forbidden(REASONS[Action.SUGGESTION_ANSWER])
    if suggestion.state != "open":
        raise Refused(_l("This was answered already."))
    if state not in ANSWERS:
        raise Invalid("state", _l("Choose one of the values in the list."))
    suggestion.answer, suggestion.state = _said(text), state
    suggestion.answered_by_id, suggestion.answered_at = by.id, clock.now()
    session.flush()
    events.record(session, Kind.SUGGESTION_ANSWERED, suggestion, by=by, state=state, answer=suggestion.answer[:300])


def _said(text: str) -> str:
    said = text.strip()
    if not said:
        raise Invalid("text", _l("Please fill this in."))
    if len(said) > LONGEST:
        raise Invalid("text", _l("At most %(max)d characters, please.", max=LONGEST))
    return said

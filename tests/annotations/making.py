"""What the tests of annotations set up."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.matrix.making import as_seen, draft
from tracker.annotations.models import Annotation
from tracker.annotations.operations import Words, annotate
from tracker.annotations.queries import get_annotation
from tracker.annotations.things import get_thing
from tracker.matrix.models import Record
from tracker.matrix.operations.records import log_record
from tracker.notifications.operations.letters import Mailing
from tracker.team.models import User


def visited(session: Session, by: User, name: str = "Riverside Tower") -> Record:
    """A visit that somebody logged on a project of his own."""
    project = make_project(session, by, name=name)
    record = log_record(session, as_seen(session, by, project), draft(), by=by).record
    session.commit()
    return record


def said(
    session: Session,
    on: str,
    row: Any,
    *,
    by: User,
    to: User,
    text: str = "Who decides there?",
    kind: str = "ask",
    mailing: Mailing | None = None,
) -> Annotation:
    """Something said about a thing, committed and read again as its reader's page would."""
    thing = get_thing(session, by, on, str(row.token if on == "photo" else row.id))
    made = annotate(session, thing, Words(kind, text, to.id), by=by, mailing=mailing)
    session.commit()
    return get_annotation(session, by, made.id)

"""Conflicts: one, those of a registration, the facts of both sides, the orders of the arbitration, like cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import visible
from tracker.accounts.models import FrameAgreement
from tracker.dealers.models import Dealer
from tracker.documents.models import Document
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.registrations.models import Conflict, RegisterEntry, Registration, RegistrationNote
from tracker.team.models import User
from workflows.registering import Side, Step, weigh

MOST = 200
LIKE = 5
_SIDES = (
    joinedload(Conflict.registration).joinedload(Registration.dealer).joinedload(Dealer.party),
    joinedload(Conflict.other).joinedload(Registration.dealer).joinedload(Dealer.party),
    joinedload(Conflict.project).joinedload(Project.team),
    joinedload(Conflict.ruled_by),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is on record for one side of a conflict: on which day, what kind of thing, what it says."""

    on: date
    side: str
    kind: str
    text: str
    note: RegistrationNote | None = None


@dataclass(frozen=True, slots=True)
class LikeCase:
    """An earlier case as anybody may read it: what was built, which order decided, for which kind of side."""

    kind: str | None
    between_dealers: bool
    order_key: str
    winner: str
    shares: dict[str, Any]


def get_conflict(session: Session, by: User, conflict_id: int) -> Conflict:
    """One conflict with both sides, or NotFound."""
    query = select(Conflict).where(Conflict.id == conflict_id, visible(Conflict, by)).options(*_SIDES)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_conflicts(session: Session, by: User, registration: Registration) -> Sequence[Conflict]:
    """The conflicts of a registration, the newest first."""
    mine = (Conflict.registration_id == registration.id) | (Conflict.other_id == registration.id)
    query = select(Conflict).where(visible(Conflict, by), mine).options(*_SIDES).order_by(Conflict.id.desc())
    return session.scalars(query.limit(MOST)).all()


def list_open_conflicts(session: Session, by: User) -> Sequence[Conflict]:
    """All that are open, whole, by the day their ruling is due."""
    query = select(Conflict).where(visible(Conflict, by), Conflict.state.in_(("open", "appealed"))).options(*_SIDES)
    return session.scalars(query.order_by(Conflict.rule_by, Conflict.id).limit(MOST)).all()


def load_steps(session: Session, conflict: Conflict) -> Sequence[Step]:
    """The orders of the arbitration, applied to what is on record now."""
    registration = session.get_one(Registration, conflict.registration_id)
    notes = session.scalars(select(RegistrationNote).where(RegistrationNote.conflict_id == conflict.id)).all()
    one = _side_of_registration(registration, [n for n in notes if n.registration_id == registration.id])
    if conflict.project_id is not None:
        project = session.get_one(Project, conflict.project_id)
        kinds = tuple(note.what or "" for note in notes if note.registration_id is None)
        framed = bool(project.frame_agreement) and _runs(session, project.frame_agreement or "")
        other = Side(framed, "wish" in kinds, clock.local(project.created_at).date(), False, kinds)
    else:
        assert conflict.other_id is not None
        rival = session.get_one(Registration, conflict.other_id)
        other = _side_of_registration(rival, [n for n in notes if n.registration_id == rival.id])
    return weigh(one, other)


def _side_of_registration(registration: Registration, notes: Sequence[RegistrationNote]) -> Side:
    kinds = tuple(note.what or "" for note in notes)
    since = clock.local(registration.submitted_at).date() if registration.submitted_at else None
    return Side(False, "wish" in kinds, since, since is None, kinds)


def _runs(session: Session, number: str) -> bool:
    """Whether the agreement that a project names holds; one that nobody entered is taken at its word."""
    found = session.scalar(select(FrameAgreement).where(FrameAgreement.number == number))
    return found is None or found.valid_from <= clock.today() <= found.last_day


def list_facts(session: Session, by: User, conflict: Conflict) -> Sequence[Fact]:
    """What is on record of both sides, as far as the reader may see it, in the order of its days."""
    found: list[Fact] = []
    note, entry = RegistrationNote, RegisterEntry
    sides = {conflict.registration_id: "registration"}
    if conflict.other_id is not None:
        sides[conflict.other_id] = "other"
    entries = select(entry).where(entry.registration_id.in_(sides), visible(entry, by)).order_by(entry.id).limit(MOST)
    for line in session.scalars(entries):
        found.append(Fact(clock.local(line.at).date(), sides[line.registration_id], line.deed, ""))
    notes = select(note).where((note.registration_id.in_(sides)) | (note.conflict_id == conflict.id), visible(note, by))
    files = (selectinload(note.photos), selectinload(note.documents), joinedload(note.by))
    for one in session.scalars(notes.order_by(note.id).limit(MOST).options(*files)):
        side = sides[one.registration_id] if one.registration_id else "other"
        found.append(Fact(one.on, side, one.what or one.kind, one.text, one))
    if conflict.project_id is not None:
        found += _of_project(session, by, conflict.project_id)
    return sorted(found, key=lambda fact: fact.on)


def _of_project(session: Session, by: User, project_id: int) -> list[Fact]:
    """What the direct side has on record: its opening, visits and talks, the days of its pictures, its papers."""
    project = session.scalar(select(Project).where(Project.id == project_id, visible(Project, by)))
    if project is None:
        return []
    found = [Fact(clock.local(project.created_at).date(), "other", "opened", project.name)]
    records = select(Record).where(Record.project_id == project_id, visible(Record, by), Record.is_plan.is_(False))
    for record in session.scalars(records.order_by(Record.happened_on.desc(), Record.id.desc()).limit(MOST)):
        found.append(Fact(record.happened_on, "other", record.kind, record.text))
    pictures = select(Photo.taken_at).where(
        Photo.project_id == project_id, visible(Photo, by), Photo.taken_at.is_not(None)
    )
    for day in sorted({clock.local(at).date() for at in session.scalars(pictures.limit(MOST)) if at}):
        found.append(Fact(day, "other", "photo", ""))
    papers = select(Document.uploaded_at, Document.file_name).where(
        Document.project_id == project_id, visible(Document, by), Document.newer.is_(False)
    )
    for at, name in session.execute(papers.order_by(Document.id.desc()).limit(MOST)):
        found.append(Fact(clock.local(at).date(), "other", "document", name))
    return found


def list_like_cases(session: Session, conflict: Conflict) -> Sequence[LikeCase]:
    """Earlier rulings between the same kinds of sides, without names, places, days or words; the newest first."""
    between = conflict.project_id is None
    same = Conflict.project_id.is_(None) if between else Conflict.project_id.is_not(None)
    query = (
        select(Registration.kind, Conflict.order_key, Conflict.winner, Conflict.shares)
        .join(Registration, Registration.id == Conflict.registration_id)
        .where(same, Conflict.id != conflict.id, Conflict.state.in_(("ruled", "final")))
        .order_by(Conflict.id.desc())
        .limit(LIKE)
    )
    return [
        LikeCase(
            kind,
            between,
            order or "",
            winner or "",
            {key: shares[key] for key in ("registration", "other") if key in shares},
        )
        for kind, order, winner, shares in session.execute(query)
    ]

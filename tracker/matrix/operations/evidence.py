"""Handing in what proves a task or an exit criterion, and what follows from the proof of a signed contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.documents.models import Document
from tracker.gallery.models import Photo
from tracker.matrix.facts import OWN_TASK
from tracker.matrix.models import Evidence, OwnTask, Record
from tracker.matrix.operations.judging import facts_of, judge
from tracker.matrix.operations.moves import Proof
from tracker.projects.circle import list_lines
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import GiveEvidence, is_met, transition
from workflows.facts import ProjectFacts

ON_PAPER = frozenset({"photo", "document", "quote", "sample"})  # kinds of evidence that a picture can show
PAPERS = frozenset({"document", "quote"})  # those that a file can be itself


def proof_of(photos: Sequence[Photo], stated_on: date | None) -> Proof:
    """The strongest proof of progress: the newest picture with a date of its own, else what the user states."""
    dated = [photo for photo in photos if photo.taken_at is not None and photo.taken_from in ("exif", "browser")]
    if dated:
        newest = max(dated, key=lambda photo: photo.taken_at)  # type: ignore[arg-type, return-value]
        assert newest.taken_at is not None
        return Proof(clock.local(newest.taken_at).date(), newest.taken_from, True)
    return Proof(stated_on, "stated" if stated_on else None, bool(photos))


def give_evidence(
    session: Session,
    definition: Definition,
    facts: ProjectFacts,
    record: Record,
    targets: Sequence[str],
    photos: Sequence[Photo],
    papers: Sequence[Document],
    met: bool,
    by: User,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Hand in the record as evidence; returns the targets closed, and among them those closed weakly (G19)."""
    dated = proof_of(photos, None).on or record.happened_on
    weak, rows = [], []
    for target in targets:
        wanted = wanted_evidence(definition, facts, target)
        kind = _kind_of(wanted, bool(photos), bool(papers), met)
        decision = judge(definition, facts, GiveEvidence(target, kind, dated))
        if decision.fired:
            weak.append(target)
        rows.append(
            {
                "project_id": record.project_id,
                "record_id": record.id,
                "target": target,
                "kind": kind,
                "dated_on": dated if kind == "photo" else record.happened_on,
                "recorded_on": clock.today(),
                "by_id": by.id,
            }
        )
    if rows:
        session.execute(insert(Evidence), rows)  # in one statement, however many it proves
    return tuple(targets), tuple(weak)


def wanted_evidence(definition: Definition, facts: ProjectFacts, target: str) -> str:
    """The kind of evidence that a task, a criterion, or a task that a user added, asks for."""
    if target.startswith(OWN_TASK):
        return next(task.evidence for task in facts.own_tasks if task.id == target)
    return definition.task(target).evidence if target.startswith("T.") else definition.exit(target).evidence


def own_task_targets(session: Session, project: Project) -> set[str]:
    """The targets of the tasks that users added and nobody dropped."""
    query = select(OwnTask.id).where(OwnTask.project_id == project.id, OwnTask.dropped_at.is_(None))
    return {f"{OWN_TASK}{number}" for number in session.scalars(query)}


def sign(session: Session, project: Project, text: str, wins: Sequence[str], by: User) -> None:
    """The contract is signed: what it covers is won, and the project with it."""
    from tracker.projects.operations.lifecycle import note_result, note_state

    definition, facts = facts_of(session, project)
    if not is_met(definition, facts, definition.proving("signed"), clock.today()):
        return  # the proof is weak
    main = facts.main_category
    covered = set(wins) or ({main.key} if main else set())
    for line in list_lines(session, project):
        if line.result == "open" and line.category in covered:
            note_result(session, project, line, "won", by=by, reason=text)
    if transition(definition, project.state, "won") is not None:
        note_state(session, project, "won", by=by, reason=text)


def _kind_of(wanted: str, has_photo: bool, has_paper: bool, has_contact: bool) -> str:
    """What this record is as evidence: the paper itself, or a picture of it or of the sample; otherwise a note."""
    if (wanted in ON_PAPER and has_photo) or (wanted in PAPERS and has_paper):
        return wanted
    if wanted == "contact" and has_contact:
        return wanted
    return "note"

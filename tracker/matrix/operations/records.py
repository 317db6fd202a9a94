"""Logging what was done in a cell, and correcting it with a trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, may, require, visible
from tracker.calendar.operations.keeping import keep_plan
from tracker.documents.operations import attach_documents, list_staged
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused, Stale
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import attach_photos, claim_staged, state_facts
from tracker.i18n import _l
from tracker.matrix.facts import OWN_TASK
from tracker.matrix.models import Approval, Correction, Record, RecordContact, RecordHint
from tracker.matrix.operations import submissions
from tracker.matrix.operations.evidence import give_evidence, own_task_targets, proof_of, sign
from tracker.matrix.operations.judging import enforce, facts_of, judge, plain
from tracker.matrix.operations.moves import move_step
from tracker.matrix.operations.refreshing import refresh
from tracker.parties.models import Contact
from tracker.parties.operations import use_contact, use_party
from tracker.projects.models import Building, Project, ProjectContact
from tracker.team.models import User
from workflows.definition import Definition
from workflows.engine import Decision
from workflows.facts import ProjectFacts
from workflows.wishes import LogRecord

PRESSED_AGAIN = timedelta(minutes=15)
LONGEST = 10_000  # characters of a record's text


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """What somebody wants to log. `closes` holds task ids (T.…) and exit criterion ids (X.…) this is evidence for;
    `met` the ids of contacts; `photos` and `documents` the tokens of uploaded files; `progress` an observed step.
    `new_contact_…` name somebody met who is not known yet. `lot_purpose` and `lot_amount` (CNY) are of a small lot that
    goes before the contract; `wins` are the categories a signed contract covers (none named:
    the main one); `keeps` is the plan that it keeps."""

    phase: str
    step: str
    kind: str
    on: date
    text: str
    building_id: int | None = None
    is_plan: bool = False
    hints: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    met: tuple[int, ...] = ()
    new_contact_name: str | None = None
    new_contact_firm: str | None = None
    new_contact_post: str | None = None
    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    next_step: str | None = None
    next_on: date | None = None
    progress: str | None = None
    progress_on: date | None = None
    floor: int | None = None
    reason_key: str | None = None
    reason: str | None = None
    token: str | None = None
    lot_purpose: str | None = None
    lot_amount: Decimal | None = None
    wins: tuple[str, ...] = ()
    keeps: int | None = None

    def wish(self, by: User) -> LogRecord:
        """The record as the engine judges it."""
        return LogRecord(
            self.phase,
            self.step,
            self.on,
            self.kind,
            by.department or "",
            self.is_plan,
            small_lot=bool(self.lot_purpose),
            reason=self.reason,
            closes=self.closes,
            lot_purpose=self.lot_purpose or "",
            amount=self.lot_amount,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept with a request for approval."""
        return {key: plain(value) for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> RecordDraft:
        """The draft that `to_json` kept."""
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        for key in ("on", "next_on", "progress_on"):
            if given.get(key):
                given[key] = date.fromisoformat(given[key])
        if given.get("lot_amount"):
            given["lot_amount"] = Decimal(given["lot_amount"])
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Logged:
    """A record that was logged, with the engine's decisions: on the record itself and on the observed progress."""

    record: Record
    decision: Decision
    progress: Decision | None = None
    closed: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


def log_record(
    session: Session, project: Project, draft: RecordDraft, *, by: User, approval: Approval | None = None
) -> Logged:
    """Log a record in a cell with its pictures, evidence and observed progress: all of it or nothing.

    Raises Blocked when a rule stands in the way, AlreadyDone when the same form was sent before.
    """
    require(by, Action.RECORD_LOG, project)
    submission = submissions.claim(session, draft.token, by)
    definition, facts = facts_of(session, project)
    draft = _introduced(session, _checked(session, definition, project, facts, draft, by), by)
    staged = claim_staged(session, draft.photos, by=by)
    papers = list_staged(session, draft.documents, by=by)
    if not staged and not papers and approval is None:
        _not_again(session, project, draft, by)
    wish = draft.wish(by)
    decision = judge(definition, facts, wish, granted=approval is not None)
    enforce(decision, wish)
    record = _add(session, project, draft, by, late="late_entry" in decision.marks)
    photos = attach_photos(session, staged, record, by=by)
    attach_documents(session, papers, record, by=by)
    state_facts(photos, clock.at_noon(draft.on), place_of(project))
    moved = None if draft.is_plan else _observe(session, project, draft, photos, by=by)
    closed, weak = give_evidence(
        session, definition, facts, record, () if draft.is_plan else draft.closes, photos, papers, bool(draft.met), by
    )
    _meet(session, project, draft)
    refresh(session, project)
    if definition.proving("signed") in closed:
        sign(session, project, draft.text, draft.wins, by)
    submissions.remember(session, submission, record.id)
    keep_plan(session, draft.keeps, record, by=by)
    events.record(
        session,
        Kind.RECORD_LOGGED,
        record,
        by=by,
        project_id=project.id,
        cell=f"{record.phase}/{record.step}",
        record_kind=record.kind,
        closed=list(closed),
        weak=list(weak),
        photos=len(photos),
        progress=draft.progress if moved else None,
        floor=None if draft.is_plan else draft.floor,
        marks=list(moved.marks) if moved else [],
        rules=[fired.rule_id for judged in (decision, moved) if judged for fired in judged.fired],
    )
    return Logged(record, decision, moved, closed, weak)


_SAME = ("phase", "step", "kind", "is_plan", "text", "next_on")
_SAME_RECORD = select(Record.id).where(
    Record.author_id == bindparam("author"),
    Record.happened_on == bindparam("day"),
    Record.project_id == bindparam("project"),
    Record.entered_at >= bindparam("since"),
    *(getattr(Record, name).is_not_distinct_from(bindparam(name)) for name in _SAME),
)


def _not_again(session: Session, project: Project, draft: RecordDraft, by: User) -> None:
    """AlreadyDone where the author logged the very same a moment ago: he went back in the browser and pressed again.

    The form he finds there has a token of its own, so that the token does not tell. New pictures, proof, progress or
    plans make a new record.
    """
    wanted = {name: getattr(draft, name) for name in _SAME}
    asked = {"author": by.id, "day": draft.on, "project": project.id, "since": clock.now() - PRESSED_AGAIN, **wanted}
    for record_id in session.scalars(_SAME_RECORD, asked):
        told = select(Event.data).where(Event.subject == Record.__tablename__, Event.subject_id == record_id)
        data = session.scalars(told.where(Event.kind == Kind.RECORD_LOGGED)).first() or {}
        before = tuple(data.get(name) for name in ("closed", "progress", "floor", "photos"))
        if before == (list(draft.closes), draft.progress, draft.floor, len(draft.photos)):
            raise AlreadyDone(details=record_id)


def _checked(
    session: Session, definition: Definition, project: Project, facts: ProjectFacts, draft: RecordDraft, by: User
) -> RecordDraft:
    """The draft with everything in it known; what the user may not use is refused by name."""
    text = draft.text.strip()
    if not text:
        raise Invalid("text", _l("One sentence, please: what happened?"))
    if len(text) > LONGEST:
        raise Invalid("text", _l("That is too long for one record. Attach long texts as a document."))
    if draft.kind not in {kind.key for kind in definition.record_kinds}:
        raise Invalid("kind", _l("Choose what kind of work it was."))
    if (draft.phase not in definition.phase_index) or (draft.step not in definition.step_index):
        raise Invalid("cell", _l("There is no such cell in the matrix."))
    if draft.progress and draft.progress not in definition.step_index:
        raise Invalid("progress", _l("Choose the construction step that you saw."))
    if draft.building_id is not None and draft.building_id not in {building.id for building in facts.buildings}:
        raise Invalid("building_id", _l("This building belongs to another project."))
    met = select(Contact.id).where(Contact.id.in_(draft.met), visible(Contact, by))
    allowed = set(session.scalars(met)) if draft.met else set()
    cell = definition.cell(draft.phase, draft.step)
    hints = {hint.id for hint in cell.hints}
    known = {task.id for task in cell.tasks} | {criterion.id for p in definition.phases for criterion in p.exit}
    known |= {task.id for other in definition.cells for task in other.tasks}
    known |= (
        own_task_targets(session, project) if any(target.startswith(OWN_TASK) for target in draft.closes) else set()
    )
    return replace(
        draft,
        text=text,
        hints=tuple(dict.fromkeys(hint for hint in draft.hints if hint in hints)),
        closes=tuple(dict.fromkeys(target for target in draft.closes if target in known)),
        met=tuple(dict.fromkeys(contact for contact in draft.met if contact in allowed)),
    )


def _introduced(session: Session, draft: RecordDraft, by: User) -> RecordDraft:
    """The draft in which somebody newly met is a contact like the others; a new firm is made of its name."""
    name, firm = ((text or "").strip() for text in (draft.new_contact_name, draft.new_contact_firm))
    if not name and not firm:
        return draft
    if not name:
        raise Invalid("new_contact_name", _l("Say whom you met at this firm."))
    if not firm:
        raise Invalid("new_contact_firm", _l("Say which firm this person works at."))
    party = use_party(session, firm, "owner", by=by)
    post = (draft.new_contact_post or "").strip()[:80] or None
    contact = use_contact(session, party, name[:80], by=by, post=post)
    return replace(draft, met=tuple(dict.fromkeys((*draft.met, contact.id))))


def _add(session: Session, project: Project, draft: RecordDraft, by: User, late: bool) -> Record:
    record = Record(
        project_id=project.id,
        building_id=draft.building_id,
        phase=draft.phase,
        step=draft.step,
        kind=draft.kind,
        department=by.department,
        author_id=by.id,
        happened_on=draft.on,
        text=draft.text,
        is_plan=draft.is_plan,
        late_entry=late,
        next_step=(draft.next_step or "").strip()[:300] or None,
        next_on=draft.next_on,
    )
    session.add(record)
    session.flush()
    session.add_all(RecordHint(record_id=record.id, hint_id=hint) for hint in draft.hints)
    session.add_all(RecordContact(record_id=record.id, contact_id=contact) for contact in draft.met)
    return record


def place_of(project: Project) -> tuple[float, float] | None:
    """Where the project stands (WGS-84 degrees), if anybody said so: who logs a visit states to have been there."""
    if project.latitude is None or project.longitude is None:
        return None
    return project.latitude, project.longitude


def _observe(
    session: Session, project: Project, draft: RecordDraft, photos: Sequence[Photo], *, by: User
) -> Decision | None:
    """Report the construction step that was seen; where it is the known one, the floor reached in it."""
    if draft.progress is None and draft.floor is None:
        return None
    building = _building(session, project, draft)
    if draft.progress in (None, building.step):
        require(by, Action.STEP_MOVE)
        building.floor = draft.floor if draft.floor is not None else building.floor
        return None
    proof = proof_of(photos, draft.progress_on)
    decision = move_step(
        session,
        project,
        building,
        draft.progress or building.step,
        by=by,
        on=proof.on or draft.on,
        proof=proof,
        reason_key=draft.reason_key,
        reason=draft.reason,
        floor=draft.floor,
    )
    for photo in photos:  # they show the step that they prove
        photo.step = building.step
    return decision


def _building(session: Session, project: Project, draft: RecordDraft) -> Building:
    query = select(Building).where(Building.project_id == project.id).order_by(Building.id)
    if draft.building_id is not None:
        query = query.where(Building.id == draft.building_id)
    return session.scalars(query).first() or _no_building()


def _no_building() -> Building:
    raise Refused(_l("The project has no building yet. Add one first."))


def _meet(session: Session, project: Project, draft: RecordDraft) -> None:
    """Remember when each contact was last met; whom we met for the first time joins the project."""
    if draft.is_plan or not draft.met:
        return
    known = {
        row.contact_id: row
        for row in session.scalars(select(ProjectContact).where(ProjectContact.project_id == project.id))
    }
    for contact_id in draft.met:
        row = known.get(contact_id)
        if row is None:
            row = ProjectContact(project_id=project.id, contact_id=contact_id)
            session.add(row)
        row.last_met_on = max(filter(None, (row.last_met_on, draft.on)))


def correct_record(session: Session, record: Record, *, by: User, version: int, text: str, reason: str) -> None:
    """Replace a record's text and keep the old one with who, when and why."""
    if record.author_id != by.id and not may(by, Action.RECORD_CORRECT_OTHERS):
        raise Forbidden(_l("Only the author or a supervisor corrects a record."))
    if text.strip() == record.text:
        return  # nothing to correct, or the second press of the same form
    if version != record.version:
        raise Stale(_l("Somebody corrected this record meanwhile."), details=record)
    if not text.strip():
        raise Invalid("text", _l("A record cannot be emptied. Say what is right instead."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why it is corrected."))
    before = {"text": record.text}
    session.add(Correction(record_id=record.id, by_id=by.id, reason=reason.strip()[:300], before=before))
    record.text = text.strip()[:LONGEST]
    session.flush()
    events.record(
        session,
        Kind.RECORD_CORRECTED,
        record,
        by=by,
        project_id=record.project_id,
        before=before,
        reason=reason.strip(),
    )

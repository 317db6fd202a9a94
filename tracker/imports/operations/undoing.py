"""Undoing a whole import: what it brought is withdrawn, what it changed gets its former values back.

Nothing is deleted, and what somebody touched meanwhile stays and is listed. A withdrawn lead is invalid with the run as
its reason, a project is closed with it, a firm or person exists for nobody any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Date, Numeric, delete, func, select
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import Action, can, may, require
from tracker.contacts.models import ContactConsent, ContactLink
from tracker.database import Money
from tracker.dealers.models import StockLine
from tracker.dealers.operations.stock import flows_of, plain_flows, withdraw_line, write_flows
from tracker.errors import AlreadyDone, Forbidden
from tracker.events import Event, Kind
from tracker.i18n import _, _l
from tracker.imports.models import ImportChange, ImportRun
from tracker.imports.operations.carrying_out import CHUNK, address_of, take_run
from tracker.imports.operations.starting import action_of
from tracker.leads.models import Lead, LeadContact, LeadParty
from tracker.matrix.models import Record, RecordContact
from tracker.matrix.operations.refreshing import refresh
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.projects.operations.lifecycle import note_state
from tracker.team.models import User

MODELS: dict[str, Any] = {model.__tablename__: model for model in (Lead, Project, Contact, Party, StockLine)}
ORDER = ("lead", "project", "contact", "party", "stock_line")  # what names others is withdrawn before them
EDITED = {"lead": Kind.LEAD_EDITED, "contact": Kind.CONTACT_EDITED, "party": Kind.PARTY_EDITED,
          "stock_line": Kind.STOCK_CORRECTED}  # fmt: skip


def may_undo(user: User, run: ImportRun) -> bool:
    """Whether the user may take this import back: whoever made it, or who administers."""
    return run.state == "done" and can(user, action_of(run.kind)) and (
        run.by_id == user.id or may(user, Action.ADMINISTER)
    )  # fmt: skip


def undo_run(session: Session, run: ImportRun, *, by: User, commit: Callable[[], None] | None = None) -> None:
    """Take a whole import back; raises AlreadyDone where it is. `commit` is called after each chunk."""
    claim_undoing(session, run, by=by)
    take_back(session, run, by=by, commit=commit)


def claim_undoing(session: Session, run: ImportRun, *, by: User) -> None:
    """Settle that the import is undone; raises AlreadyDone where it is. Commit before taking it back."""
    require(by, action_of(run.kind))
    if run.state == "undone":
        raise AlreadyDone(details=address_of(run))
    if not may_undo(by, run):
        raise Forbidden(_l("Only whoever made an import, or an administrator, undoes it, and only once it is done."))
    done = ImportRun.state == "done"
    take_run(session, run, done, state="undone", undone_at=clock.now(), undone_by_id=by.id)


def check_unfinished(session: Session, run: ImportRun) -> None:
    """Raise AlreadyDone unless something of an import that was undone still stands."""
    rest = select(ImportChange.id).where(ImportChange.run_id == run.id, ImportChange.fate == "stands").limit(1)
    if session.scalar(rest) is None:
        raise AlreadyDone(details=address_of(run))


def take_back(session: Session, run: ImportRun, *, by: User, commit: Callable[[], None] | None = None) -> None:
    """Undo what still stands of an import that is being undone; what broke off goes on where it stood."""
    require(by, action_of(run.kind))
    keep = commit or session.flush
    for subject in ORDER:
        for changes in _chunks(session, run, subject):
            _undo(session, run, subject, changes, by)
            keep()
    fates = select(ImportChange.fate, func.count()).where(ImportChange.run_id == run.id).group_by(ImportChange.fate)
    counts = dict(session.execute(fates).all())
    events.record(session, Kind.IMPORT_UNDONE, run, by=by, file=run.file_name, undone=counts.get("undone", 0),
                  kept=counts.get("kept", 0))  # fmt: skip
    keep()


def _chunks(session: Session, run: ImportRun, subject: str) -> Iterator[list[ImportChange]]:
    """The changes to things of one kind, newest first: what was both made and changed is undone backwards."""
    ids = iter(
        session.scalars(
            select(ImportChange.id)
            .where(ImportChange.run_id == run.id, ImportChange.subject == subject, ImportChange.fate == "stands")
            .order_by(ImportChange.id.desc())
        ).all()
    )
    while some := list(islice(ids, CHUNK)):
        found = session.scalars(select(ImportChange).where(ImportChange.id.in_(some)).order_by(ImportChange.id.desc()))
        yield list(found)


def _undo(session: Session, run: ImportRun, subject: str, changes: Sequence[ImportChange], by: User) -> None:
    model = MODELS[subject]
    ids = {change.subject_id for change in changes}
    things = {thing.id: thing for thing in session.scalars(_whole(model).where(model.id.in_(ids)))}
    touched = _touched(session, run, model, ids)
    withdrawn: list[tuple[int, dict[str, Any]]] = []
    for change in changes:
        thing = things[change.subject_id]
        if change.action == "created":
            whole = change.subject_id not in touched
            if whole:
                _withdraw(session, run, thing, by)
                withdrawn.append((thing.id, {}))
        else:
            whole = _restore(session, run, thing, change, by)
        change.fate = "undone" if whole else "kept"
    session.flush()
    for thing_id, data in withdrawn:
        events.record(session, Kind.THING_WITHDRAWN, things[thing_id], by=by,
                      project_id=thing_id if model is Project else None, run=run.id, **data)  # fmt: skip
    session.flush()


def _whole(model: Any) -> Any:
    return select(model).options(joinedload(Project.team)) if model is Project else select(model)


def _touched(session: Session, run: ImportRun, model: Any, ids: Iterable[int]) -> set[int]:
    """Those of these things that somebody did something with beside this run."""
    about = select(Event.subject_id, Event.kind, Event.data).where(
        Event.subject == model.__tablename__, Event.subject_id.in_(ids)
    )
    touched = {
        key for key, kind, data in session.execute(about)
        if key is not None and data.get("run") != run.id and not (model is Project and kind == Kind.PROJECT_OPENED)
        and not (kind == Kind.LEAD_ASSIGNED and "rule" in data)  # routed as it came in, by nobody
    }  # fmt: skip
    for used in _uses(model, ids, run):
        touched |= {key for key in session.scalars(used) if key is not None}
    return touched


def _uses(model: Any, ids: Iterable[int], run: ImportRun) -> Iterator[Any]:
    """Statements that give the ids of things that others hang on."""
    if model is Lead:
        yield select(Record.lead_id).where(Record.lead_id.in_(ids))
        yield select(LeadContact.lead_id).where(LeadContact.lead_id.in_(ids))
        yield select(Lead.duplicate_of_id).where(Lead.duplicate_of_id.in_(ids))
        yield select(Lead.merged_into_id).where(Lead.merged_into_id.in_(ids))
        yield select(Lead.id).where(Lead.id.in_(ids), Lead.state.not_in(("new", "duplicate")))
    elif model is Project:
        yield select(Record.project_id).where(Record.project_id.in_(ids))
        yield select(Project.id).where(Project.id.in_(ids), Project.state != "active")
        yield select(Project.parent_id).where(Project.parent_id.in_(ids))
        others = Event.kind != Kind.PROJECT_OPENED
        yield select(Event.project_id).where(Event.project_id.in_(ids), others)
    elif model is StockLine:
        corrected = (Event.subject == "stock_report", Event.kind == Kind.STOCK_CORRECTED, Event.at >= run.at)
        reports = select(Event.subject_id).where(*corrected)
        yield select(StockLine.id).where(StockLine.id.in_(ids), StockLine.report_id.in_(reports))
    elif model is Contact:
        yield (
            select(ProjectContact.contact_id)
            .where(ProjectContact.contact_id.in_(ids), ProjectContact.project_id.not_in(_undone(Project)))
        )  # fmt: skip
        yield select(LeadContact.contact_id).where(LeadContact.contact_id.in_(ids))
        yield select(RecordContact.contact_id).where(RecordContact.contact_id.in_(ids))
        yield select(ContactLink.contact_id).where(ContactLink.contact_id.in_(ids))
        yield select(ContactLink.from_contact_id).where(ContactLink.from_contact_id.in_(ids))
        yield select(ContactConsent.contact_id).where(ContactConsent.contact_id.in_(ids))
        yield select(Contact.merged_into_id).where(Contact.merged_into_id.in_(ids))
    else:
        yield select(Contact.party_id).where(Contact.party_id.in_(ids), Contact.withdrawn.is_(False))
        yield select(User.party_id).where(User.party_id.in_(ids))
        yield select(Party.merged_into_id).where(Party.merged_into_id.in_(ids))
        yield select(Party.parent_id).where(Party.parent_id.in_(ids), Party.withdrawn.is_(False))
        yield (
            select(LeadParty.party_id)
            .where(LeadParty.party_id.in_(ids), LeadParty.lead_id.not_in(_undone(Lead)))
        )  # fmt: skip
        yield (
            select(ProjectParty.party_id)
            .where(ProjectParty.party_id.in_(ids), ProjectParty.project_id.not_in(_undone(Project)))
        )  # fmt: skip


def _undone(model: Any) -> Any:
    return select(ImportChange.subject_id).where(
        ImportChange.subject == model.__tablename__, ImportChange.action == "created", ImportChange.fate == "undone"
    )


def _withdraw(session: Session, run: ImportRun, thing: Any, by: User) -> None:
    why = _("The import of %(file)s was undone.", file=run.file_name)[:300]
    if isinstance(thing, Lead):
        thing.state, thing.state_reason, thing.import_key = "invalid", why, None
    elif isinstance(thing, Project):
        note_state(session, thing, "closed", by=by, reason=why)
    elif isinstance(thing, StockLine):
        withdraw_line(session, thing)
    else:
        thing.withdrawn = True


def _restore(session: Session, run: ImportRun, thing: Any, change: ImportChange, by: User) -> bool:
    """Give back the fields that still are what the import made them; whether all were."""
    given: dict[str, Any] = {}
    whole = True
    for name, was in change.before.items():
        if name == "flows":
            whole = _give_back_flows(session, thing, was, change.after[name]) and whole
            continue
        column = thing.__table__.c[name]
        if _typed(column, change.after[name]) != getattr(thing, name):
            whole = False
            continue
        given[name] = change.after[name]
        setattr(thing, name, _typed(column, was))
    for party_id, role in change.after.get("parties", ()):
        model, own = (
            (LeadParty, LeadParty.lead_id) if isinstance(thing, Lead) else (ProjectParty, ProjectParty.project_id)
        )
        session.execute(delete(model).where(own == thing.id, model.party_id == party_id, model.role == role))
    if isinstance(thing, Project):
        session.flush()
        refresh(session, thing)
        events.record(session, Kind.PROJECT_EDITED, thing, by=by, project_id=thing.id, before=given, run=run.id,
                      version=thing.version)  # fmt: skip
    elif given:
        events.record(session, EDITED[change.subject], thing, by=by, before=given, run=run.id)
    return whole


def _give_back_flows(session: Session, line: StockLine, was: Any, became: Any) -> bool:
    """Say again where a line's goods went before, unless somebody said otherwise meanwhile."""
    if [list(one) for one in plain_flows(session, line)] != became:
        return False
    write_flows(session, line, flows_of(was))
    return True


def _link(thing: Any, party_id: int, role: str) -> Any:
    """The statement that takes a firm out of the role in which the import put it."""
    if isinstance(thing, Lead):
        return delete(LeadParty).where(
            LeadParty.lead_id == thing.id, LeadParty.party_id == party_id, LeadParty.role == role
        )
    return delete(ProjectParty).where(
        ProjectParty.project_id == thing.id, ProjectParty.party_id == party_id, ProjectParty.role == role
    )


def _typed(column: Any, value: Any) -> Any:
    """A kept plain value as its column has it."""
    if value is None or not isinstance(value, str):
        return value
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(column.type, Money | Numeric) else value

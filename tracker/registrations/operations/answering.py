"""What the desk answers: approved, with questions back, rejected; and later: formal, renewed, converted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.access import Action, is_dealer, require, visible
from tracker.dealers.fitness import refuse_unfit
from tracker.dealers.models import Dealer
from tracker.duplicates.operations.judging import hold_entries
from tracker.errors import Invalid, Refused
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations.judging import facts_of
from tracker.matrix.operations.refreshing import refresh
from tracker.notifications.operations.mailing import Mailing
from tracker.projects.models import Building, Project
from tracker.projects.operations.opening import ProjectDraft, open_project
from tracker.registrations.models import APPROVED, REPLY, WAITING, Registration, RegistrationNote
from tracker.registrations.operations.handing_in import add_note
from tracker.registrations.operations.registering import become
from tracker.registrations.operations.selling import join_project
from tracker.registrations.operations.telling import tell_dealer
from tracker.registrations.queries.checking import Checked, check, scope_of
from tracker.registrations.queries.registrations import last_asked
from tracker.team.models import User
from workflows.facts import RegistrationFacts
from workflows.protection import RENEWED, may_be_renewed, put
from workflows.status import is_lost, progress_of

ROUTE = "dealer_led"
FORMAL = "registered"
STANDS_BEFORE = _l("Another registration of the same stands before it: answer that one, or open a conflict.")
LEVELS = ("pre_registered", FORMAL)
"""What a registration may be approved as."""


@dataclass(frozen=True, slots=True)
class Approved:
    """How a registration is approved: `level` of LEVELS; a known project is joined, else one is opened that `owner_id`
    owns, or nobody."""

    level: str = "pre_registered"
    project_id: int | None = None
    owner_id: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What approval would do, before it is done: until when it protects, what of the checklist is not there, the
    registrations that stand in the way, and the project that it would join."""

    until: date | None
    missing: Sequence[str]
    blocking: Sequence[Registration]
    checked: Checked
    project: Project | None


def preview(
    session: Session,
    registration: Registration,
    *,
    by: User,
    level: str = "pre_registered",
    project_id: int | None = None,
) -> Preview:
    """What approval would do."""
    require(by, Action.DEALER_DECIDE)
    dealer = session.get_one(Dealer, registration.dealer_id)
    checked = check(session, by, registration, dealer)
    known = RegistrationFacts(registration.id, "", registration.state, renewals=registration.renewals)
    until = put(current_definition(), known, level, clock.today()).protected_to
    project = _joined(session, project_id, by) if project_id else None
    return Preview(until, missing_of(session, registration), _in_the_way(registration, checked), checked, project)


def missing_of(session: Session, registration: Registration) -> Sequence[str]:
    """What of the checklist for a pre-registration is not there: keys of its parts."""
    note = RegistrationNote
    query = select(note).where(note.registration_id == registration.id)
    notes = session.scalars(query.options(joinedload(note.photos))).unique().all()
    located = any(photo.latitude is not None and photo.place_from != "stated" for one in notes for photo in one.photos)
    there = {
        "address": bool(registration.address),
        "located_photo": located,
        "developer": bool(registration.developer),
        "categories": bool(registration.categories),
        "quantity": bool(registration.quantity),
    }
    return [key for key, found in there.items() if not found]


def _in_the_way(registration: Registration, checked: Checked) -> Sequence[Registration]:
    """Registrations of others of certainly the same: approved ones, and those handed in before this one."""
    scope = scope_of(registration.categories, registration.buildings)
    rivals = [like.registration for like in checked.likes if like.certain and like.meets(scope) and like.registration]
    mine = (registration.submitted_at or clock.now(), registration.id)
    return [
        one
        for one in rivals
        if one.state not in WAITING or (one.submitted_at is not None and (one.submitted_at, one.id) < mine)
    ]


def approve(
    session: Session, registration: Registration, approved: Approved, *, by: User, mailing: Mailing | None = None
) -> Project:
    """Approve a registration: it protects from today, and its project is joined or opened.

    Raises Refused while another one of the same stands before it; Blocked where the matrix does not allow the cell.
    """
    require(by, Action.DEALER_DECIDE)
    if registration.state not in WAITING:
        raise Refused(_l("It does not wait for an answer any more."))
    if approved.level not in LEVELS:
        raise Invalid("level", _l("Choose as what it is approved."))
    hold_entries(session)
    dealer = session.get_one(Dealer, registration.dealer_id)
    if _in_the_way(registration, check(session, by, registration, dealer)):
        raise Refused(STANDS_BEFORE)
    refuse_unfit(session, [dealer.party_id], "level")
    if approved.level == FORMAL:
        _require_formal(session, registration)
    if approved.project_id is not None:
        project = _joined(session, approved.project_id, by)
        join_project(session, project, dealer.party_id, by=by)
    else:
        project = _opened(session, registration, dealer, approved.owner_id, by)
    registration.project_id, registration.answer = project.id, approved.answer.strip() or None
    entry = become(session, registration, approved.level, "approved", by=by, reason=approved.answer.strip())
    until = registration.protected_to
    tell_dealer(
        session,
        registration,
        f"approved:{entry.id}",
        f"{registration.name}：报备已批准，保护至 {until}。",
        f"{registration.name}: approved, protected until {until}.",
        mailing,
    )
    return project


def _joined(session: Session, project_id: int, by: User) -> Project:
    found = session.scalar(
        select(Project).where(Project.id == project_id, visible(Project, by)).options(joinedload(Project.team))
    )
    if found is None:
        raise Invalid("project_id", _l("Choose a project that you see."))
    return found


def _opened(session: Session, registration: Registration, dealer: Dealer, owner_id: int | None, by: User) -> Project:
    """The project of the registration, in the first phase, with the buildings it names."""
    owner = _owner(session, owner_id) if owner_id else None
    definition = current_definition()
    names = registration.buildings or ["1#"]
    regions = session.scalars(select(Dealer).where(Dealer.id == dealer.id).options(joinedload(Dealer.regions))).unique()
    territory = regions.one().regions
    draft = ProjectDraft(
        name=registration.name,
        kind=registration.kind or "",
        route=ROUTE,
        phase=definition.phases[0].key,
        step=registration.step,
        categories=tuple(registration.categories),
        building=names[0],
        source="dealer",
        address=registration.address,
        plot_number=registration.plot_number,
        latitude=registration.latitude,
        longitude=registration.longitude,
        region_id=territory[0].region_id if len(territory) == 1 else None,
        parties=((dealer.party_id, "dealer"),),
        reason=registration.source,
    )
    project = open_project(session, draft, by=by, owner=owner)
    for name in names[1:]:
        session.add(Building(project_id=project.id, name=name, step=registration.step, step_since=clock.today()))
    if owner is None:
        project.owner_id = None  # nobody's of ours yet: it lies in the pool
    refresh(session, project)
    return project


def _owner(session: Session, owner_id: int) -> User:
    query = select(User).where(User.id == owner_id, User.active)
    found: User | None = session.scalar(query.options(joinedload(User.role), joinedload(User.team)))
    if found is None or is_dealer(found):
        raise Invalid("owner_id", _l("Choose somebody of ours."))
    return found


def _require_formal(session: Session, registration: Registration) -> None:
    """Formal is only who hands in proof from the deciding party: a paper at least."""
    note = RegistrationNote
    query = (
        select(note)
        .where(note.registration_id == registration.id)
        .options(joinedload(note.documents), joinedload(note.photos))
    )
    if not any(one.documents or one.photos for one in session.scalars(query).unique()):
        raise Invalid("level", _l("A formal registration needs proof from who decides: a seal, a list, an invitation."))


def give_back(
    session: Session, registration: Registration, *, by: User, questions: str, mailing: Mailing | None = None
) -> None:
    """Return it with questions; he mends it and hands it in again."""
    _answer(
        session,
        registration,
        "returned",
        "returned",
        by,
        questions,
        _l("Say what is missing."),
        "请补充",
        "more is needed",
        mailing,
    )


def reject(
    session: Session, registration: Registration, *, by: User, reason: str, mailing: Mailing | None = None
) -> None:
    """Reject it; the dealer reads the reason."""
    _answer(
        session,
        registration,
        "rejected",
        "rejected",
        by,
        reason,
        _l("Say why: the dealer reads it."),
        "未批准",
        "not approved",
        mailing,
    )


def _answer(
    session: Session,
    registration: Registration,
    state: str,
    deed: str,
    by: User,
    text: str,
    without: Any,
    zh: str,
    en: str,
    mailing: Mailing | None,
) -> None:
    require(by, Action.DEALER_DECIDE)
    if registration.state not in WAITING:
        raise Refused(_l("It does not wait for an answer any more."))
    if not text.strip():
        raise Invalid("answer", without)
    registration.answer = text.strip()
    entry = become(session, registration, state, deed, by=by, reason=text.strip())
    tell_dealer(
        session,
        registration,
        f"{deed}:{entry.id}",
        f"{registration.name}：{zh}。{text.strip()}",
        f"{registration.name}: {en}. {text.strip()}",
        mailing,
    )


def reply(session: Session, registration: Registration, *, by: User, text: str, mailing: Mailing | None = None) -> None:
    """Answer in a sentence what the dealer asked for; nothing else changes by it."""
    require(by, Action.DEALER_DECIDE)
    if not text.strip():
        raise Invalid("answer", _l("Say it in a sentence."))
    note = add_note(session, registration, REPLY, by=by, text=text)
    tell_dealer(
        session,
        registration,
        f"reply:{note.id}",
        f"{registration.name}：对您申请的答复。{note.text}",
        f"{registration.name}: about what you asked for. {note.text}",
        mailing,
    )


def upgrade(
    session: Session, registration: Registration, *, by: User, reason: str, mailing: Mailing | None = None
) -> None:
    """Make a pre-registration formal: proof from who decides is there."""
    require(by, Action.DEALER_DECIDE)
    if registration.state != "pre_registered":
        raise Refused(_l("Only a pre-registration becomes formal."))
    _require_formal(session, registration)
    entry = become(session, registration, FORMAL, "formal", by=by, reason=reason.strip())
    until = registration.protected_to
    tell_dealer(
        session,
        registration,
        f"formal:{entry.id}",
        f"{registration.name}：已转正式报备，保护至 {until}。",
        f"{registration.name}: registered, protected until {until}.",
        mailing,
    )


def renew(
    session: Session, registration: Registration, *, by: User, reason: str, mailing: Mailing | None = None
) -> None:
    """Renew it once, with new evidence and while a window is open."""
    require(by, Action.DEALER_DECIDE)
    if registration.state not in ("pre_registered", FORMAL, "expired") or registration.project_id is None:
        raise Refused(_l("Only what was approved can be renewed."))
    if not may_be_renewed(registration.facts("")):
        raise Refused(_l("It was renewed once already."))
    project = session.get_one(Project, registration.project_id)
    if not _new_evidence(session, registration):
        raise Refused(_l("A renewal needs new evidence."))
    if not _window_open(session, project, registration):
        raise Refused(_l("It is too late on this site for all that is registered."))
    hold_entries(session)
    dealer = session.get_one(Dealer, registration.dealer_id)
    if registration.state == "expired" and _in_the_way(registration, check(session, by, registration, dealer)):
        raise Refused(STANDS_BEFORE)
    join_project(session, project, dealer.party_id, by=by)
    if last_asked(session, registration) == "renewal":
        add_note(session, registration, REPLY, by=by, text=reason)
    entry = become(session, registration, RENEWED, "renewed", by=by, reason=reason.strip())
    until = registration.protected_to
    tell_dealer(
        session,
        registration,
        f"renewed:{entry.id}",
        f"{registration.name}：已延期至 {until}，仅此一次。",
        f"{registration.name}: renewed until {until}, the only time.",
        mailing,
    )


def _new_evidence(session: Session, registration: Registration) -> bool:
    """Whether something was handed in after what already counted."""
    note = RegistrationNote
    query = select(note.on).where(note.registration_id == registration.id, note.kind.in_(("progress", "request")))
    known = registration.progress_on
    if registration.state != "expired":
        return any(known is None or on >= known for on in session.scalars(query))
    return any(known is None or on > known for on in session.scalars(query))


def _window_open(session: Session, project: Project, registration: Registration) -> bool:
    """Whether any of the registered categories can still be had there."""
    definition, facts = facts_of(session, project)
    progress = progress_of(definition, facts.leading_building(definition), clock.today())
    return not all(is_lost(definition, category, progress) for category in registration.categories)


def convert(
    session: Session, registration: Registration, *, by: User | None, reason: str = "", mailing: Mailing | None = None
) -> None:
    """It led to a contract."""
    if by is not None:
        require(by, Action.DEALER_DECIDE)
    if registration.state not in APPROVED:
        raise Refused(_l("Only what protects can lead to a contract."))
    entry = become(session, registration, "converted", "converted", by=by, reason=reason.strip())
    tell_dealer(
        session,
        registration,
        f"converted:{entry.id}",
        f"{registration.name}：报备已成交。{reason.strip()}",
        f"{registration.name}: it led to a contract. {reason.strip()}".rstrip(),
        mailing,
    )

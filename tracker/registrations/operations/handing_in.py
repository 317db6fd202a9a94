"""What a dealer does: draw a registration up, hand it in, take it back, mend it, withdraw it, ask for something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.dealers.models import WORKING, Dealer
from tracker.documents.models import Document
from tracker.documents.operations import list_staged as staged_documents
from tracker.duplicates.operations.judging import hold_entries
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import claim_staged, state_facts
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.notifications.operations.mailing import Mailing
from tracker.projects.operations.changing import change
from tracker.projects.operations.opening import check_place
from tracker.registrations.models import APPROVED, MENDABLE, WAITING, Registration, RegistrationNote
from tracker.registrations.operations.registering import become, follow, write_down
from tracker.registrations.operations.telling import tell_desk
from tracker.registrations.queries.checking import check, scope_of
from tracker.registrations.queries.registrations import quota_of
from tracker.team.models import User
from workflows.protection import progressed
from workflows.registering import FREE, answer_due

FIELDS = (
    "name",
    "kind",
    "step",
    "address",
    "plot_number",
    "latitude",
    "longitude",
    "developer",
    "categories",
    "buildings",
    "quantity",
    "source",
)
ASKED_FOR: dict[str, Any] = {
    "renewal": _l("a renewal"),
    "price": _l("a project price"),
    "sample": _l("samples"),
    "training": _l("training"),
    "help": _l("help"),
}
_ASKED_EN = {"renewal": "a renewal", "price": "a project price", "sample": "samples", "training": "training",
             "help": "help"}  # fmt: skip
_ASKED_ZH = {"renewal": "延期", "price": "工程价", "sample": "样品", "training": "培训", "help": "协助"}


@dataclass(frozen=True, slots=True)
class RegistrationDraft:
    """A registration as it is typed; `photos` and `documents` are tokens of staged files."""

    name: str
    step: str
    kind: str | None = None
    address: str | None = None
    plot_number: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    developer: str | None = None
    categories: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    quantity: str | None = None
    source: str | None = None
    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def draw_up(
    session: Session, dealer: Dealer, draft: RegistrationDraft, *, by: User, registration: Registration | None = None
) -> Registration:
    """Keep what is typed, as a new draft or in one that is still to be mended; nothing is handed in by it."""
    _his(by, dealer)
    _check_shape(draft)
    values = {name: getattr(draft, name) for name in FIELDS}
    values |= {"categories": list(draft.categories), "buildings": list(draft.buildings)}
    files = _Files(session, draft, by)
    if draft.latitude is None and files.place:
        values["latitude"], values["longitude"] = files.place
    before: dict[str, Any] = {}
    if registration is None:
        registration = Registration(dealer_id=dealer.id, created_by_id=by.id, held_by_id=by.id, **values)
        session.add(registration)
    elif registration.state not in MENDABLE:
        raise Refused(_l("It is handed in. Take it back first."))
    else:
        before = change(registration, values, FIELDS)
    session.flush()
    if files.any:
        add_note(session, registration, "claim", by=by, text=draft.source or draft.name, files=files)
    events.record(session, Kind.REGISTRATION_DRAFTED, registration, by=by, name=registration.name, before=before)
    return registration


def _check_shape(draft: RegistrationDraft) -> None:
    definition = current_definition()
    if not draft.name.strip():
        raise Invalid("name", _l("Give the site its name: what people call it."))
    if draft.step not in definition.step_index:
        raise Invalid("step", _l("Choose the construction step that you saw."))
    if draft.kind and draft.kind not in definition.picklist("project_types").keys:
        raise Invalid("kind", _l("Choose what is being built."))
    if not set(draft.categories) <= {window.category for window in definition.windows}:
        raise Invalid("categories", _l("Choose from the list."))
    check_place(draft.latitude, draft.longitude)


class _Files:
    """The staged pictures and papers that came with a form."""

    def __init__(self, session: Session, draft: Any, by: User) -> None:
        self.photos: Sequence[Photo] = claim_staged(session, draft.photos, by=by)
        self.documents: Sequence[Document] = staged_documents(session, draft.documents, by=by)

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.photos or self.documents)

    @property
    def place(self) -> tuple[float, float] | None:
        """The place of the first picture that knows it."""
        for photo in self.photos:
            if photo.latitude is not None and photo.longitude is not None:
                return photo.latitude, photo.longitude
        return None


def submit(session: Session, registration: Registration, *, by: User, mailing: Mailing | None = None) -> str:
    """Hand a registration in; returns the one word: free, taken or look.

    Sites are handed in one after the other, so that of two at the same moment one is first. What is not free is kept
    for a check and protects nobody.
    """
    dealer = session.get_one(Dealer, registration.dealer_id)
    _his(by, dealer)
    if registration.state in WAITING:
        raise AlreadyDone(details=f"/dealers/mine/registrations/{registration.id}")
    if registration.state not in MENDABLE:
        raise Refused(_l("It cannot be handed in any more."))
    if dealer.state not in WORKING:
        raise Refused(_l("Your company may not register sites now; your contact says why."))
    _check_complete(session, registration)
    hold_entries(session)
    if quota_of(session, dealer.id).left < 1:
        raise Refused(_l("You have as many registrations open as you may. Close what leads nowhere first."))
    found = check(session, by, registration, dealer)
    scope = scope_of(registration.categories, registration.buildings)
    if any(
        like.own and like.registration and like.certain and like.standing and like.scope.overlaps(scope)
        for like in found.likes
    ):
        raise Refused(_l("Your company has registered this site already."))
    registration.word, registration.submitted_at = found.word, clock.now()
    registration.answer_due = answer_due(clock.today())
    state = "submitted" if found.word == FREE else "in_check"
    entry = become(session, registration, state, "submitted", by=by, kept=_claimed_with(session, registration))
    events.record(session, Kind.REGISTRATION_SUBMITTED, registration, by=by, name=registration.name, answer=found.word)
    tell_desk(
        session,
        registration,
        f"in:{entry.id}",
        f"新报备：{registration.name}，请在 {registration.answer_due} 前答复。",
        f"New registration: {registration.name}. Answer by {registration.answer_due}.",
        due_on=registration.answer_due,
        mailing=mailing,
    )
    return found.word


def _claimed_with(session: Session, registration: Registration) -> dict[str, Any]:
    """The papers and pictures with which a site is claimed, as the register keeps them."""
    note = RegistrationNote
    query = select(note).where(note.registration_id == registration.id, note.kind == "claim").order_by(note.id)
    notes = session.scalars(query.options(selectinload(note.photos), selectinload(note.documents))).all()
    return kept_of([file for one in notes for file in [*one.photos, *one.documents]])


def kept_of(files: Iterable[Any]) -> dict[str, Any]:
    """What the register keeps of papers and pictures: name and SHA-256 of each; nothing where there are none."""
    found = [[file.file_name, file.sha256] for file in files]
    return {"files": found} if found else {}


def _check_complete(session: Session, registration: Registration) -> None:
    """What a registration needs before it is handed in (evidence_pre of the pick-list)."""
    if not registration.kind:
        raise Invalid("kind", _l("Choose what is being built."))
    if registration.latitude is None and not registration.plot_number and not registration.address:
        raise Invalid("address", _l("Say where it is: a place, a plot number or an address."))
    if not registration.developer:
        raise Invalid("developer", _l("Who builds it?"))
    if not registration.categories:
        raise Invalid("categories", _l("Choose the materials that you want to supply."))
    if not registration.source:
        raise Invalid("source", _l("Say how you know of it."))


def recall(session: Session, registration: Registration, *, by: User) -> None:
    """Take it back to mend it; what protected it so far is given up, and its turn with it."""
    _his(by, session.get_one(Dealer, registration.dealer_id))
    if registration.state not in ("submitted", "in_check"):
        raise Refused(_l("Only what waits for an answer can be taken back."))
    become(session, registration, "draft", "recalled", by=by)
    registration.submitted_at = registration.answer_due = None
    session.flush()


def withdraw(session: Session, registration: Registration, *, by: User, reason: str = "") -> None:
    """Give a registration up for good."""
    _his(by, session.get_one(Dealer, registration.dealer_id))
    if registration.state not in (*MENDABLE, *WAITING, *APPROVED):
        raise Refused(_l("It cannot be withdrawn any more."))
    become(session, registration, "withdrawn", "withdrawn", by=by, reason=reason.strip())


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """Something handed in: what was done or is asked, on which day, with tokens of staged files."""

    text: str
    on: date
    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def add_progress(session: Session, registration: Registration, draft: NoteDraft, *, by: User) -> RegistrationNote:
    """Hand in evidenced progress: it keeps the protection alive. A paper or picture belongs to it."""
    _his_or_ours(session, registration, by)
    if registration.state not in (*APPROVED, "in_conflict", "provisional", "expired"):
        raise Refused(_l("Progress counts once it is approved."))
    _check_note(draft)
    files = _Files(session, draft, by)
    if not files.any:
        raise Invalid("text", _l("Progress needs proof: a picture or a paper."))
    note = add_note(session, registration, "progress", by=by, text=draft.text, on=draft.on, files=files)
    if registration.state in (*APPROVED, "in_conflict"):
        known = registration.facts("")
        if known.progress_days is not None:
            registration.progress_on = progressed(known, draft.on).progress_on
            registration.looked_on = None
    session.flush()
    kept = kept_of((*files.photos, *files.documents))
    write_down(session, registration, "progress", by=by, reason=draft.text, on=draft.on.isoformat(), **kept)
    follow(session, registration)
    return note


def ask_for(
    session: Session,
    registration: Registration,
    what: str,
    draft: NoteDraft,
    *,
    by: User,
    mailing: Mailing | None = None,
) -> RegistrationNote:
    """Ask for a renewal, a price, samples, training or help."""
    _his(by, session.get_one(Dealer, registration.dealer_id))
    if what not in ASKED_FOR:
        raise Invalid("what", _l("Choose from the list."))
    _check_note(draft)
    note = add_note(
        session,
        registration,
        "request",
        by=by,
        text=draft.text,
        on=draft.on,
        what=what,
        files=_Files(session, draft, by),
    )
    name = registration.name
    tell_desk(
        session,
        registration,
        f"asked:{note.id}",
        f"{name}：经销商申请{_ASKED_ZH[what]}。",
        f"{name}: the dealer asks for {_ASKED_EN[what]}.",
        mailing=mailing,
    )
    return note


def add_note(
    session: Session,
    registration: Registration | None,
    kind: str,
    *,
    by: User,
    text: str,
    on: date | None = None,
    what: str | None = None,
    conflict_id: int | None = None,
    complaint_id: int | None = None,
    files: _Files | None = None,
    about: Any = None,
) -> RegistrationNote:
    """Keep what was handed in with its files; `about`: what its event is of, the registration where there is one."""
    note = RegistrationNote(
        registration_id=registration.id if registration else None,
        conflict_id=conflict_id,
        complaint_id=complaint_id,
        kind=kind,
        what=what,
        on=on or clock.today(),
        text=text.strip(),
        by_id=by.id,
    )
    session.add(note)
    session.flush()
    if files is not None:
        for photo in files.photos:
            photo.registration_note_id = note.id
        for document in files.documents:
            document.registration_note_id = note.id
        place = None
        if registration is not None and registration.latitude is not None and registration.longitude is not None:
            place = (registration.latitude, registration.longitude)
        state_facts(files.photos, clock.at_noon(note.on), place)
        session.flush()
    events.record(
        session,
        Kind.REGISTRATION_NOTED,
        about or registration,
        by=by,
        what=what or kind,
        on=note.on.isoformat(),
        reason=note.text,
    )
    return note


def files_of(session: Session, draft: Any, by: User) -> _Files:
    """The staged files of a form."""
    return _Files(session, draft, by)


def _check_note(draft: NoteDraft) -> None:
    if not draft.text.strip():
        raise Invalid("text", _l("Say what it is."))
    if draft.on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))


def _his(by: User, dealer: Dealer) -> None:
    require(by, Action.REGISTRATION_FILE)
    if dealer.party_id != by.party_id:
        raise Forbidden(_l("Only a dealer registers a site, for his own company."))


def _his_or_ours(session: Session, registration: Registration, by: User) -> None:
    if is_dealer(by):
        _his(by, session.get_one(Dealer, registration.dealer_id))
    else:
        require(by, Action.DEALER_MANAGE)

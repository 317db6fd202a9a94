"""A dealer's own registrations: how each stands, what is expected next, what he can hand in or ask for."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can
from tracker.annotations.views import threads_of
from tracker.dealers.queries.profiles import find_own_id, get_own
from tracker.errors import NotFound, Refused
from tracker.exports.claims import REGISTRATIONS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.registrations.forms import AppealForm, AskForm, EvidenceForm, NoteForm
from tracker.registrations.models import APPROVED, MENDABLE, WAITING, Conflict, Registration
from tracker.registrations.operations import conflicts as ruling
from tracker.registrations.operations import handing_in
from tracker.registrations.operations.handing_in import ASKED_FOR
from tracker.registrations.operations.splitting import outcome_of
from tracker.registrations.queries.conflicts import get_conflict, list_conflicts, list_facts
from tracker.registrations.queries.listing import list_own, own_asked
from tracker.registrations.queries.registrations import get_registration, list_entries, list_notes, quota_of
from tracker.registrations.views.blueprint import (
    NAMES,
    blueprint,
    mailing,
    may_ask_again,
    show_refusal,
    staged_of,
    state_badges,
    take_files,
)
from tracker.registrations.wording import CONFLICT_NAMES, OUTCOME_NAMES, WORD_NAMES
from workflows.calendar import add_days
from workflows.guards.channel import last_day

MOST = 2000  # characters of a reason


@blueprint.get("/dealers/mine/registrations")
@login_required
def mine_list() -> ResponseReturnValue:
    """All of his company's registrations."""
    dealer_id = find_own_id(db.session, current_user)
    if dealer_id is None:
        return respond("dealers/no_profile.html")
    if format_asked():
        rows = rows_of(db.session, own_asked(current_user))
        return send_list(REGISTRATIONS, (row.Registration for row in rows))
    return respond(
        "registrations/mine.html",
        page=list_own(db.session, current_user, request.args.get("page", 1, type=int)),
        quota=quota_of(db.session, dealer_id),
        badges=state_badges(),
        can_file=can(current_user, Action.REGISTRATION_FILE),
    )


def lapses(registration: Registration) -> Any:
    """The first day on which it protects no more, where it protects."""
    last = last_day(registration.facts(""))
    return add_days(last, 1) if last else None


@blueprint.get("/dealers/mine/registrations/<int:registration_id>")
@login_required
def mine_page(registration_id: int) -> ResponseReturnValue:
    """One registration."""
    return _page(_own(registration_id))


def _own(registration_id: int) -> Registration:
    get_own(db.session, current_user)
    return get_registration(db.session, current_user, registration_id)


def _page(registration: Registration, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """Progress, requests, evidence and the appeal have their forms on the page; the one that was refused is shown."""
    session, state = db.session, registration.state
    found = list_conflicts(session, current_user, registration)
    plain: dict[str, Any] = {
        "progress_form": NoteForm(formdata=None),
        "ask_form": AskForm(formdata=None),
        "evidence_form": EvidenceForm(formdata=None),
        "appeal_form": AppealForm(formdata=None),
    }
    for form in plain.values():
        if "on" in form:
            form.on.data = clock.today()
    refused = forms.pop("refused", ())
    shown = {**plain, **forms}
    with_files = next((form for form in forms.values() if "photos" in form), shown["progress_form"])
    return respond(
        "registrations/mine_page.html",
        status=status,
        registration=registration,
        definition=current_definition(),
        states=current_definition().picklist("dealer_registration"),
        notes=list_notes(session, current_user, registration),
        entries=list_entries(session, current_user, registration),
        conflict=found[0] if found else None,
        outcome=outcome_of(found[0], registration) if found else None,
        outcomes=OUTCOME_NAMES,
        conflict_names=CONFLICT_NAMES,
        facts=list_facts(session, current_user, found[0]) if found else (),
        lapses=lapses(registration),
        may_submit=state in MENDABLE,
        may_recall=state in ("submitted", "in_check"),
        may_withdraw=state in (*MENDABLE, *WAITING, *APPROVED),
        may_progress=state in (*APPROVED, "provisional", "expired"),
        asked_for=ASKED_FOR,
        refused=refused,
        **threads_of("registration", registration.id, None),
        **shown,
        **staged_of(with_files),
        **NAMES,
    )


@blueprint.post("/dealers/mine/registrations/<int:registration_id>/<deed>")
@login_required
def mine_do(registration_id: int, deed: str) -> ResponseReturnValue:
    """Hand it in, take it back, give it up."""
    registration = _own(registration_id)
    try:
        match deed:
            case "submit":
                if not may_ask_again():
                    raise Refused(_("You have asked about many sites in the last hour. Hand it in a little later."))
                word = handing_in.submit(db.session, registration, by=current_user, mailing=mailing())
                said = _("Handed in. The site is %(word)s.", word=WORD_NAMES[word])
            case "recall":
                handing_in.recall(db.session, registration, by=current_user)
                said = _("Taken back. Mend it and hand it in again.")
            case "withdraw":
                handing_in.withdraw(
                    db.session, registration, by=current_user, reason=request.form.get("reason", "")[:MOST]
                )
                said = _("Given up.")
            case _:
                raise NotFound
    except Refused as error:
        db.session.rollback()
        flash(error.message, "danger")
        return go_to(url_for("registrations.mine_page", registration_id=registration_id))
    db.session.commit()
    flash(said)
    return go_to(url_for("registrations.mine_page", registration_id=registration_id))


@blueprint.post("/dealers/mine/registrations/<int:registration_id>/notes/<kind>")
@login_required
def mine_note(registration_id: int, kind: str) -> ResponseReturnValue:
    """Hand in progress or evidence, ask for something, or appeal."""
    registration = _own(registration_id)
    made = {"progress": NoteForm, "ask": AskForm, "evidence": EvidenceForm, "appeal": AppealForm}.get(kind)
    if made is None:
        raise NotFound
    form: Any = made()
    refused = take_files(form) if "photos" in form else []
    if refused or not form.validate_on_submit():
        return _page(registration, 422, refused=refused, **{f"{kind}_form": form})
    try:
        _take(registration, kind, form)
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "text")
        return _page(_own(registration_id), 422, **{f"{kind}_form": form})
    db.session.commit()
    flash(_("Sent."))
    return go_to(url_for("registrations.mine_page", registration_id=registration_id))


def _take(registration: Registration, kind: str, form: Any) -> None:
    match kind:
        case "progress":
            handing_in.add_progress(db.session, registration, form.draft(), by=current_user)
        case "ask":
            draft, told = form.draft(), mailing()
            handing_in.ask_for(db.session, registration, form.what.data, draft, by=current_user, mailing=told)
        case "evidence":
            ruling.give_evidence(db.session, _conflict(registration), form.what.data, form.draft(), by=current_user)
        case _:
            why, told = form.text.data or "", mailing()
            ruling.appeal(db.session, _conflict(registration), by=current_user, reason=why, mailing=told)


def _conflict(registration: Registration) -> Conflict:
    found = list_conflicts(db.session, current_user, registration)
    if not found:
        raise NotFound
    return get_conflict(db.session, current_user, found[0].id)

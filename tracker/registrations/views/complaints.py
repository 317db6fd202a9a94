"""Complaints about diverted prices and goods and faked sites: a dealer's own page, ours, and the desk's decision."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access import Action, can, require
from tracker.dealers.models import Dealer
from tracker.dealers.queries.profiles import get_dealer, get_own
from tracker.errors import AlreadyDone, Refused
from tracker.exports.claims import COMPLAINTS
from tracker.exports.queries import rows_of
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from tracker.registrations.forms import ComplaintForm, VerdictForm
from tracker.registrations.models import DiversionComplaint
from tracker.registrations.operations.complaints import complain, decide_complaint
from tracker.registrations.queries.complaints import (
    complaints_asked,
    get_complaint,
    list_complaints,
    list_entered,
    list_proofs,
    list_upheld_against,
)
from tracker.registrations.queries.registrations import dealer_names
from tracker.registrations.views.blueprint import blueprint, mailing, show_refusal, staged_of, take_files
from tracker.registrations.wording import ABOUT_NAMES, VERDICT_NAMES, VERDICT_TAGS

NAMES: dict[str, Any] = {"about": ABOUT_NAMES, "verdicts": VERDICT_NAMES, "tags": VERDICT_TAGS}


@blueprint.get("/dealers/mine/complaints")
@login_required
def mine_complaints() -> ResponseReturnValue:
    """What the company complained about, and what was upheld against it."""
    return _mine(get_own(db.session, current_user), _empty())


def _empty() -> ComplaintForm:
    form = ComplaintForm(formdata=None)
    form.on.data = clock.today()
    return form


def _mine(dealer: Dealer, form: ComplaintForm, status: int = 200, refused: Any = ()) -> ResponseReturnValue:
    return respond(
        "registrations/my_complaints.html",
        status=status,
        entered=list_entered(db.session, current_user),
        upheld=list_upheld_against(db.session, current_user, dealer),
        form=form,
        refused=refused,
        **staged_of(form),
        **NAMES,
    )


@blueprint.post("/dealers/mine/complaints")
@login_required
def mine_complain() -> ResponseReturnValue:
    """Complain."""
    get_own(db.session, current_user)
    return _take(
        ComplaintForm(),
        lambda form, refused: _mine(get_own(db.session, current_user), form, 422, refused),
        url_for("registrations.mine_complaints"),
    )


def _take(form: ComplaintForm, again: Any, done: str) -> ResponseReturnValue:
    refused = take_files(form)
    if refused or not form.validate_on_submit():
        return again(form, refused)
    try:
        complain(db.session, form.draft(), by=current_user, mailing=mailing())
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "text")
        return again(form, ())
    db.session.commit()
    flash(_("Sent. Dealer management looks into it; nobody but who decides learns who complained."))
    return go_to(done)


@blueprint.get("/registrations/complaints")
@login_required
def complaints_page() -> ResponseReturnValue:
    """Those that wait first; one may be entered here."""
    staff_only()
    if format_asked():
        rows = rows_of(db.session, complaints_asked(current_user))
        return send_list(COMPLAINTS, (row.DiversionComplaint for row in rows))
    return _ours(_offered(_empty()))


def _offered(form: ComplaintForm) -> ComplaintForm:
    form.offer(dealer_names(db.session, current_user))
    return form


def _ours(form: ComplaintForm, status: int = 200, refused: Any = ()) -> ResponseReturnValue:
    return respond(
        "registrations/complaints.html",
        status=status,
        page=list_complaints(db.session, current_user, request.args.get("page", 1, type=int)),
        form=form,
        refused=refused,
        can_complain=can(current_user, Action.RECORD_LOG),
        **staged_of(form),
        **NAMES,
    )


@blueprint.post("/registrations/complaints")
@login_required
def enter_complaint() -> ResponseReturnValue:
    """Enter one of ours, or one that somebody told us."""
    staff_only()
    require(current_user, Action.RECORD_LOG)
    return _take(
        _offered(ComplaintForm()),
        lambda form, refused: _ours(_offered(form), 422, refused),
        url_for("registrations.complaints_page"),
    )


@blueprint.get("/registrations/complaints/<int:complaint_id>")
@login_required
def complaint_page(complaint_id: int) -> ResponseReturnValue:
    """One complaint with its evidence, and the decision."""
    staff_only()
    return _page(get_complaint(db.session, current_user, complaint_id))


def _page(complaint: DiversionComplaint, status: int = 200, form: VerdictForm | None = None) -> ResponseReturnValue:
    form = form or VerdictForm(formdata=None, dealer_id=complaint.dealer_id)
    form.offer(dealer_names(db.session, current_user))
    return respond(
        "registrations/complaint.html",
        status=status,
        complaint=complaint,
        proofs=list_proofs(db.session, current_user, complaint),
        form=form,
        decides=complaint.state == "open" and can(current_user, Action.DEALER_DECIDE),
        **NAMES,
    )


@blueprint.post("/registrations/complaints/<int:complaint_id>")
@login_required
def decide(complaint_id: int) -> ResponseReturnValue:
    """Uphold or dismiss it."""
    staff_only()
    complaint = get_complaint(db.session, current_user, complaint_id)
    require(current_user, Action.DEALER_DECIDE)
    form = VerdictForm()
    form.offer(dealer_names(db.session, current_user))
    if not form.validate_on_submit():
        return _page(complaint, 422, form)
    dealer = get_dealer(db.session, current_user, form.dealer_id.data) if form.dealer_id.data else None
    said: dict[str, Any] = {"reason": form.reason.data or "", "deliberate": bool(form.deliberate.data),
                            "mailing": mailing()}  # fmt: skip
    try:
        decide_complaint(db.session, complaint, form.verdict.data, by=current_user, dealer=dealer, **said)
    except AlreadyDone:
        db.session.rollback()
        return go_to(url_for("registrations.complaint_page", complaint_id=complaint_id))
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "reason")
        return _page(get_complaint(db.session, current_user, complaint_id), 422, form)
    db.session.commit()
    flash(_("Decided."))
    return go_to(url_for("registrations.complaint_page", complaint_id=complaint_id))

"""The pool: what is there, claiming, putting back, more time, and its limits."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, is_dealer, may, require
from tracker.assigning.forms import LimitForm, ReturnForm, TimeForm, owner_forms
from tracker.assigning.operations import pool, timing
from tracker.assigning.queries import pool as reads
from tracker.assigning.views.blueprint import blueprint, settled
from tracker.errors import NotFound, Refused
from tracker.exports.listings import ORPHANS, POOL
from tracker.exports.queries import stream_orphans, stream_pool
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.leads.queries import get_lead
from tracker.leads.views.pages import lead_page
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.team.queries import get_role, list_regions, list_roles


@blueprint.get("/leads/pool")
@login_required
def page() -> ResponseReturnValue:
    """Leads and projects without an owner."""
    if format_asked() and not is_dealer(current_user):
        return _file()
    return _page(LimitForm(formdata=None))


def _file() -> ResponseReturnValue:
    if request.args.get("part") == "projects":
        return send_list(ORPHANS, stream_orphans(db.session, current_user))
    source, region = request.args.get("source", ""), request.args.get("region", type=int)
    return send_list(POOL, stream_pool(db.session, current_user, source=source, region=region))


def _page(form: LimitForm, status: int = 200, why: object = "") -> ResponseReturnValue:
    user, args = current_user, request.args
    if is_dealer(user):
        raise NotFound
    source, region = args.get("source", ""), args.get("region", type=int)
    sets = may(user, Action.ADMINISTER)
    if sets:
        form.offer(list_roles(db.session, user))
    return respond(
        "assigning/pool.html",
        status=status,
        page=reads.list_pool(db.session, user, source=source, region=region, page=args.get("page", 1, type=int)),
        orphans=reads.list_orphans(db.session, user),
        mine=reads.list_waiting_claims(db.session, user),
        allowed=reads.load_allowance(db.session, user),
        limits=reads.load_limits(db.session).values() if sets else (),
        form=form if sets else None,
        why=why,
        source=source,
        region=region,
        regions=list_regions(db.session),
        definition=current_definition(),
        can_claim=may(user, Action.LEAD_EDIT),
        can_assign=may(user, Action.LEAD_ASSIGN),
    )


@blueprint.post("/leads/<int:lead_id>/claim")
@login_required
def claim(lead_id: int) -> ResponseReturnValue:
    """Take a lead from the pool."""
    lead = get_lead(db.session, current_user, lead_id)
    try:
        pool.claim_lead(db.session, lead, by=current_user)
    except Refused as refusal:
        db.session.rollback()
        return _page(LimitForm(formdata=None), 422, refusal.message)
    db.session.commit()
    flash(_("The lead is yours. Answer by logging what you did."))
    return go_to(url_for("leads.page", lead_id=lead_id))


@blueprint.post("/leads/<int:lead_id>/release")
@login_required
def release(lead_id: int) -> ResponseReturnValue:
    """Put a lead back into the pool."""
    lead, form = get_lead(db.session, current_user, lead_id), ReturnForm(prefix="return-")
    if lead.owner_id != current_user.id:
        require(current_user, Action.LEAD_ASSIGN, lead)
    require(current_user, Action.LEAD_EDIT, lead)
    if not form.validate_on_submit():
        return lead_page(lead_id, status=422, having=owner_forms(returning=form))
    pool.return_lead(db.session, lead, by=current_user, reason=form.reason.data or "")
    db.session.commit()
    flash(_("The lead is in the pool."))
    return go_to(url_for("assigning.page"))


@blueprint.post("/leads/<int:lead_id>/time")
@login_required
def give_time(lead_id: int) -> ResponseReturnValue:
    """Give the owner more time for his answer, or no limit for now."""
    lead, form = get_lead(db.session, current_user, lead_id), TimeForm(prefix="time-")
    require(current_user, Action.LEAD_ASSIGN, lead)

    def again(form: TimeForm, status: int) -> ResponseReturnValue:
        return lead_page(lead_id, status=status, having=owner_forms(timing=form))

    def deed() -> None:
        timing.give_time(db.session, lead, by=current_user, until=form.until.data, reason=form.reason.data or "")

    return settled(form, deed, again, url_for("leads.page", lead_id=lead_id))


@blueprint.post("/leads/pool/limits")
@login_required
def set_limit() -> ResponseReturnValue:
    """How much people of a role may claim and carry."""
    staff_only()
    require(current_user, Action.ADMINISTER)
    form = LimitForm()
    form.offer(list_roles(db.session, current_user))
    return settled(form, lambda: _limit(form), _page, url_for("assigning.page"))


def _limit(form: LimitForm) -> None:
    role = get_role(db.session, current_user, form.role_id.data) if form.role_id.data else None
    numbers = {"waiting": form.waiting.data, "a_day": form.a_day.data, "load": form.load.data}
    pool.set_pool_limit(db.session, role, by=current_user, **numbers)

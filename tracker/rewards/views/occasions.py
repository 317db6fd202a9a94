"""Occasions: planning, inviting, who came, papers for all."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import carry_out
from tracker.access import Action, may
from tracker.contacts.choosing import chosen_contact
from tracker.errors import Refused
from tracker.exports.rewards import OCCASIONS
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.rewards import queries, wording
from tracker.rewards.forms import CallOffForm, InviteForm, OccasionForm, PapersForm, offered
from tracker.rewards.models import Occasion
from tracker.rewards.operations import occasions as operations
from tracker.rewards.views.blueprint import (
    blueprint,
    kinds,
    may_enter,
    staged_of,
    take_papers,
)


@blueprint.get("/occasions")
@login_required
def occasions() -> ResponseReturnValue:
    """Trainings, visits and trips, the newest first."""
    staff_only()
    if format_asked():
        return send_list(OCCASIONS, queries.stream_attended(db.session, current_user))
    page = queries.list_occasions(db.session, current_user, request.args.get("page", 1, type=int))
    counts = queries.count_guests(db.session, [one.id for one in page.items])
    return respond(
        "rewards/occasions.html", page=page, counts=counts, kinds=kinds(),
        can_enter=may(current_user, Action.REWARD_ENTER),
    )  # fmt: skip


@blueprint.get("/occasions/new")
@login_required
def new_occasion() -> ResponseReturnValue:
    """The form."""
    may_enter()
    return _form(OccasionForm())


def _form(form: OccasionForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    form.kind.choices = offered(current_definition())
    return respond("rewards/new_occasion.html", status=status, form=form, message=message)


@blueprint.post("/occasions/new")
@login_required
def plan_occasion() -> ResponseReturnValue:
    """Plan it."""
    may_enter()
    form, made = OccasionForm(), list[Occasion]()
    form.kind.choices = offered(current_definition())

    def deed() -> None:
        draft = operations.OccasionDraft(
            kind=form.kind.data, title=form.title.data or "", on=form.on.data, programme=form.programme.data or "",
            per_head=form.per_head.data or Decimal(0), until=form.until.data, place=form.place.data or None,
        )  # fmt: skip
        made.append(operations.plan_occasion(db.session, draft, by=current_user))

    def again(status: int, message: str) -> ResponseReturnValue:
        return _form(form, status, message)

    return carry_out(form, deed, lambda: _address(made[0].id), again)


@blueprint.get("/occasions/<int:occasion_id>")
@login_required
def occasion(occasion_id: int) -> ResponseReturnValue:
    """One with its guests."""
    return _page(occasion_id)


def _page(occasion_id: int, status: int = 200, message: str = "", **forms: object) -> ResponseReturnValue:
    staff_only()
    found = queries.get_occasion(db.session, current_user, occasion_id)
    guests = queries.guests_of(db.session, found)
    shown = {"invite": InviteForm, "off": CallOffForm, "papers": PapersForm}
    return respond(
        "rewards/occasion.html",
        status=status,
        occasion=found,
        guests=guests,
        kind=kinds().get(found.kind),
        forms={name: forms.get(name) or make(formdata=None) for name, make in shown.items()},
        staged_papers=staged_of(forms.get("papers")),
        wording=wording,
        message=message,
        over=found.on <= clock.today(),
        signable=queries.count_to_sign(db.session, current_user, found),
        can_enter=may(current_user, Action.REWARD_ENTER),
    )


def _occasion(occasion_id: int) -> Occasion:
    may_enter()
    return queries.get_occasion(db.session, current_user, occasion_id)


@blueprint.post("/occasions/<int:occasion_id>/guests")
@login_required
def invite(occasion_id: int) -> ResponseReturnValue:
    """Invite somebody."""
    found, form = _occasion(occasion_id), InviteForm()

    def deed() -> None:
        operations.invite(
            db.session, found, chosen_contact(db.session, current_user, form.who.data, "who"), by=current_user
        )

    def again(status: int, message: str) -> ResponseReturnValue:
        return _page(occasion_id, status, message, invite=form)

    return carry_out(form, deed, lambda: _address(occasion_id), again)


@blueprint.post("/occasions/<int:occasion_id>/came")
@login_required
def note_came(occasion_id: int) -> ResponseReturnValue:
    """Write down who came."""
    found = _occasion(occasion_id)
    wanted = set(request.form.getlist("came", type=int))
    came = [guest for guest in queries.guests_of(db.session, found) if guest.id in wanted and guest.state == "agreed"]
    try:
        operations.note_came(db.session, found, came, by=current_user)
    except Refused as error:
        db.session.rollback()
        return _page(occasion_id, 422, str(error.message))
    db.session.commit()
    flash(_("Saved."))
    return go_to(_address(occasion_id))


@blueprint.post("/occasions/<int:occasion_id>/sign")
@login_required
def sign_all(occasion_id: int) -> ResponseReturnValue:
    """Sign every request of this occasion that waits for the reader, with one sentence."""
    staff_only()
    found = queries.get_occasion(db.session, current_user, occasion_id)
    try:
        signed = operations.sign_all(db.session, found, by=current_user, answer=request.form.get("answer", ""))
    except Refused as error:
        db.session.rollback()
        return _page(occasion_id, 422, str(error.message))
    db.session.commit()
    flash(_("%(num)s signed.", num=signed))
    return go_to(_address(occasion_id))


@blueprint.post("/occasions/<int:occasion_id>/papers")
@login_required
def file_papers_of_all(occasion_id: int) -> ResponseReturnValue:
    """File the papers of all who came."""
    _occasion(occasion_id)
    form = PapersForm()
    refused = take_papers(form)
    if refused:
        return _page(occasion_id, 422, refused, papers=form)

    def deed() -> None:
        found = queries.get_occasion(db.session, current_user, occasion_id)  # staging commits
        operations.file_papers_of_all(
            db.session, found, by=current_user, note=form.note.data or "", documents=form.tokens()
        )

    def again(status: int, message: str) -> ResponseReturnValue:
        return _page(occasion_id, status, message, papers=form)

    return carry_out(form, deed, lambda: _address(occasion_id), again)


@blueprint.post("/occasions/<int:occasion_id>/off")
@login_required
def call_off_occasion(occasion_id: int) -> ResponseReturnValue:
    """It does not take place."""
    found, form = _occasion(occasion_id), CallOffForm()

    def deed() -> None:
        operations.call_off_occasion(db.session, found, by=current_user, reason=form.reason.data or "")

    def again(status: int, message: str) -> ResponseReturnValue:
        return _page(occasion_id, status, message, off=form)

    return carry_out(form, deed, lambda: _address(occasion_id), again)


def _address(occasion_id: int) -> str:
    return url_for("rewards.occasion", occasion_id=occasion_id)

"""The people of a dealer's company, for his own administrator: invited, switched off and on, their work handed on."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.dealers.models import Dealer
from tracker.dealers.operations.people import Invited, invite, new_link, switch
from tracker.dealers.queries.profiles import get_own
from tracker.errors import Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _, _n
from tracker.reader import current_user
from tracker.registrations.forms import InviteForm, SuccessorForm
from tracker.registrations.operations.holding import hand_on
from tracker.registrations.queries.people import list_own_people
from tracker.registrations.views.blueprint import blueprint, show_refusal
from tracker.team.models import User
from tracker.team.queries import get_user
from tracker.team.views.links import mail_link


@blueprint.get("/dealers/mine/people")
@login_required
def mine_people() -> ResponseReturnValue:
    """Everybody of the company."""
    dealer = _managed()
    return respond("registrations/people.html", dealer=dealer, people=list_own_people(db.session, current_user, dealer))


def _managed() -> Dealer:
    dealer = get_own(db.session, current_user)
    require(current_user, Action.DEALER_PEOPLE)
    return dealer


@blueprint.get("/dealers/mine/people/new")
@login_required
def mine_invite() -> ResponseReturnValue:
    """The empty form."""
    _managed()
    return respond("registrations/invite.html", form=InviteForm(formdata=None))


@blueprint.post("/dealers/mine/people/new")
@login_required
def mine_invited() -> ResponseReturnValue:
    """Add somebody and show the link by which he sets his password, once."""
    dealer, form = _managed(), InviteForm()
    if not form.validate_on_submit():
        return respond("registrations/invite.html", status=422, form=form)
    typed = {name: form[name].data or "" for name in ("name", "phone", "email", "post")}
    try:
        person, token = invite(db.session, dealer, Invited(**typed), by=current_user)
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "name")
        return respond("registrations/invite.html", status=422, form=form)
    db.session.commit()
    return _with_link(person.id, token)


def _with_link(user_id: int, token: str) -> ResponseReturnValue:
    person = get_user(db.session, current_user, user_id)
    mail_link(person, token)
    return _page(person, link=url_for("team.new_password", token=token, _external=True))


@blueprint.get("/dealers/mine/people/<int:user_id>")
@login_required
def mine_person(user_id: int) -> ResponseReturnValue:
    """One of them."""
    return _page(_own(user_id))


def _own(user_id: int) -> User:
    _managed()
    return get_user(db.session, current_user, user_id)


def _page(person: User, status: int = 200, form: SuccessorForm | None = None, **shown: Any) -> ResponseReturnValue:
    people = list_own_people(db.session, current_user, get_own(db.session, current_user))
    held = next((number for one, number in people if one.id == person.id), 0)
    form = form or SuccessorForm(formdata=None)
    form.offer([(one.id, one.name) for one, _held in people if one.active and one.id != person.id])
    return respond("registrations/person.html", status=status, person=person, held=held, form=form,
                   **{"link": None, "message": None, **shown})  # fmt: skip


@blueprint.post("/dealers/mine/people/<int:user_id>/link")
@login_required
def mine_link(user_id: int) -> ResponseReturnValue:
    """A new link to set a password; it is shown this once."""
    person = _own(user_id)
    token = new_link(db.session, person, by=current_user)
    db.session.commit()
    return _with_link(user_id, token)


@blueprint.post("/dealers/mine/people/<int:user_id>/active")
@login_required
def mine_switch(user_id: int) -> ResponseReturnValue:
    """Switch an account off (all its sessions end at once) or on again."""
    person, active = _own(user_id), request.form.get("active") == "1"
    try:
        switch(db.session, person, active, by=current_user)
    except Refused as error:
        db.session.rollback()
        return _page(_own(user_id), 422, message=error.message)
    db.session.commit()
    flash(_("The account is on.") if active else _("The account is off and signed out everywhere."))
    return go_to(url_for("registrations.mine_person", user_id=user_id))


@blueprint.post("/dealers/mine/people/<int:user_id>/hand-on")
@login_required
def mine_hand_on(user_id: int) -> ResponseReturnValue:
    """Give his open registrations to a colleague."""
    person, form = _own(user_id), SuccessorForm()
    people = list_own_people(db.session, current_user, get_own(db.session, current_user))
    form.offer([(one.id, one.name) for one, _held in people if one.active and one.id != person.id])
    if not form.validate_on_submit():
        return _page(person, 422, form)
    successor = next((one for one, _held in people if one.id == form.successor_id.data), None)
    try:
        count = hand_on(db.session, person, successor, by=current_user)
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "successor_id")
        return _page(_own(user_id), 422, form)
    db.session.commit()
    flash(_n("%(num)d registration handed on.", "%(num)d registrations handed on.", count))
    return go_to(url_for("registrations.mine_person", user_id=user_id))

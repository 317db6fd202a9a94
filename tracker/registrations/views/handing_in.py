"""The dealer's form: drawn up, asked about, handed in."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, require
from tracker.dealers.models import Dealer
from tracker.dealers.queries.profiles import get_own
from tracker.errors import Refused
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.registrations.forms import RegistrationForm
from tracker.registrations.models import MENDABLE, Registration
from tracker.registrations.operations.handing_in import draw_up, submit
from tracker.registrations.queries.checking import check
from tracker.registrations.queries.registrations import get_registration, quota_of
from tracker.registrations.views.blueprint import (
    NAMES,
    blueprint,
    mailing,
    may_ask_again,
    show_refusal,
    staged_of,
    take_files,
)
from tracker.registrations.wording import WORD_NAMES


@blueprint.get("/dealers/mine/registrations/new")
@login_required
def mine_new() -> ResponseReturnValue:
    """The empty form."""
    dealer = get_own(db.session, current_user)
    require(current_user, Action.REGISTRATION_FILE)
    form = RegistrationForm(formdata=None)
    form.step.data = current_definition().steps[0].key
    return _page(dealer, form, None)


@blueprint.post("/dealers/mine/registrations/new")
@login_required
def mine_draw_up() -> ResponseReturnValue:
    """Keep it as a draft, ask about the site, or hand it in."""
    return _take(get_own(db.session, current_user), None)


@blueprint.get("/dealers/mine/registrations/<int:registration_id>/edit")
@login_required
def mine_edit(registration_id: int) -> ResponseReturnValue:
    """The form of a draft, or of what was returned."""
    dealer = get_own(db.session, current_user)
    registration = get_registration(db.session, current_user, registration_id)
    if registration.state not in MENDABLE:
        return go_to(url_for("registrations.mine_page", registration_id=registration_id))
    form = RegistrationForm(formdata=None, obj=registration)
    form.show(registration)
    return _page(dealer, form, registration)


@blueprint.post("/dealers/mine/registrations/<int:registration_id>/edit")
@login_required
def mine_mend(registration_id: int) -> ResponseReturnValue:
    """Keep it mended, ask about the site, or hand it in again."""
    dealer = get_own(db.session, current_user)
    return _take(dealer, get_registration(db.session, current_user, registration_id))


def _take(dealer: Dealer, registration: Registration | None) -> ResponseReturnValue:
    require(current_user, Action.REGISTRATION_FILE)
    form = RegistrationForm()
    form.offer(current_definition())
    refused, known = take_files(form), registration.id if registration else None
    if refused or not form.validate_on_submit():
        return _page(dealer, form, registration, 422, refused=refused)
    then = request.form.get("then", "keep")
    try:
        kept = draw_up(db.session, dealer, form.draft(), by=current_user, registration=registration)
        if then == "submit":
            _count()
            word = submit(db.session, kept, by=current_user, mailing=mailing())
            db.session.commit()
            flash(_("Handed in. The site is %(word)s.", word=WORD_NAMES[word]))
            return go_to(url_for("registrations.mine_page", registration_id=kept.id))
        if then == "check":
            _count()
            word = check(db.session, current_user, kept, dealer).word
            db.session.commit()
            flash(_("The site is %(word)s. It is kept as a draft; nothing is handed in yet.", word=WORD_NAMES[word]))
            return go_to(url_for("registrations.mine_edit", registration_id=kept.id))
    except Refused as error:
        db.session.rollback()
        show_refusal(form, error, "name")
        again = get_registration(db.session, current_user, known) if known else None
        return _page(get_own(db.session, current_user), form, again, 422)
    db.session.commit()
    flash(_("Kept as a draft."))
    return go_to(url_for("registrations.mine_page", registration_id=kept.id))


def _count() -> None:
    """Who asks for the word too often waits."""
    if not may_ask_again():
        raise Refused(
            _("You have asked about many sites in the last hour. What you typed is kept; ask a little later.")
        )


def _page(
    dealer: Dealer, form: RegistrationForm, registration: Registration | None, status: int = 200, refused: Any = ()
) -> ResponseReturnValue:
    form.offer(current_definition())
    return respond(
        "registrations/edit.html",
        status=status,
        dealer=dealer,
        form=form,
        registration=registration,
        refused=refused,
        quota=quota_of(db.session, dealer.id),
        **staged_of(form),
        **NAMES,
    )

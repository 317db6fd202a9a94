"""Drawing on a frame agreement, and taking a call-off back."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.accepting import carry_out
from tracker.accounts.forms import WhyForm
from tracker.accounts.operations import call_offs as operations
from tracker.accounts.queries.agreements import get_call_off
from tracker.accounts.views.agreements import agreement_page, call_off_form, changeable
from tracker.accounts.views.blueprint import blueprint
from tracker.extensions import db
from tracker.i18n import _
from tracker.projects.queries import get_project
from tracker.reader import current_user


@blueprint.post("/accounts/agreements/<int:agreement_id>/call-offs")
@login_required
def call_off(agreement_id: int) -> ResponseReturnValue:
    """Draw on the agreement for a line of a project."""
    agreement = changeable(agreement_id)
    form = call_off_form(agreement)

    def deed() -> None:
        project = get_project(db.session, current_user, form.project_id.data)
        names = ("category", "on", "quantity", "value", "price_id")
        values: dict[str, Any] = {name: form[name].data for name in names}
        draft = operations.CallOffDraft(**values, note=form.note.data or None)
        drawn = operations.call_off(db.session, agreement, project, draft, by=current_user)
        if drawn.exceeded:
            flash(_("More is called off now than was agreed."), "warning")
        if not drawn.names_it:
            flash(_("The project does not name this agreement; its owner can enter the number."), "warning")

    done = url_for("accounts.agreement", agreement_id=agreement_id, _anchor="call-offs")
    return carry_out(
        form,
        deed,
        done,
        lambda status, message: agreement_page(agreement_id, status, message, call_off=form),
        _("Added."),
    )


@blueprint.post("/accounts/agreements/<int:agreement_id>/call-offs/<int:row_id>/void")
@login_required
def void_call_off(agreement_id: int, row_id: int) -> ResponseReturnValue:
    """Take a call-off back; it stays in sight."""
    agreement, form = changeable(agreement_id), WhyForm()
    row = get_call_off(db.session, current_user, agreement, row_id)
    done = url_for("accounts.agreement", agreement_id=agreement_id, _anchor="call-offs")

    def deed() -> None:
        operations.void_call_off(db.session, agreement, row, by=current_user, reason=form.reason.data or "")

    return carry_out(
        form,
        deed,
        done,
        lambda status, message: agreement_page(agreement_id, status, message or _("Say in a sentence why.")),
    )

"""Doing what a form asks, where a value may turn out not to be acceptable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from tracker.errors import Invalid, Refused
from tracker.extensions import db
from tracker.forms import Form
from tracker.htmx import go_to
from tracker.i18n import _, lang
from tracker.matrix.operations.judging import Blocked

Again = Callable[[int, str], ResponseReturnValue]
"""Shows a page with its form again: takes the status, and a message that belongs to no field."""


def accepted(form: Form, deed: Callable[[], Any]) -> bool:
    """Do it; where a value is refused, take everything back and say why at the field. The caller commits."""
    try:
        deed()
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return False
    return True


def carry_out(
    form: Any,
    deed: Callable[[], Any],
    done: str | Callable[[], str],
    again: Again,
    told: str | None = "",
    field: str = "",
) -> ResponseReturnValue:
    """Validate the form, do it, commit and go on to `done`; what is refused comes back with what was typed.

    `told`: what the next page says of it; None: nothing. `field`: where a refusal that belongs to no field stands;
    without it the page gets it as a message. `again` loads anew what a rollback forgets.
    """
    if not form.validate_on_submit():
        return again(422, "")
    try:
        deed()
    except Refused as error:
        db.session.rollback()
        return _refused(form, error, again, field)
    target = done if isinstance(done, str) else done()
    db.session.commit()
    if told is not None:
        flash(told or _("Saved."))
    return go_to(target)


def _refused(form: Any, error: Refused, again: Again, field: str) -> ResponseReturnValue:
    if isinstance(error, Blocked):  # a rule of the matrix: say which and why
        return again(422, " ".join(f"{one.detail.get(lang())} ({one.rule_id})" for one in error.decision.blocking))
    named = error.field if isinstance(error, Invalid) and error.field in form else field
    if named:
        form[named].errors = [error.message]
        return again(422, "")
    return again(422, str(error.message))

"""Doing what a form asks, where a value may turn out not to be acceptable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracker.errors import Invalid
from tracker.extensions import db
from tracker.forms import Form


def accepted(form: Form, deed: Callable[[], Any]) -> bool:
    """Do it; where a value is refused, take everything back and say why at the field. The caller commits."""
    try:
        deed()
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return False
    return True

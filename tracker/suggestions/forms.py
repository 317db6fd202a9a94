"""The forms of suggestions."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.forms import Form
from tracker.i18n import _l
from tracker.suggestions.operations import LONGEST

STATES: dict[str, tuple[str, Any]] = {
    "open": ("warn", _l("not answered yet")),
    "taken_up": ("good", _l("taken up")),
    "declined": ("plain", _l("declined")),
}


class SuggestionForm(Form):
    """What somebody suggests."""

    text = TextAreaField(
        _l("What you suggest to management"),
        validators=[InputRequired(_l("Please fill this in.")), Length(max=LONGEST)],
    )


class ManagementForm(Form):
    """What management answers."""

    state = RadioField(
        _l("What becomes of it"),
        choices=[("taken_up", _l("We take it up")), ("declined", _l("We do not do it"))],
        default="taken_up",
    )
    text = TextAreaField(_l("Answer"), validators=[InputRequired(_l("Please fill this in.")), Length(max=LONGEST)])

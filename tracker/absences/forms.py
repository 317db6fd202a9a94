"""The form in which somebody says that he, or one of his people, is away."""

from __future__ import annotations

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from tracker.absences.choosing import Choices
from tracker.absences.models import OTHER
from tracker.absences.operations import Leave
from tracker.forms import Form
from tracker.i18n import _l
from tracker.incoming import optional_key

DATE = _l("Write the date as year-month-day, such as 2026-03-16.")

KIND_WORDS = {
    "trip": _l("business trip"),
    "leave": _l("leave"),
    "training": _l("training"),
    "sick": _l("sick"),
    "other": _l("something else"),
}
"""What each kind of absence is called."""


class AbsenceForm(Form):
    """From when to when, who stands in, where and why."""

    starts_on = DateField(_l("First day away"), validators=[InputRequired(DATE)])
    ends_on = DateField(_l("Last day away"), validators=[InputRequired(DATE)])
    kind = SelectField(_l("What for"), choices=list(KIND_WORDS.items()), default=OTHER)
    stand_in_id = SelectField(_l("Who stands in"), coerce=optional_key, validators=[Optional()])
    place = StringField(_l("Where"), validators=[Length(max=120)])
    reason = StringField(_l("Why"), validators=[Length(max=300)])

    def offer(self, people: Choices) -> None:
        """Fill the choices."""
        self.stand_in_id.choices = [("", _l("nobody in particular")), *people]

    def leave(self) -> Leave:
        """What was said."""
        assert self.starts_on.data and self.ends_on.data  # both are required
        return Leave(
            self.starts_on.data,
            self.ends_on.data,
            self.stand_in_id.data,
            self.place.data or "",
            self.reason.data or "",
            self.kind.data or OTHER,
        )

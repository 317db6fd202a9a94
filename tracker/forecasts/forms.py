"""The form in which somebody says what he expects."""

from __future__ import annotations

from wtforms import DateField, DecimalField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from tracker.forecasts.operations import LARGEST, Expectation
from tracker.forms import Form
from tracker.i18n import _l

DATE = _l("Write the date as year-month-day, such as 2026-03-16.")


class ForecastForm(Form):
    """How much, by when, how sure, and what changed."""

    value = DecimalField(_l("How much it brings"), validators=[InputRequired(), NumberRange(min=0, max=LARGEST)])
    expected_on = DateField(_l("Signed by"), validators=[InputRequired(DATE)])
    sure = IntegerField(_l("How sure, of 100"), default=50, validators=[InputRequired(), NumberRange(min=0, max=100)])
    reason = StringField(_l("What changed"), validators=[Length(max=300)])

    def expectation(self) -> Expectation:
        """What was said."""
        assert self.value.data is not None and self.expected_on.data is not None  # both are required
        return Expectation(self.value.data, self.expected_on.data, int(self.sure.data or 0), self.reason.data or "")

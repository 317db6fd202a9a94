"""The forms of reports: remarks, what comes by mail, and which sections a kind of report has."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.forms import Form
from tracker.i18n import _l
from tracker.reports.composing import Subject
from tracker.reports.operations.remarking import LONGEST
from tracker.reports.operations.subscribing import LAST_HOUR, Wish
from tracker.reports.periods import GOES_OUT
from tracker.reports.wording import PERIODS, SUBJECTS, WEEKDAYS
from tracker.team.models import User


class RemarkForm(Form):
    """What somebody adds to his report before it goes out."""

    remarks = TextAreaField(_l("Remarks"), validators=[Length(max=LONGEST)])


class WishForm(Form):
    """Which reports come by mail, and when."""

    reader = SelectField(_l("Who gets it"), coerce=int)
    subject = SelectField(_l("About whom"), validators=[InputRequired()])
    period = SelectField(_l("Which report"), choices=list(PERIODS.items()), default="week")
    weekday = SelectField(_l("On which day of the week"), coerce=int, default=1)
    monthday = SelectField(_l("On which day of the month"), coerce=int, default=1)
    hour = SelectField(_l("At what time"), coerce=int, default=GOES_OUT)

    def offer(self, subjects: Sequence[Subject], readers: Sequence[User]) -> None:
        """Fill the choices; who gets it is the first of the readers where nothing is said."""
        self.reader.choices = [(one.id, one.name) for one in readers]
        self.reader.data = self.reader.data or (readers[0].id if readers else None)
        self.subject.choices = [(one.key, f"{SUBJECTS[one.of]}: {one.name}") for one in subjects]
        self.weekday.choices = list(enumerate(WEEKDAYS, start=1))
        self.monthday.choices = [(number, str(number)) for number in range(1, 29)]
        self.hour.choices = [(hour, f"{hour:02d}:00") for hour in range(GOES_OUT, LAST_HOUR + 1)]

    def wish(self) -> Wish:
        """What was chosen."""
        period = self.period.data or ""
        day = {"week": self.weekday.data, "month": self.monthday.data}.get(period) or 1
        return Wish(
            int(self.reader.data or 0), self.subject.data or "", period, int(day), int(self.hour.data or GOES_OUT), True
        )

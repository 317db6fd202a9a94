"""The forms in which something is said about a piece of work, and answered."""

from __future__ import annotations

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.absences.choosing import Choices
from tracker.annotations.operations import LONGEST, Words
from tracker.annotations.wording import KINDS
from tracker.forms import Form
from tracker.i18n import _l
from tracker.incoming import optional_key


class AnnotationForm(Form):
    """What is said to whom, and who is brought in."""

    kind = RadioField(_l("What it is"), choices=list(KINDS.items()), default="ask", validators=[InputRequired()])
    to_id = SelectField(
        _l("To whom"), coerce=optional_key, validators=[InputRequired(_l("Choose who is to read this."))]
    )
    text = TextAreaField(
        _l("What you say"), validators=[InputRequired(_l("Please fill this in.")), Length(max=LONGEST)]
    )
    bring = SelectMultipleField(_l("Bring in"), coerce=optional_key, validators=[Optional()])

    def offer(self, people: Choices, dealers: Choices = ()) -> None:  # type: ignore[assignment]
        """Fill the choices: our people, and those of the dealer where the thing is his."""
        self.to_id.choices = [("", _l("Choose")), *dealers, *people]
        self.bring.choices = list(people)

    def words(self) -> Words:
        """What was said."""
        bring = tuple(one for one in self.bring.data or () if one)
        return Words(self.kind.data or "", self.text.data or "", self.to_id.data, bring)


class AnswerForm(Form):
    """An answer."""

    text = TextAreaField(_l("Answer"), validators=[InputRequired(_l("Please fill this in.")), Length(max=LONGEST)])

"""The base of all forms: what WTForms says by itself comes out as our own sentences, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from tracker.i18n import _l

TOO_LONG = _l("At most %(max)d characters, please.")
NOT_OFFERED = _l("Choose one of the values in the list.")
UNFIT = _l("This value does not fit here.")

SENTENCES: dict[str, Any] = {
    "This field is required.": _l("Please fill this in."),
    "Not a valid choice.": NOT_OFFERED,
    "Invalid Choice: could not coerce.": NOT_OFFERED,
    "'%(value)s' is not a valid choice for this field.": NOT_OFFERED,
    "'%(value)s' are not valid choices for this field.": NOT_OFFERED,
    "One or more data inputs could not be coerced.": NOT_OFFERED,
    "Not a valid integer value.": _l("Write a whole number."),
    "Not a valid date value.": _l("Write the date as year-month-day, such as 2026-03-16."),
    "Number must be at least %(min)s.": _l("At least %(min)s, please."),
    "Number must be at most %(max)s.": _l("At most %(max)s, please."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number from %(min)s to %(max)s."),
    "Field must be at least %(min)d character long.": _l("At least %(min)d characters, please."),
    "Field must be at least %(min)d characters long.": _l("At least %(min)d characters, please."),
    "Field cannot be longer than %(max)d character.": TOO_LONG,
    "Field cannot be longer than %(max)d characters.": TOO_LONG,
    "Field must be between %(min)d and %(max)d characters long.": _l("From %(min)d to %(max)d characters, please."),
}  # what WTForms says -> what we say; a sentence that is not here becomes UNFIT


class Sentences:
    """What WTForms asks for its messages: the English one in, ours out, with its placeholders still open."""

    def gettext(self, message: str) -> str:
        """Our sentence for one of WTForms'."""
        return str(SENTENCES.get(message, UNFIT))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Our sentence for one of WTForms' that counts."""
        return self.gettext(singular if number == 1 else plural)


class Form(FlaskForm):
    """A form of ours: protected against forgery, speaking the reader's language."""

    class Meta(FlaskForm.Meta):
        """How WTForms makes the form."""

        def get_translations(self, form: Any) -> Sentences:
            """Who says what is wrong."""
            return Sentences()

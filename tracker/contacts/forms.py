"""Forms of contacts. They check shape; what a day or number may be is for the operations."""

from __future__ import annotations

import re
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from tracker import clock
from tracker.contacts.wording import CARES, CONSENTS, LINKS, PREFERRED, STRENGTHS, WAYS
from tracker.forms import Form
from tracker.i18n import _l
from tracker.matrix.forms import NO_DATE, ManyField

_BIRTHDAY = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Pairs = list[tuple[Any, Any]]


def choices(words: dict[Any, Any], empty: Any = None) -> Pairs:
    """The choices of a select, with one for none in front where `empty` says how it is called."""
    return ([("", empty)] if empty is not None else []) + list(words.items())


def birthday_parts(text: str | None) -> tuple[int | None, int | None, int | None] | None:
    """Year, month and day of a birthday as people write it, the year where it is said; None where it is none."""
    if not (text or "").strip():
        return None, None, None
    found = _BIRTHDAY.fullmatch((text or "").strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert month is not None and day is not None  # the pattern holds them
    fits = 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] and (year is None or 1900 <= year <= clock.today().year)
    return (year, month, day) if fits else None


class ContactForm(Form):
    """A person at a firm."""

    name = StringField(_l("Full name"), validators=[DataRequired(_l("A contact needs a name.")), Length(max=80)])
    post = StringField(_l("Post"), validators=[Length(max=80)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    email = StringField(_l("E-mail"), validators=[Optional(), Length(max=200)])
    birthday = StringField(_l("Birthday"), validators=[Length(max=20)])
    preferred_way = SelectField(_l("Prefers to be reached"), choices=choices(PREFERRED, _l("not said")), default="")
    cares = ManyField(_l("What he cares about"))
    care_note = StringField(_l("What he cares about, in words"), validators=[Length(max=500)])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    version = HiddenField()

    cares_offered = CARES

    def validate_birthday(self, field: StringField) -> None:
        """Refuse what is no day of a year."""
        if birthday_parts(field.data) is None:
            raise ValidationError(_l("Write month and day, such as 03-16, with the year in front if you know it."))

    def values(self) -> dict[str, Any]:
        """What was typed, empty texts as None."""
        fields = ("post", "phone", "email", "note", "preferred_way", "care_note")
        year, month, day = birthday_parts(self.birthday.data) or (None, None, None)
        born = {"birth_year": year, "birth_month": month, "birth_day": day}
        texts = {key: self[key].data or None for key in fields}
        return {"name": self.name.data, "cares": list(self.cares.data or ()), **born, **texts}


class WayForm(Form):
    """A further number or address."""

    kind = SelectField(_l("What it is"), choices=choices(WAYS))
    value = StringField(_l("Number or address"), validators=[DataRequired(_l("Write the number or address.")),
                                                             Length(max=200)])  # fmt: skip
    main = BooleanField(_l("the main one"))


class MoveForm(Form):
    """Another post, from a day on."""

    firm = StringField(_l("Firm"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])
    post = StringField(_l("Post"), validators=[Length(max=80)])
    on = DateField(_l("Since"), validators=[InputRequired(NO_DATE)])
    note = StringField(_l("Note"), validators=[Length(max=300)])
    version = HiddenField()


class GoneForm(Form):
    """That somebody is at his firm no more, and nobody knows where he went."""

    on = DateField(_l("Since"), validators=[InputRequired(NO_DATE)])
    note = StringField(_l("What is known of it"), validators=[Length(max=300)])
    version = HiddenField()


class PastForm(Form):
    """A post held before."""

    firm = StringField(_l("Firm"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])
    post = StringField(_l("Post"), validators=[Length(max=80)])
    since = DateField(_l("From"), validators=[Optional()])
    until = DateField(_l("Until"), validators=[Optional()])


class LinkForm(Form):
    """That this person knows another contact, or the other way round."""

    other = StringField(_l("Other contact"), validators=[DataRequired(_l("Choose the contact from the list.")),
                                                         Length(max=300)])  # fmt: skip
    way = SelectField(_l("How they stand to each other"))
    strength = SelectField(_l("How well"), coerce=int, choices=choices(STRENGTHS), default=2)
    note = StringField(_l("Note"), validators=[Length(max=300)])

    WAYS: dict[str, Any] = {
        "knows": _l("he knows the other"),
        "reports_to": _l("he reports to the other"),
        "influences": _l("he influences the other"),
        "known": _l("the other knows him"),
        "reported_to": _l("the other reports to him"),
        "influenced": _l("the other influences him"),
    }
    TURNED = {"known": "knows", "reported_to": "reports_to", "influenced": "influences"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = choices(self.WAYS)


class OursForm(Form):
    """Who of ours knows this person."""

    user_id = SelectField(_l("Who of ours"), coerce=int)
    kind = SelectField(
        _l("How they stand to each other"),
        choices=choices({key: word for key, word in LINKS.items() if key != "reports_to"}),
    )
    strength = SelectField(_l("How well"), coerce=int, choices=choices(STRENGTHS), default=2)
    note = StringField(_l("Note"), validators=[Length(max=300)])


class ConsentForm(Form):
    """What a person said to being reached in a way."""

    what = SelectField(_l("What is agreed"), choices=choices(CONSENTS))
    given = RadioField(
        _l("What he said"), choices=[("1", _l("agreed")), ("0", _l("refused or took it back"))], default="1"
    )
    on = DateField(_l("When"), validators=[InputRequired(NO_DATE)])
    how = StringField(
        _l("How it was said"),
        validators=[DataRequired(_l("Say how it was said: on paper, by mail, on the phone to whom.")), Length(max=300)],
    )


class CardForm(Form):
    """The picture of a card."""

    files = MultipleFileField(_l("Picture of the card"))


class MapLinkForm(Form):
    """A link between two who stand on a project's map; one of ours is `u` and his number, a contact `c` and his."""

    source = SelectField(_l("One of the two"))
    kind = SelectField(_l("How they stand to each other"), choices=choices(LINKS))
    target = SelectField(_l("The other"))
    strength = SelectField(_l("How well"), coerce=int, choices=choices(STRENGTHS), default=2)


class CardsForm(Form):
    """A file of vCards."""

    file = MultipleFileField(_l("vCard file"))


class ForgetForm(Form):
    """Why a person is to be forgotten."""

    reason = StringField(
        _l("Who asked for it, and when"),
        validators=[InputRequired(_l("Say who asked for it and when.")), Length(max=300)],
    )
    sure = BooleanField(_l("I know that this cannot be taken back"),
                        validators=[InputRequired(_l("Say that you know it."))])  # fmt: skip

"""Forms of parties and contacts."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.parties.licences import KINDS as LICENCE_KINDS
from tracker.projects.forms import AmountField
from workflows.definition import Definition

CURRENCIES = [("CNY", "CNY ¥"), ("USD", "USD $"), ("EUR", "EUR €"), ("GBP", "GBP £")]
OWNERSHIPS: dict[str, Any] = {
    "private": _l("private"),
    "state": _l("state-owned"),
    "listed": _l("listed"),
    "foreign": _l("foreign"),
    "joint": _l("joint venture"),
}
"""To whom a firm belongs."""
NAME_KINDS: dict[str, Any] = {
    "short": _l("short name"),
    "former": _l("former name"),
    "english": _l("name in English"),
    "brand": _l("brand"),
    "other": _l("other name"),
}
"""What another name of a firm may be."""
_NOT_SAID = ("", _l("not said"))


class PartyForm(Form):
    """A firm."""

    name = StringField(_l("Name"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])
    short_name = StringField(_l("Short name"), validators=[Length(max=80)])
    kind = SelectField(_l("What it is"))
    parent_name = StringField(_l("Belongs to (group or parent firm)"), validators=[Length(max=200)])
    ownership = SelectField(_l("Ownership"), choices=[_NOT_SAID, *OWNERSHIPS.items()])
    region_id = SelectField(_l("Region"), coerce=optional_key, validators=[Optional()])
    staff = IntegerField(_l("Staff"), validators=[Optional(), NumberRange(0, 10_000_000)])
    annual_volume = AmountField(_l("Builds or turns over in a year"))
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    credit_code = StringField(_l("Unified social credit code"), validators=[Length(max=40)])
    address = StringField(_l("Address"), validators=[Length(max=300)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    version = HiddenField()

    def offer(self, definition: Definition, regions: Any) -> None:
        """Fill the choices from the definition, and the regions."""
        self.kind.choices = roles_of(definition)
        self.region_id.choices = [_NOT_SAID, *((one.id, one.name) for one in regions)]
        self.currency.data, self.ownership.data = self.currency.data or "CNY", self.ownership.data or ""

    def validate_annual_volume(self, field: Any) -> None:
        """Not below nothing."""
        if field.data is not None and field.data < 0:
            raise ValidationError(_l("A value cannot be negative."))

    def values(self) -> dict[str, Any]:
        """What was typed, empty texts as None; the firm above is for the view to find."""
        fields = ("short_name", "address", "phone", "note", "ownership", "region_id", "credit_code")
        plain = {"name": self.name.data, "kind": self.kind.data, "currency": self.currency.data}
        numbers = {"staff": self.staff.data, "annual_volume": self.annual_volume.data}
        return {**plain, **numbers, **{key: self[key].data or None for key in fields}}


def roles_of(definition: Definition) -> list[tuple[str, str]]:
    """What a firm may be, as choices."""
    return [(c.key, c.name.get(lang())) for c in definition.picklist("participant_kinds").items]


class NameForm(Form):
    """Another name of a firm."""

    kind = SelectField(_l("What name it is"), choices=list(NAME_KINDS.items()))
    name = StringField(_l("Other name"), validators=[DataRequired(_l("Write the other name.")), Length(max=200)])


class RoleForm(Form):
    """What a firm also is."""

    role = SelectField(_l("It also is"))

    def offer(self, definition: Definition) -> None:
        """Fill the choices."""
        self.role.choices = roles_of(definition)


class LicenceForm(Form):
    """A certificate of a firm."""

    kind = SelectField(_l("Certificate"), choices=list(LICENCE_KINDS.items()))
    number = StringField(
        _l("Number"), validators=[DataRequired(_l("Write the number of the certificate.")), Length(max=80)]
    )
    grade = StringField(_l("Grade and scope"), validators=[Length(max=120)])
    valid_until = DateField(_l("Valid until"), validators=[Optional()])


class EstimateForm(Form):
    """What a firm buys of a category in a year."""

    category = SelectField(_l("Category"))
    volume = AmountField(_l("Buys in a year"))
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    on = DateField(_l("As of"), validators=[Optional()], default=clock.today)
    grounds = TextAreaField(
        _l("On what grounds"), validators=[DataRequired(_l("Say on what grounds: who said it, or from what it is "
                                                           "reckoned.")), Length(max=2000)]
    )  # fmt: skip

    def offer(self, definition: Definition) -> None:
        """Fill the choices."""
        self.category.choices = [(one.category, one.name.get(lang())) for one in definition.windows]


class ContactForm(Form):
    """A new person at a firm."""

    name = StringField(_l("Full name"), validators=[DataRequired(_l("A contact needs a name.")), Length(max=80)])
    post = StringField(_l("Post"), validators=[Length(max=80)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    email = StringField(_l("E-mail"), validators=[Optional(), Length(max=200)])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])

    def values(self) -> dict[str, Any]:
        """What was typed, empty texts as None."""
        fields = ("post", "phone", "email", "note")
        return {"name": self.name.data, **{key: self[key].data or None for key in fields}}

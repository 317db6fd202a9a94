"""Forms of projects. They check shape; what is allowed is decided by the operations."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.projects.queries import Filters
from workflows.definition import Definition

MOST = Decimal(10) ** 13


class AmountField(Field):
    """A number as people write it: `1,280,000`, `1280万`, `1.28亿`."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.normalize():f}" if isinstance(self.data, Decimal) and self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; a wrong number keeps its text and gets a message."""
        text = (valuelist[0] if valuelist else "").strip().replace(",", "").replace(" ", "").replace("，", "")
        self.data: Any = None
        if not text:
            return
        factor = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}.get(text[-1], Decimal(1))
        try:
            self.data = Decimal(text.rstrip("万亿").lstrip("¥$")) * factor
        except InvalidOperation:
            raise ValueError(_l("Write a number, such as 1280000 or 128万.")) from None
        if not self.data.is_finite() or abs(self.data) >= MOST:
            self.data = None
            raise ValueError(_l("Write a number, such as 1280000 or 128万."))


class DegreesField(AmountField):
    """Degrees of latitude or longitude; kept as a float."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.6f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read degrees with a decimal point."""
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = float(self.data)


NAME_KINDS: dict[str, Any] = {
    "promotion": _l("promotion name"),
    "registered": _l("registered name"),
    "site": _l("name at the site"),
}
"""What another name of a site may be, and its word."""


class CheckboxesField(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


NAME = [InputRequired(_l("A project needs a name.")), Length(max=200, message=_l("At most 200 characters, please."))]


class FactsForm(Form):
    """What a project is: used for opening and for editing."""

    name = StringField(_l("Name"), validators=NAME)
    kind = SelectField(_l("What is being built"))
    source = SelectField(_l("Source"), validators=[Optional()])
    value = AmountField(_l("Value of our materials"))
    currency = SelectField(
        _l("Currency"), choices=[("CNY", "CNY ¥"), ("USD", "USD $"), ("EUR", "EUR €"), ("GBP", "GBP £")]
    )
    address = StringField(_l("Address"), validators=[Length(max=300)])
    plot_number = StringField(_l("Plot number"), validators=[Length(max=80)])
    latitude = DegreesField(_l("Latitude"))
    longitude = DegreesField(_l("Longitude"))
    region_id = SelectField(_l("Region"), coerce=optional_key, validators=[Optional()])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    version = HiddenField()

    def offer(self, definition: Definition, regions: Any) -> None:
        """Fill the choices from the definition."""
        language = lang()
        self.kind.choices = [(c.key, c.name.get(language)) for c in definition.picklist("project_types").items]
        sources = definition.picklist("lead_sources").items
        self.source.choices = [("", _l("not said")), *((c.key, c.name.get(language)) for c in sources)]
        self.region_id.choices = [("", _l("as the owner's team")), *((r.id, r.name) for r in regions)]

    def facts(self) -> dict[str, Any]:
        """The typed facts as the operations take them."""
        return {
            "name": (self.name.data or "").strip(),
            "kind": self.kind.data,
            "source": self.source.data or None,
            "value": self.value.data or Decimal(0),
            "currency": self.currency.data,
            "address": (self.address.data or "").strip() or None,
            "plot_number": (self.plot_number.data or "").strip() or None,
            "latitude": self.latitude.data,
            "longitude": self.longitude.data,
            "region_id": self.region_id.data,
            "note": (self.note.data or "").strip() or None,
        }


class OpenForm(FactsForm):
    """A new project: its facts, where it stands, what we want to sell, and who builds it."""

    route = SelectField(_l("How they buy"))
    phase = SelectField(_l("Our phase"))
    step = SelectField(_l("Construction progress"))
    since = DateField(_l("Seen on"), validators=[Optional()])
    building = StringField(_l("First building"), default="1#", validators=[InputRequired(), Length(max=80)])
    floors = IntegerField(_l("Floors"), validators=[Optional(), NumberRange(1, 300)])
    categories = CheckboxesField(_l("Material categories"))
    developer = StringField(_l("Developer"), validators=[Length(max=200)])
    contractor = StringField(_l("Main contractor"), validators=[Length(max=200)])
    designer = StringField(_l("Designer"), validators=[Length(max=200)])
    dealer = StringField(_l("Dealer"), validators=[Length(max=200)])
    contact_name = StringField(_l("Contact person"), validators=[Length(max=80)])
    contact_post = StringField(_l("Post"), validators=[Length(max=80)])
    contact_phone = StringField(_l("Phone"), validators=[Length(max=60)])
    contact_firm = StringField(_l("Firm"), validators=[Length(max=200)])
    reason = StringField(_l("Reason"), validators=[Length(max=300)])
    token = HiddenField()
    definition = HiddenField()
    others: Any = ()

    def offer(self, definition: Definition, regions: Any) -> None:
        """Fill the choices from the definition."""
        super().offer(definition, regions)
        language = lang()
        self.route.choices = [(r.key, r.name.get(language)) for r in definition.routes]
        self.phase.choices = [(p.key, p.name.get(language)) for p in definition.phases]
        self.step.choices = [(s.key, s.name.get(language)) for s in definition.steps]
        self.categories.choices = [(w.category, w.name.get(language)) for w in definition.windows]

    def facts(self) -> dict[str, Any]:
        """The typed facts as the operations take them."""
        return super().facts() | {"route": self.route.data}

    def preset(self) -> None:
        """The likely values of an empty form."""
        self.since.data = clock.today()
        self.token.data = secrets.token_urlsafe(18)

    def validate_since(self, field: DateField) -> None:
        """Nobody has seen tomorrow."""
        if field.data and field.data > clock.today():
            raise ValidationError(_l("This day lies in the future."))


class EditForm(FactsForm):
    """A project's facts to edit. How they buy is no fact but a choice of ours: it is changed where its outcome is."""

    key_project = BooleanField(_l("Key project"))
    frame_agreement = StringField(_l("Number of the frame agreement"), validators=[Length(max=60)])

    def facts(self) -> dict[str, Any]:
        """The typed facts as the operations take them."""
        facts = super().facts()
        facts["key_project"] = bool(self.key_project.data)
        facts["frame_agreement"] = (self.frame_agreement.data or "").strip() or None
        return facts


WHY = [InputRequired(_l("Say in a sentence why.")), Length(max=500)]


class SuspendForm(Form):
    """Why the project rests, and when it is looked at again."""

    reason_key = SelectField(_l("Why it rests"), validators=[Optional()])
    review_on = DateField(_l("Look at it again on"), validators=[Optional()])
    reason = TextAreaField(_l("In your words"), validators=[Length(max=500)])


class LossForm(Form):
    """What was lost, to whom, and why. What else the reason requires is typed in fields of the same name."""

    category = SelectField(_l("What is lost"), validators=[Optional()])
    reason_key = SelectField(_l("Main reason"), validators=[Optional()])
    other_reasons = CheckboxesField(_l("Other reasons"), validators=[Optional()])
    winner = StringField(_l("Who won"), validators=[Length(max=80)])
    nobody = BooleanField(_l("Nobody won"))
    gap_percent = AmountField(_l("We were dearer, in per cent"))
    winning_price = AmountField(_l("Winning price"))
    reason = TextAreaField(_l("In your words"), validators=[Length(max=500)])


class ReviveForm(Form):
    """What was looked at again, or the new fact that opens a lost project."""

    contacts = BooleanField(_l("The contacts are still the right ones"))
    windows = BooleanField(_l("The entry windows were judged again"))
    credit = BooleanField(_l("The payer's credit was checked"))
    rescored = BooleanField(_l("The project was scored again"))
    new_fact = TextAreaField(_l("The new fact"), validators=[Length(max=500)])
    reason = TextAreaField(_l("In your words"), validators=[Length(max=500)])


class ResultForm(Form):
    """What became of one line, with the sentence why."""

    result = SelectField(_l("Result"))
    reason = TextAreaField(_l("Which contract, or why"), validators=WHY)


class LineMoveForm(Form):
    """Another phase for one line alone."""

    phase = SelectField(_l("Phase"))
    reason = StringField(_l("Why"), validators=[Length(max=300)])
    complete_by = DateField(_l("What is missing will be there by"), validators=[Optional()])


class RouteForm(Form):
    """Another route, and why."""

    route = SelectField(_l("How they buy"))
    reason = TextAreaField(_l("Why"), validators=WHY)


class SplitForm(Form):
    """Which lines go on by themselves, under which name and route."""

    categories = CheckboxesField(_l("Categories that go on by themselves"))
    name = StringField(_l("Name of the sub-project"), validators=NAME)
    route = SelectField(_l("How they buy"))
    reason = TextAreaField(_l("Why"), validators=WHY)


class CloseForm(Form):
    """Closing a project, with a word on it."""

    reason = TextAreaField(_l("A word on the project"), validators=[Length(max=500)])


class ReassignForm(Form):
    """A new owner and why."""

    owner_id = SelectField(_l("New owner"), coerce=optional_key)
    note = TextAreaField(_l("Handover note"), validators=[Length(max=2000)])
    introduced = BooleanField(_l("Both met or called the decision maker together"))
    leaver = BooleanField(_l("The owner leaves the company"))
    reason = TextAreaField(
        _l("Why"), validators=[InputRequired(_l("Say why: both owners read this sentence.")), Length(max=500)]
    )


class BuildingForm(Form):
    """A building to add or rename."""

    name = StringField(
        _l("Building"), validators=[DataRequired(_l("A building needs a name or number.")), Length(max=80)]
    )
    step = SelectField(_l("Construction progress"), validators=[Optional()])
    floors = IntegerField(_l("Floors"), validators=[Optional(), NumberRange(1, 300)])


class CategoryForm(Form):
    """A material category to add or change."""

    category = SelectField(_l("Material category"), validators=[Optional()])
    value = AmountField(_l("Value"))
    quantity = AmountField(_l("Quantity"))
    unit = StringField(_l("Unit"), validators=[Length(max=16)])
    main = BooleanField(_l("Main category"))


class PartyForm(Form):
    """A party in a role; a new firm is made from its name."""

    party = StringField(_l("Firm"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])
    role = SelectField(_l("Role"))


class ContactForm(Form):
    """A contact in a role; a new person is made from the name."""

    name = StringField(_l("Contact person"), validators=[DataRequired(_l("A contact needs a name.")), Length(max=80)])
    firm = StringField(_l("Firm"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])
    post = StringField(_l("Post"), validators=[Length(max=80)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    role = SelectField(_l("Role in the decision"), validators=[Optional()])
    attitude = SelectField(_l("Attitude to us"), default="unknown")


class LineForm(Form):
    """How much of a category it is."""

    value = AmountField(_l("Value"))
    quantity = AmountField(_l("Quantity"))
    unit = StringField(_l("Unit"), validators=[Length(max=16)])
    main = BooleanField(_l("Main category"))


class MemberForm(Form):
    """A colleague for the project's team."""

    user_id = SelectField(_l("Colleague"), coerce=optional_key)


def read_filters(args: Mapping[str, str]) -> Filters:
    """The filters named in an address; what makes no sense does not count."""
    number = {key: optional_key(args.get(key)) for key in ("owner", "team", "region", "developer", "dealer", "account")}
    words = {
        key: args.get(key, "").strip()[:200]
        for key in ("q", "developer_name", "category", "source", "state", "phase", "step", "flag")
    }
    return Filters(clock.today(), stalled=args.get("stalled") in ("1", "y", "on", "true"), **number, **words)  # type: ignore[arg-type]


class NameForm(Form):
    """Another name of a lead's or project's site."""

    name = StringField(_l("Another name"), validators=[InputRequired(_l("Write the name.")), Length(max=200)])
    kind = SelectField(_l("What kind of name"), choices=list(NAME_KINDS.items()))

"""Forms of leads."""

from __future__ import annotations

import secrets
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.leads.operations.capturing import LeadDraft
from tracker.leads.operations.firms import Person
from tracker.matrix.forms import ManyField
from tracker.projects.forms import AmountField, CheckboxesField, DegreesField
from workflows.definition import Definition
from workflows.policy import ScoreCriterion

MONEY = [("CNY", "CNY ¥"), ("USD", "USD $"), ("EUR", "EUR €"), ("GBP", "GBP £")]
STATES: dict[str, Any] = {
    "new": _l("new"),
    "following": _l("following"),
    "nurturing": _l("nurturing"),
    "converted": _l("converted"),
    "invalid": _l("invalid"),
    "duplicate": _l("duplicate"),
}
"""Every state of a lead and its word."""
ROWS, MOST_ROWS = 10, 200  # of leads entered at once: shown, and taken where more are pasted
DATE = _l("Write the date as year-month-day, such as 2026-03-16.")


class LeadForm(Form):
    """A lead: a name (or a photo and its place), where it comes from and what that source demands are enough."""

    name = StringField(_l("Name of the site"), validators=[Length(max=200)])
    source = SelectField(_l("Source"))
    step = SelectField(_l("What stands there"))
    found_on = DateField(_l("Found on"), validators=[InputRequired(DATE)])
    kind = SelectField(_l("What is being built"), validators=[Optional()])
    address = StringField(_l("Address"), validators=[Length(max=300)])
    plot_number = StringField(_l("Plot number"), validators=[Length(max=80)])
    latitude = DegreesField(_l("Latitude"))
    longitude = DegreesField(_l("Longitude"))
    value = AmountField(_l("Value of our materials"))
    currency = SelectField(_l("Currency"), choices=MONEY)
    area = AmountField(_l("Area (m²)"))
    developer = StringField(_l("Developer"), validators=[Length(max=200)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    designer = StringField(_l("Designer"), validators=[Length(max=200)])
    contractor = StringField(_l("Main contractor"), validators=[Length(max=200)])
    categories = CheckboxesField(_l("Materials that may be wanted"), validators=[Optional()])
    starts_on = DateField(_l("Building begins on, as expected"), validators=[Optional()])
    finishes_on = DateField(_l("Finished on, as expected"), validators=[Optional()])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    informant_name = StringField(_l("Full name"), validators=[Length(max=80)])
    informant_firm = StringField(_l("Firm"), validators=[Length(max=200)])
    informant_part = SelectField(_l("What the firm is there"), validators=[Optional()])
    informant_post = StringField(_l("Post"), validators=[Length(max=80)])
    informant_phone = StringField(_l("Phone"), validators=[Length(max=60)])
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))
    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))
    version = HiddenField()
    token = HiddenField()

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        language = lang()
        self.source.choices = [(c.key, c.name.get(language)) for c in definition.picklist("lead_sources").items]
        self.step.choices = [(s.key, s.name.get(language)) for s in definition.steps]
        self.categories.choices = [(w.category, w.name.get(language)) for w in definition.windows]
        self.kind.choices = _or_not_said(definition, "project_types")
        self.informant_part.choices = _or_not_said(definition, "participant_kinds")

    def preset(self, source: str = "") -> None:
        """The likely values of an empty form; `source` is the one used last."""
        for field, likely in ((self.found_on, clock.today()), (self.step, "ground"), (self.currency, "CNY")):
            field.data = field.data or likely
        if not self.source.data and source in {key for key, _name in self.source.choices or ()}:
            self.source.data = source
        self.token.data = secrets.token_urlsafe(18)

    def values(self) -> dict[str, Any]:
        """What was typed about the site."""
        texts = ("address", "plot_number", "phone", "note", "developer", "designer", "contractor")
        plain = ("source", "step", "found_on", "latitude", "longitude", "value", "currency", "area", "starts_on",
                 "finishes_on")  # fmt: skip
        return {
            "name": (self.name.data or "").strip(),
            "kind": self.kind.data or None,
            "categories": tuple(self.categories.data or ()),
            **{name: (self[name].data or "").strip() or None for name in texts},
            **{name: self[name].data for name in plain},
        }

    def draft(self) -> LeadDraft:
        """The lead to capture."""
        return LeadDraft(
            **self.values(),
            informant=self._informant(),
            photos=tuple(self.photos.data or ()),
            documents=tuple(self.documents.data or ()),
            token=(self.token.data or "")[:64] or None,
        )

    def _informant(self) -> Person | None:
        name, firm, post, phone = (
            (self[f"informant_{part}"].data or "").strip() for part in ("name", "firm", "post", "phone")
        )
        if not name and not firm:
            return None
        return Person(name, firm or (self.developer.data or "").strip(), self.informant_part.data or "", post, phone)


def _or_not_said(definition: Definition, picklist: str) -> list[tuple[str, Any]]:
    items = definition.picklist(picklist).items
    return [("", _l("not said")), *((choice.key, choice.name.get(lang())) for choice in items)]


class RowForm(Form):
    """One row of many leads entered at once."""

    class Meta:
        """The form around the rows carries the token against forgery."""

        csrf = False

    name = StringField(_l("Name of the site"), validators=[Length(max=200)])
    address = StringField(_l("Address"), validators=[Length(max=300)])
    plot_number = StringField(_l("Plot number"), validators=[Length(max=80)])
    developer = StringField(_l("Developer"), validators=[Length(max=200)])
    value = AmountField(_l("Value of our materials"))
    note = StringField(_l("Note"), validators=[Length(max=5000)])

    @property
    def filled(self) -> bool:
        """Whether something is written in the row."""
        return any((field.raw_data or [""])[0].strip() for field in self)

    def validate_name(self, field: StringField) -> None:
        """A row that says something says what the site is called."""
        if self.filled and not (field.data or "").strip():
            raise ValidationError(_l("A lead needs a name: what people call the site."))


class SeveralForm(Form):
    """Many leads at once: what they share, and a row each."""

    source = SelectField(_l("Source"))
    step = SelectField(_l("What stands there"))
    kind = SelectField(_l("What is being built"), validators=[Optional()])
    found_on = DateField(_l("Found on"), validators=[InputRequired(DATE)])
    rows = FieldList(FormField(RowForm), min_entries=ROWS, max_entries=MOST_ROWS)
    token = HiddenField()

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        language = lang()
        self.source.choices = [(c.key, c.name.get(language)) for c in definition.picklist("lead_sources").items]
        self.step.choices = [(s.key, s.name.get(language)) for s in definition.steps]
        self.kind.choices = _or_not_said(definition, "project_types")

    def preset(self, source: str = "") -> None:
        """The likely values of an empty form."""
        self.found_on.data, self.token.data = clock.today(), secrets.token_urlsafe(18)
        if source in {key for key, _name in self.source.choices or ()}:
            self.source.data = source

    def drafts(self) -> list[LeadDraft]:
        """The leads of the rows in which something is written."""
        shared: dict[str, Any] = {"source": self.source.data, "step": self.step.data, "found_on": self.found_on.data}
        found = []
        for entry in self.rows:
            row = entry.form
            if row.filled:
                texts = {
                    name: (row[name].data or "").strip() for name in ("address", "plot_number", "developer", "note")
                }
                known: dict[str, Any] = {name: text or None for name, text in texts.items()}
                name, value = (row.name.data or "").strip(), row.value.data
                found.append(LeadDraft(name, kind=self.kind.data or None, **shared, **known, value=value))
        return found


class PersonForm(Form):
    """Somebody on a lead; a new person or firm is made from the name."""

    name = StringField(_l("Full name"), validators=[InputRequired(_l("A contact needs a name.")), Length(max=80)])
    firm = StringField(
        _l("Firm"), validators=[InputRequired(_l("Say which firm this person works at.")), Length(max=200)]
    )
    part = SelectField(_l("What the firm is there"), validators=[Optional()])
    post = StringField(_l("Post"), validators=[Length(max=80)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    role = SelectField(_l("Role in the decision"), validators=[Optional()])

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        self.part.choices = _or_not_said(definition, "participant_kinds")
        self.role.choices = _or_not_said(definition, "relationship_roles")

    def person(self) -> Person:
        """The person to add."""
        texts = {name: (self[name].data or "").strip() for name in ("name", "firm", "post", "phone")}
        return Person(**texts, part=self.part.data or "", role=self.role.data or None)


class LeadRecordForm(Form):
    """What was done on a lead."""

    kind = SelectField(_l("What kind of work"))
    on = DateField(_l("When"), validators=[InputRequired(DATE)])
    text = TextAreaField(
        _l("What happened"), validators=[InputRequired(_l("One sentence, please: what happened?")), Length(max=10_000)]
    )
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))
    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))
    token = HiddenField()
    keeps = HiddenField()

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        kinds = definition.picklist("activity_kinds").items
        self.kind.choices = [(c.key, c.name.get(lang())) for c in kinds]

    def preset(self) -> None:
        """The likely values of an empty form."""
        self.kind.data, self.on.data = "site_visit", clock.today()
        self.token.data = secrets.token_urlsafe(18)

    def keep(self, kind: str, text: str, record_id: int) -> None:
        """What a plan says of the work that is now done."""
        self.kind.data, self.text.data, self.keeps.data = kind, text, str(record_id)


class AssignForm(Form):
    """Who takes the lead."""

    owner_id = SelectField(_l("Owner"), coerce=optional_key)
    keeps_reading = BooleanField(_l("The former owner goes on seeing it"))


class StateForm(Form):
    """What becomes of a lead, and why."""

    state = HiddenField()
    reason = StringField(
        _l("Why"), validators=[InputRequired(_l("Say why: whoever finds this site next will ask.")), Length(max=300)]
    )


class RestForm(StateForm):
    """What becomes of a lead, why, and when it is looked at again."""

    review_on = DateField(_l("Look at it again on"), validators=[Optional()])


class SameForm(RestForm):
    """Which lead or project a lead is a duplicate of, as `lead:12` or `project:7`."""

    same = StringField(_l("Duplicate of"))


class DecideForm(Form):
    """What the supervisor says of a lead whose points left it to him."""

    choice = HiddenField()
    reason = StringField(
        _l("Why"), validators=[InputRequired(_l("Say why: whoever finds this site next will ask.")), Length(max=300)]
    )
    dealer_id = SelectField(_l("Dealer"), coerce=optional_key)


class ScoreForm(Form):
    """The score card beside its criteria, whose fields `card_form` adds: `points_KEY` and `proof_KEY`."""

    knockouts = ManyField(_l("Knock-outs"))
    note = TextAreaField(_l("Note"), validators=[Length(max=2000)])
    token = HiddenField()

    def answers(self) -> dict[str, int]:
        """The points by criterion."""
        return {name.removeprefix("points_"): field.data for name, field in self._fields.items() if "points_" in name}

    def proofs(self) -> dict[str, str]:
        """What supports the points, by criterion."""
        return {
            name.removeprefix("proof_"): field.data or "" for name, field in self._fields.items() if "proof_" in name
        }


def card_form(definition: Definition, **values: Any) -> ScoreForm:
    """A form with a field for each criterion of the definition's card; further arguments are the form's own."""
    language, card = lang(), definition.scorecard
    fields: dict[str, Any] = {}
    for criterion in (*card.validity, *card.feasibility):
        choices = [(points, _anchor(criterion, points, language)) for points in range(6)]
        needed = [InputRequired(_l("Choose from 0 to 5."))]
        fields[f"points_{criterion.key}"] = RadioField(
            criterion.name.get(language), choices=choices, coerce=int, validators=needed
        )
        fields[f"proof_{criterion.key}"] = StringField(_l("What supports it"), validators=[Length(max=300)])
    form: ScoreForm = type("CardForm", (ScoreForm,), fields)(**values)
    form.knockouts.choices = [(one.key, one.text.get(language)) for one in card.knockouts]
    return form


def _anchor(criterion: ScoreCriterion, points: int, language: str) -> Any:
    anchor = criterion.anchors.get(points)
    return anchor.get(language) if anchor else _l("in between")

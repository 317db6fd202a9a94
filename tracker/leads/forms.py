"""Forms of leads."""

from __future__ import annotations

import secrets
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.leads.operations.capturing import LeadDraft
from tracker.matrix.forms import ManyField
from tracker.projects.forms import AmountField, DegreesField
from workflows.definition import Definition

MONEY = [("CNY", "CNY ¥"), ("USD", "USD $"), ("EUR", "EUR €"), ("GBP", "GBP £")]
DATE = _l("Write the date as year-month-day, such as 2026-03-16.")


class LeadForm(Form):
    """A lead: a name, where it comes from and what stands there are enough."""

    name = StringField(
        _l("Name of the site"),
        validators=[InputRequired(_l("A lead needs a name: what people call the site.")), Length(max=200)],
    )
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
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))
    version = HiddenField()
    token = HiddenField()

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        language = lang()
        self.source.choices = [(c.key, c.name.get(language)) for c in definition.picklist("lead_sources").items]
        self.step.choices = [(s.key, s.name.get(language)) for s in definition.steps]
        kinds = definition.picklist("project_types").items
        self.kind.choices = [("", _l("not said")), *((c.key, c.name.get(language)) for c in kinds)]

    def preset(self) -> None:
        """The likely values of an empty form."""
        self.found_on.data, self.step.data, self.currency.data = clock.today(), "ground", "CNY"
        self.token.data = secrets.token_urlsafe(18)

    def values(self) -> dict[str, Any]:
        """What was typed."""
        return {
            "name": (self.name.data or "").strip(),
            "source": self.source.data,
            "step": self.step.data,
            "found_on": self.found_on.data,
            "kind": self.kind.data or None,
            "address": (self.address.data or "").strip() or None,
            "plot_number": (self.plot_number.data or "").strip() or None,
            "latitude": self.latitude.data,
            "longitude": self.longitude.data,
            "value": self.value.data,
            "currency": self.currency.data,
            "area": self.area.data,
            "developer": (self.developer.data or "").strip() or None,
            "note": (self.note.data or "").strip() or None,
        }

    def draft(self) -> LeadDraft:
        """The lead to capture."""
        token = (self.token.data or "")[:64] or None
        return LeadDraft(**self.values(), photos=tuple(self.photos.data or ()), token=token)


class LeadRecordForm(Form):
    """What was done on a lead."""

    kind = SelectField(_l("What kind of work"))
    on = DateField(_l("When"), validators=[InputRequired(DATE)])
    text = TextAreaField(
        _l("What happened"), validators=[InputRequired(_l("One sentence, please: what happened?")), Length(max=10_000)]
    )
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))
    token = HiddenField()

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        kinds = definition.picklist("activity_kinds").items
        self.kind.choices = [(c.key, c.name.get(lang())) for c in kinds]

    def preset(self) -> None:
        """The likely values of an empty form."""
        self.kind.data, self.on.data = "site_visit", clock.today()
        self.token.data = secrets.token_urlsafe(18)


class AssignForm(Form):
    """Who takes the lead."""

    owner_id = SelectField(_l("Owner"), coerce=optional_key)


class StateForm(Form):
    """What becomes of a lead, and why."""

    state = HiddenField()
    reason = StringField(
        _l("Why"), validators=[InputRequired(_l("Say why: whoever finds this site next will ask.")), Length(max=300)]
    )


class UploadForm(Form):
    """A sheet of leads."""

    file = FileField(_l("File (CSV or XLSX)"), validators=[FileRequired(_l("Choose a file."))])


class ImportForm(Form):
    """What counts for every row of a sheet; the columns are read beside it."""

    source = SelectField(_l("Source"))
    step = SelectField(_l("What stands there"))
    kind = SelectField(_l("What is being built"), validators=[Optional()])
    currency = SelectField(_l("Currency"), choices=MONEY)
    team_id = SelectField(_l("For the team"), coerce=optional_key, validators=[Optional()])

    def offer(self, definition: Definition, teams: Any) -> None:
        """Fill the choices."""
        language = lang()
        self.source.choices = [(c.key, c.name.get(language)) for c in definition.picklist("lead_sources").items]
        self.step.choices = [(s.key, s.name.get(language)) for s in definition.steps]
        kinds = definition.picklist("project_types").items
        self.kind.choices = [("", _l("not said")), *((c.key, c.name.get(language)) for c in kinds)]
        self.team_id.choices = [(team.id, team.name) for team in teams]

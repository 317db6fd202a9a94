"""Forms of imports: the file, and what counts for every row of it."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.imports.operations.options import EXISTING, ImportOptions
from tracker.incoming import optional_key
from tracker.sheets.fields import Schema
from tracker.sheets.reading import ENCODINGS, Reading
from workflows.definition import Definition

MONEY = [("CNY", "CNY ¥"), ("USD", "USD $"), ("EUR", "EUR €"), ("GBP", "GBP £")]
DATES = [("", _l("not said")), ("mdy", _l("month/day/year")), ("dmy", _l("day/month/year"))]
KIND_NAMES: dict[str, Any] = {
    "leads": _l("Leads"),
    "projects": _l("Projects"),
    "parties": _l("Parties"),
    "contacts": _l("Contacts"),
    "stock": _l("Purchase, sale, stock"),
}


class _Checkboxes(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UploadForm(Form):
    """A file, and its encoding where nobody can tell it from the bytes."""

    file = FileField(_l("File (CSV, XLSX or XLS)"), validators=[FileRequired(_l("Choose a file."))])
    encoding = SelectField(_l("Encoding of a CSV file"), validators=[Optional()])

    def offer(self) -> None:
        """Fill the choices."""
        self.encoding.choices = [("", _l("found out from the file")), *ENCODINGS.items()]


class ReadingForm(Form):
    """Which sheet of a workbook, and which row heads the table."""

    sheet = SelectField(_l("Sheet"), validators=[Optional()])
    header = SelectField(_l("The header stands in"), validators=[Optional()])

    def offer(self, names: Any, said: Reading) -> None:
        """Fill the choices, with those that count now."""
        self.sheet.choices = [("", _l("found out from the file")), *((name, name) for name in names)]
        rows = [(str(number), _l("row %(n)s", n=number)) for number in range(1, 21)]
        self.header.choices = [("", _l("found out from the file")), ("0", _l("no row: there is none")), *rows]
        if not self.is_submitted():
            self.sheet.data = said.sheet or ""
            self.header.data = "" if said.header is None else str(said.header)

    def reading(self, before: Reading) -> Reading:
        """How the file is to be read now."""
        header = int(self.header.data) if (self.header.data or "").isdigit() else None
        return Reading(self.sheet.data or None, header, before.encoding)


class OptionsForm(Form):
    """What counts for every row; the columns are read beside it. Each kind shows its own part, and what makes no sense
    is said by the operation."""

    existing = SelectField(_l("Rows of what is known already"), validate_choice=False)
    keys = _Checkboxes(_l("Known ones are found again by"), validators=[Optional()])
    dates = SelectField(_l("Dates such as 3/5/2024 are"), validate_choice=False)
    check = BooleanField(_l("Mark those that certainly are on record already as duplicates"))
    source = SelectField(_l("Source"), validate_choice=False)
    kind = SelectField(_l("What is being built"), validate_choice=False)
    route = SelectField(_l("How they buy"), validate_choice=False)
    phase = SelectField(_l("Our phase"), validate_choice=False)
    step = SelectField(_l("What stands there"), validate_choice=False)
    categories = SelectField(_l("Main material category"), validate_choice=False)
    currency = SelectField(_l("Currency"), choices=MONEY, validate_choice=False)
    team_id = SelectField(_l("For the team"), coerce=optional_key, validators=[Optional()])
    reason = StringField(_l("Reason, where a rule asks for one"), validators=[Length(max=300)])

    def offer(self, schema: Schema, definition: Definition, teams: Any) -> None:
        """Fill the choices for one kind."""
        language = lang()

        def listed(name: str) -> list[tuple[str, str]]:
            return [(c.key, c.name.get(language)) for c in definition.picklist(name).items]

        self.existing.choices = list(EXISTING.items())
        self.keys.choices = [(key.key, key.label) for key in schema.keys]
        self.dates.choices = DATES
        self.source.choices = listed("lead_sources")
        self.route.choices = [(route.key, route.name.get(language)) for route in definition.routes]
        self.phase.choices = [(phase.key, phase.name.get(language)) for phase in definition.phases]
        self.step.choices = [(step.key, step.name.get(language)) for step in definition.steps]
        self.categories.choices = [(one.category, one.name.get(language)) for one in definition.windows]
        self.team_id.choices = [(team.id, team.name) for team in teams]
        if schema.kind in ("parties", "contacts"):
            self.kind.label.text = _l("New firms are")
            self.kind.choices = listed("participant_kinds")
        else:
            self.kind.choices = [*([("", _l("not said"))] if schema.kind == "leads" else []), *listed("project_types")]

    def show(self, options: ImportOptions, team_id: int | None) -> None:
        """The options as they stand."""
        for name in ("existing", "dates", "source", "kind", "route", "phase", "step", "currency", "reason"):
            self[name].data = getattr(options, name) or ""
        self.keys.data, self.check.data = list(options.keys), options.check
        self.categories.data = options.categories[0] if options.categories else ""
        self.team_id.data = options.team_id or team_id

    def options(self, kind: str) -> ImportOptions:
        """What was chosen, as far as it concerns this kind."""
        of_kind: dict[str, tuple[str, ...]] = {
            "leads": ("source", "step", "kind"),
            "projects": ("kind", "route", "phase", "step", "reason"),
            "stock": (),
        }
        said = {name: self[name].data or None for name in of_kind.get(kind, ("kind",))}
        return ImportOptions(
            **said,
            currency=self.currency.data or "CNY",
            team_id=self.team_id.data if kind == "leads" else None,
            categories=(self.categories.data,) if kind == "projects" and self.categories.data else (),
            existing=self.existing.data or "create",
            keys=tuple(self.keys.data or ()),
            dates=self.dates.data or None,
            check=bool(self.check.data),
        )

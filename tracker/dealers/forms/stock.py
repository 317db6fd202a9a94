"""The form of a month: a part for each product, within it one for each place the goods went to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional

from tracker.dealers.models import StockReport
from tracker.dealers.operations.stock import FIGURES, Askew, FlowDraft, LineDraft
from tracker.forms import Form, Sentences
from tracker.i18n import _, _l, lang
from tracker.incoming import optional_key
from tracker.projects.forms import AmountField
from workflows.definition import Definition

MOST_LINES, MOST_FLOWS = 60, 30
USUAL_UNIT = "m2"


class QuantityField(AmountField):
    """A quantity; nought is said, and an empty field is none."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.normalize():f}" if isinstance(self.data, Decimal) else ""


class _Part(PlainForm):
    """A part of a form, which speaks as the whole does."""

    class Meta(PlainForm.Meta):
        """How WTForms makes it."""

        def get_translations(self, form: Any) -> Sentences:
            """Who says what is wrong."""
            return Sentences()


class FlowPart(_Part):
    """Where some of it went."""

    project_id = SelectField(_l("Project"), coerce=optional_key, validators=[Optional()])
    site = StringField(_l("or another site"), validators=[Length(max=120)])
    quantity = QuantityField(_l("How much"))
    outside = BooleanField(_l("outside the territory"))

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.project_id.data or (self.site.data or "").strip() or self.quantity.data)


class LinePart(_Part):
    """A product's month."""

    category = SelectField(_l("Category"))
    product = StringField(_l("Product"), validators=[Length(max=80)])
    unit = StringField(_l("Unit"), validators=[Length(max=16)])
    opening = QuantityField(_l("Opening"))
    bought = QuantityField(_l("Bought"))
    sold = QuantityField(_l("Sold"))
    stock = QuantityField(_l("Stock"))
    flows = FieldList(FormField(FlowPart), max_entries=MOST_FLOWS)

    @property
    def empty(self) -> bool:
        """Whether no figure was typed and nothing chosen but the category."""
        return not (self.product.data or any(self[name].raw_data and self[name].raw_data[0] for name in FIGURES))


class StockForm(Form):
    """A month's figures. `more` asks for one more line, or one more place of a line (its number), and saves nothing."""

    collected = AmountField(_l("Money collected for what was sold"))
    lines = FieldList(FormField(LinePart), max_entries=MOST_LINES)
    version = HiddenField()

    def offer(self, definition: Definition, projects: Iterable[tuple[int, str]], categories: Sequence[str]) -> None:
        """Fill the choices of every part: the dealer's categories first."""
        language = lang()
        names = {window.category: window.name.get(language) for window in definition.windows}
        his = [key for key in categories if key in names]
        listed = [(key, names[key]) for key in (*his, *(key for key in names if key not in his))]
        named = [("", _("none")), *projects]
        for line in self.lines:
            line.form.category.choices = listed
            for flow in line.form.flows:
                flow.form.project_id.choices = named

    def begin(self, report: StockReport | None, before: StockReport | None, categories: Sequence[str]) -> None:
        """Show what was reported, else what the month before left, else an empty line for each category."""
        for line in report.lines if report else ():
            self._show(line, {name: getattr(line, name) for name in FIGURES}, line.flows)
        if report is None:
            for line in before.lines if before else ():
                self._show(line, {"opening": line.stock}, ())
            if not self.lines.entries:
                for category in categories or ("",):
                    self.lines.append_entry({"category": category, "unit": USUAL_UNIT})
        self.collected.data = report.collected if report else None
        self.version.data = str(report.version if report else 0)
        self._leave_room()

    def _show(self, line: Any, figures: dict[str, Decimal], flows: Iterable[Any]) -> None:
        plain = {"category": line.category, "product": line.product, "unit": line.unit, **figures}
        part = self.lines.append_entry(plain)
        for flow in flows:
            told = {"project_id": flow.project_id, "site": flow.site, "quantity": flow.quantity}
            part.form.flows.append_entry({**told, "outside": flow.outside})

    def _leave_room(self) -> None:
        for line in self.lines:
            if not line.form.flows.entries:
                line.form.flows.append_entry()

    def enlarge(self, asked: str) -> None:
        """One more line, or one more place in the line of this number."""
        if asked == "line" and len(self.lines.entries) < MOST_LINES:
            self.lines.append_entry({"unit": USUAL_UNIT})
        elif asked.isdecimal() and int(asked) < len(self.lines.entries):
            flows = self.lines.entries[int(asked)].form.flows
            if len(flows.entries) < MOST_FLOWS:
                flows.append_entry()
        self._leave_room()

    def numbers(self) -> list[int]:
        """Which parts hold something, in order."""
        return [number for number, line in enumerate(self.lines) if not line.form.empty]

    def drafts(self) -> list[LineDraft]:
        """The lines as typed; an empty figure is nought, an empty stock what the others make."""
        return [_draft(self.lines.entries[number].form) for number in self.numbers()]

    def show_askew(self, askew: Askew) -> None:
        """Put each reason beside its figure."""
        numbers = self.numbers()
        for (number, name), why in askew.details.items():
            form = self.lines.entries[numbers[number]].form
            field = form.flows.entries[0].form.quantity if name == "flows" and form.flows.entries else form[name]
            field.errors = [*field.errors, why]

    def faults(self) -> list[tuple[str, str, Any]]:
        """Every error as (id of the field, its name, why), for the list above the form."""
        found = [(field.id, str(field.label.text), field.errors[0]) for field in (self.collected,) if field.errors]
        for number, line in enumerate(self.lines, 1):
            parts = [line.form, *(flow.form for flow in line.form.flows)]
            for field in (field for part in parts for field in part if field.name.rpartition("-")[2] != "flows"):
                if field.errors:
                    found.append((field.id, f"{number} · {field.label.text}", field.errors[0]))
        return found


def _draft(line: Any) -> LineDraft:
    figures = {name: line[name].data if line[name].data is not None else Decimal(0) for name in FIGURES}
    if line.stock.data is None:
        figures["stock"] = figures["opening"] + figures["bought"] - figures["sold"]
    flows = tuple(
        FlowDraft(flow.quantity.data or Decimal(0), flow.project_id.data, flow.site.data or "", bool(flow.outside.data))
        for flow in (entry.form for entry in line.flows)
        if not flow.empty
    )
    return LineDraft(line.category.data, line.unit.data or "", product=line.product.data or "", flows=flows, **figures)

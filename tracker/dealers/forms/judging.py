"""Forms about evaluations and quotas."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker import clock
from tracker.dealers.operations.evaluating import MarkDraft
from tracker.dealers.wording import month_name, quarter_name
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.projects.forms import CheckboxesField
from workflows.dealers import LIST, month_of, next_month, next_quarter, quarter_of
from workflows.definition import Definition

QUARTERS = 6  # that can be evaluated yet


def past_quarters() -> list[date]:
    """The last quarters that are over, the newest first."""
    return [next_quarter(quarter_of(clock.today()), -back) for back in range(1, QUARTERS + 1)]


class BeginForm(Form):
    """Which quarter is evaluated."""

    quarter = SelectField(_l("Quarter"))

    def offer(self) -> None:
        """Fill the choices."""
        self.quarter.choices = [(one.isoformat(), quarter_name(one)) for one in past_quarters()]


class EvaluationForm(Form):
    """Vetoes and a note; the points of each criterion stand in fields of their own, read by `read_marks`."""

    vetoes = CheckboxesField(_l("Veto"), validators=[Optional()])
    note = TextAreaField(_l("Note, and the grounds of a veto"), validators=[Length(max=5000)])
    improve_by = DateField(_l("Better by"), validators=[Optional()])
    version = HiddenField()

    def offer(self, definition: Definition) -> None:
        """Fill the choices."""
        language = "zh" if lang() == "zh" else "en"
        self.vetoes.choices = [(veto["key"], veto[language]) for veto in definition.picklist(LIST).extra["veto"]]


def read_marks(form: Any, definition: Definition) -> tuple[dict[str, MarkDraft], dict[str, str], dict[str, Any]]:
    """Points and evidence by criterion; what was typed; and what is wrong, by criterion."""
    drafts: dict[str, MarkDraft] = {}
    typed: dict[str, str] = {}
    wrong: dict[str, Any] = {}
    for key in definition.picklist(LIST).keys:
        text = form.get(f"points-{key}", "").strip()
        typed[key] = text[:20]
        if text and not (text.isascii() and text.isdecimal() and int(text[:9]) <= 100):
            wrong[key] = _l("Points go from 0 to 100.")
            continue
        drafts[key] = MarkDraft(int(text) if text else None, form.get(f"evidence-{key}", "")[:5000])
    return drafts, typed, wrong


class ReopenForm(Form):
    """Why an evaluation that counts is taken back."""

    reason = StringField(_l("Why"), validators=[InputRequired(_l("Say why.")), Length(max=300)])


class QuotaForm(Form):
    """A short supply."""

    category = SelectField(_l("Category"))
    month = SelectField(_l("Month"))
    quantity = IntegerField(_l("How much there is"), validators=[InputRequired(), NumberRange(1, 100_000_000)])
    unit = StringField(_l("Unit"), validators=[InputRequired(_l("Say in which unit it is counted.")), Length(max=16)])
    reason = TextAreaField(
        _l("Why it is short"), validators=[InputRequired(_l("Say why it is short: the dealers read it."))]
    )

    def offer(self, definition: Definition) -> None:
        """Fill the choices: this month and those to come."""
        this = month_of(clock.today())
        months = [next_month(this, ahead) for ahead in range(6)]
        self.month.choices = [(one.isoformat(), month_name(one)) for one in months]
        self.category.choices = [(window.category, window.name.get(lang())) for window in definition.windows]


def read_shares(form: Any, ids: list[int]) -> tuple[dict[int, tuple[int, str]], dict[int, str], dict[int, Any]]:
    """Granted quantity and reason by share; what was typed; and what is wrong, by share."""
    granted: dict[int, tuple[int, str]] = {}
    typed: dict[int, str] = {}
    wrong: dict[int, Any] = {}
    for number in ids:
        text = form.get(f"granted-{number}", "").strip()
        typed[number] = text[:20]
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            wrong[number] = _l("Write a whole number.")
            continue
        granted[number] = (int(text), form.get(f"reason-{number}", "")[:300])
    return granted, typed, wrong

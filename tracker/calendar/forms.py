"""Forms of the calendar: a plan, its change, calling it off, and putting the due onto days."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker.calendar.operations.planning import LONGEST, PlanChange, PlanDraft
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.matrix.forms import ManyField
from workflows.definition import Definition

DATE = _l("Write the date as year-month-day, such as 2026-03-16.")


class PlanForm(Form):
    """What is planned, when, and who comes along."""

    kind = SelectField(_l("What kind of work"))
    on = DateField(_l("Day"), validators=[InputRequired(DATE)])
    at = StringField(_l("Time"), validators=[Optional(), Length(max=5)])
    minutes = IntegerField(_l("How long, in minutes"), validators=[Optional(), NumberRange(1, LONGEST)])
    text = StringField(
        _l("What for"), validators=[InputRequired(_l("One sentence, please: what for?")), Length(max=300)]
    )
    people = ManyField(_l("Who comes along"))
    token = HiddenField()

    def offer(self, definition: Definition, people: Sequence[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.kind.choices = [(kind.key, kind.name.get(lang())) for kind in definition.record_kinds]
        self.people.choices = list(people)

    def preset(self, on: Any, text: str = "") -> None:
        """The likely values of an empty form."""
        self.kind.data, self.on.data, self.text.data = "site_visit", on, text
        self.token.data = secrets.token_urlsafe(18)

    def draft(self) -> PlanDraft:
        """What was typed."""
        assert self.on.data  # it is required
        return PlanDraft(
            on=self.on.data,
            kind=self.kind.data or "",
            text=self.text.data or "",
            at=(self.at.data or "").strip(),
            minutes=self.minutes.data,
            people=chosen(self.people.data),
            token=(self.token.data or "")[:64] or None,
        )


class ChangeForm(Form):
    """Another day, another time, other company."""

    on = DateField(_l("Day"), validators=[InputRequired(DATE)])
    at = StringField(_l("Time"), validators=[Optional(), Length(max=5)])
    minutes = IntegerField(_l("How long, in minutes"), validators=[Optional(), NumberRange(1, LONGEST)])
    people = ManyField(_l("Who comes along"))
    version = HiddenField()

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.people.choices = list(people)

    def change(self) -> PlanChange:
        """What was typed."""
        assert self.on.data  # it is required
        return PlanChange(self.on.data, (self.at.data or "").strip(), self.minutes.data, chosen(self.people.data))


class MoveForm(Form):
    """Another day."""

    on = DateField(_l("Day"), validators=[InputRequired(DATE)])
    version = HiddenField()


class OffForm(Form):
    """Why something does not take place."""

    why = StringField(
        _l("Why it does not take place"),
        validators=[InputRequired(_l("Say in a sentence why it does not take place.")), Length(max=300)],
    )


class PutForm(Form):
    """Something due that is put onto a day."""

    on = DateField(_l("Day"), validators=[InputRequired(DATE)])
    project_id = HiddenField()
    text = HiddenField(validators=[InputRequired(), Length(max=300)])
    token = HiddenField()


def chosen(values: Sequence[Any] | None) -> tuple[int, ...]:
    """The numbers of the rows that were chosen."""
    return tuple(filter(None, map(optional_key, values or ())))

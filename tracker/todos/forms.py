"""Forms of to-dos."""

from __future__ import annotations

import secrets
from typing import Any

from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from tracker.absences.choosing import Choices
from tracker.forms import Form
from tracker.i18n import _l
from tracker.incoming import optional_key
from tracker.todos.operations.doing import TodoDraft

REPEATS = {
    "": _l("once"),
    "daily": _l("every day"),
    "weekly": _l("every week"),
    "twoweeks": _l("every two weeks"),
    "monthly": _l("every month"),
    "yearly": _l("every year"),
}
"""How the rules of `repeating` are called."""


class TodoForm(Form):
    """What is to be done, by when, by whom, and how it repeats."""

    text = StringField(
        _l("What is to be done"),
        validators=[InputRequired(_l("Say in a sentence what is to be done.")), Length(max=300)],
    )
    due_on = DateField(_l("Until when"), validators=[Optional()])
    owner_id = SelectField(_l("Who does it"), coerce=optional_key, validators=[Optional()])
    repeats = SelectField(_l("Repeats"), choices=list(REPEATS.items()))
    repeats_until = DateField(_l("Repeats until"), validators=[Optional()])
    project_id = HiddenField()
    lead_id = HiddenField()
    version = HiddenField()
    token = HiddenField()

    def offer(self, people: Choices, me: int) -> None:
        """Fill the choices."""
        self.owner_id.choices = [(me, _l("I myself")), *people]

    def preset(self, me: int, project_id: Any = "", lead_id: Any = "", text: str = "") -> None:
        """The likely values of an empty form."""
        self.owner_id.data, self.text.data = me, text
        self.project_id.data, self.lead_id.data = project_id or "", lead_id or ""
        self.token.data = secrets.token_urlsafe(18)

    def draft(self) -> TodoDraft:
        """What was typed."""
        return TodoDraft(
            text=self.text.data or "",
            due_on=self.due_on.data,
            project_id=optional_key(self.project_id.data),
            lead_id=optional_key(self.lead_id.data),
            repeats=self.repeats.data or "",
            repeats_until=self.repeats_until.data,
        )


class GiveForm(Form):
    """Who does it from now on."""

    owner_id = SelectField(_l("Who does it"), coerce=optional_key)

    def offer(self, people: Choices) -> None:
        """Fill the choices."""
        self.owner_id.choices = list(people)


class SnoozeForm(Form):
    """Until when nobody is reminded."""

    until = DateField(_l("Remind me on"), validators=[InputRequired()])


class DropForm(Form):
    """Why it is not needed any more."""

    why = StringField(
        _l("Why it is not needed"),
        validators=[InputRequired(_l("Say in a sentence why it is not needed any more.")), Length(max=300)],
    )

"""Forms of parties and contacts."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from tracker.forms import Form
from tracker.i18n import _l, lang
from workflows.definition import Definition


class PartyForm(Form):
    """A firm."""

    name = StringField(_l("Name"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])
    short_name = StringField(_l("Short name"), validators=[Length(max=80)])
    kind = SelectField(_l("What it is"))
    address = StringField(_l("Address"), validators=[Length(max=300)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    version = HiddenField()

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        language = lang()
        self.kind.choices = [(c.key, c.name.get(language)) for c in definition.picklist("participant_kinds").items]

    def values(self) -> dict[str, Any]:
        """What was typed, empty texts as None."""
        fields = ("short_name", "address", "phone", "note")
        return {"name": self.name.data, "kind": self.kind.data, **{key: self[key].data or None for key in fields}}


class ContactForm(Form):
    """A person at a firm."""

    name = StringField(_l("Full name"), validators=[DataRequired(_l("A contact needs a name.")), Length(max=80)])
    post = StringField(_l("Post"), validators=[Length(max=80)])
    phone = StringField(_l("Phone"), validators=[Length(max=60)])
    email = StringField(_l("E-mail"), validators=[Optional(), Length(max=200)])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    version = HiddenField()

    def values(self) -> dict[str, Any]:
        """What was typed, empty texts as None."""
        fields = ("post", "phone", "email", "note")
        return {"name": self.name.data, **{key: self[key].data or None for key in fields}}

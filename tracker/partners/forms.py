"""Forms of what partner makers supply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import DateField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.matrix.forms import ManyField
from tracker.projects.forms import AmountField
from tracker.projects.models import Project
from workflows.definition import Definition


class ShareForm(Form):
    """What a partner maker supplies in a project, and who may know."""

    party = StringField(_l("Partner maker"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])
    category = SelectField(_l("Category"))
    building_id = SelectField(_l("Building"), coerce=optional_key, validators=[Optional()])
    quantity = AmountField(_l("Quantity"))
    unit = StringField(_l("Unit"), validators=[Length(max=16)])
    agreed_on = DateField(_l("Agreed on"), validators=[InputRequired()], default=clock.today)
    terms = TextAreaField(_l("Terms"), validators=[Length(max=5000)])
    viewers = ManyField(_l("Only these colleagues may know"))
    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))

    def offer(self, project: Project, definition: Definition, colleagues: Iterable[Any]) -> None:
        """Fill the choices: the project's own categories first."""
        language, own = lang(), [line.category for line in project.categories]
        windows = sorted(definition.windows, key=lambda window: window.category not in own)
        self.category.choices = [(window.category, window.name.get(language)) for window in windows]
        self.building_id.choices = [("", _l("all")), *((one.id, one.name) for one in project.buildings)]
        self.viewers.choices = [(str(one.id), one.name) for one in colleagues]


class EndForm(Form):
    """Why it holds no more."""

    reason = StringField(_l("Why"), validators=[DataRequired(_l("Say in a sentence why.")), Length(max=300)])

"""Forms of designers."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from tracker.designers.wording import LEVEL_NAMES
from tracker.forms import Form
from tracker.i18n import _l


class LevelForm(Form):
    """How far a designer stands up for us, and why."""

    level = SelectField(_l("Level"), choices=list(LEVEL_NAMES.items()))
    reason = StringField(_l("Why"), validators=[DataRequired(_l("Say in a sentence why.")), Length(max=300)])

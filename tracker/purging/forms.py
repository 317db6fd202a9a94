"""The form to purge something."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tracker.forms import Form
from tracker.i18n import _l


class PurgeForm(Form):
    """Why it must not be kept."""

    reason = StringField(
        _l("Why it must not be kept"),
        validators=[InputRequired(_l("Say why it must not be kept.")), Length(max=300)],
    )

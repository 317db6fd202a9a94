"""The forms of documents: a paper with what it is."""

from __future__ import annotations

from wtforms import MultipleFileField, SelectField
from wtforms.validators import Optional

from tracker.documents.kinds import SORTS
from tracker.forms import Form
from tracker.i18n import _, _l

WORDS = {
    "drawing": _l("Drawing"),
    "quote": _l("Quote"),
    "contract": _l("Contract"),
    "certificate": _l("Certificate"),
    "minutes": _l("Minutes of a meeting"),
    "other": _l("Other paper"),
}


class PaperForm(Form):
    """A paper and what it is."""

    papers = MultipleFileField(_l("File"))
    sort = SelectField(_l("What it is"), validators=[Optional()])

    def offer(self) -> None:
        """Fill the choices."""
        self.sort.choices = [("", _("not said")), *((key, str(WORDS[key])) for key in SORTS)]

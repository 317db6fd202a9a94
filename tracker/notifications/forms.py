"""The form that says what one wants by mail."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import Length, Optional

from tracker.forms import Form
from tracker.i18n import _l
from tracker.matrix.forms import ManyField
from tracker.notifications.holding import GROUPS
from tracker.notifications.operations.reading import Wish


class MailForm(Form):
    """What somebody wants by mail, of what, and when. `groups` are those he wants, the others are muted."""

    escalations = BooleanField(_l("What is escalated to me, or waits for my decision"))
    reminders = BooleanField(_l("My reminders"))
    groups = ManyField(_l("About what"))
    quiet_from = StringField(_l("Quiet from"), validators=[Optional(), Length(max=5)])
    quiet_to = StringField(_l("until"), validators=[Optional(), Length(max=5)])
    digest_at = StringField(_l("One mail a day, at"), validators=[Optional(), Length(max=5)])

    def wish(self, asked: bool) -> Wish:
        """What was said; `asked`: whether the form asked about the groups at all."""
        wanted = set(self.groups.data or ())
        return Wish(
            reminders=bool(self.reminders.data),
            escalations=bool(self.escalations.data),
            muted=tuple(group for group in GROUPS if asked and group not in wanted),
            quiet_from=(self.quiet_from.data or "").strip(),
            quiet_to=(self.quiet_to.data or "").strip(),
            digest_at=(self.digest_at.data or "").strip(),
        )

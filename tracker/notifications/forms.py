"""The form that says what one wants by mail."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField

from tracker.i18n import _l


class MailForm(FlaskForm):
    """What somebody wants by mail."""

    escalations = BooleanField(_l("What is escalated to me, or waits for my decision"))
    annotations = BooleanField(_l("Annotations to me and answers to mine"))
    reminders = BooleanField(_l("My reminders"))

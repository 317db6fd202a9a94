"""The shape of what people type about people."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from tracker.i18n import _l


class SignInForm(FlaskForm):
    """Name and password."""

    username = StringField(_l("User name"), [InputRequired(_l("Type your user name.")), Length(max=60)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password.")), Length(max=200)])

"""Password links: made once, shown once, and mailed where there is a mail server."""

from __future__ import annotations

from flask import current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import mail
from tracker.access import Action, require
from tracker.extensions import db
from tracker.htmx import respond
from tracker.i18n import LOCALES, _, speaking
from tracker.reader import current_user
from tracker.team import operations, queries
from tracker.team.models import User
from tracker.team.views.blueprint import blueprint
from tracker.team.views.card import card_of


@blueprint.post("/people/<int:user_id>/password-link")
@login_required
def password_link(user_id: int) -> ResponseReturnValue:
    """Make a one-time link to set a password; it is shown this once."""
    found = queries.get_user(db.session, current_user, user_id)
    require(current_user, Action.PEOPLE_MANAGE)
    token = operations.make_password_link(db.session, found, by=current_user)
    db.session.commit()
    return show_link(queries.get_user(db.session, current_user, user_id), token)


def show_link(person: User, token: str) -> ResponseReturnValue:
    """The person's card with the new link, which is mailed to him as well where that is possible."""
    mail_link(person, token)
    return respond(
        "team/person.html", **card_of(person, link=url_for("team.new_password", token=token, _external=True))
    )


def mail_link(person: User, token: str) -> None:
    """A mail carries the address that the settings name, never the one that this request was sent to."""
    config = current_app.config["TRACKER"]
    if not config.smtp_url or not person.email:
        return
    link = config.base_url + url_for("team.new_password", token=token)
    with speaking(person.locale if person.locale in LOCALES else config.locale):
        subject = _("Your password for Project Tracker")
        text = _(
            "Hello %(name)s,\n\nset your password with this link. It works once, for three days:\n\n%(link)s\n\n"
            "Your user name is %(username)s.",
            name=person.name,
            link=link,
            username=person.username,
        )
    try:
        mail.send(config.smtp_url, to=person.email, subject=subject, text=text)
    except mail.NotSent as error:
        flash(_("The link was not mailed: %(why)s. Give it to the person yourself.", why=error.reason), "warning")
    else:
        flash(_("The link was mailed to %(address)s.", address=person.email))

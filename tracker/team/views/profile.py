"""One's own profile: language, password, open sessions; and the page behind a password link."""

from __future__ import annotations

from typing import Any

from flask import flash, g, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import sessions
from tracker.errors import Invalid, NotFound
from tracker.extensions import db, limiter
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.reader import current_user
from tracker.team import operations, queries
from tracker.team.forms import ChangePasswordForm, NewPasswordForm, ProfileForm
from tracker.team.views.blueprint import blueprint


@blueprint.get("/profile")
@login_required
def profile() -> ResponseReturnValue:
    """What one may change about himself, and where he is signed in."""
    return _page(ProfileForm(obj=current_user), ChangePasswordForm(formdata=None))


@blueprint.post("/profile")
@login_required
def save_profile() -> ResponseReturnValue:
    """Change it; the language chosen here counts from now on."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(form, ChangePasswordForm(formdata=None), 422)
    operations.edit_profile(
        db.session,
        current_user,
        name=form.name.data or "",
        email=form.email.data,
        phone=form.phone.data,
        locale=form.locale.data,
        timezone=form.timezone.data,
        theme=current_user.theme,
    )
    db.session.commit()
    session.pop("lang", None)
    flash(_("Saved."))
    return go_to(url_for("team.profile"))


@blueprint.post("/profile/password")
@login_required
@limiter.limit("20 per 15 minutes", deduct_when=lambda answer: answer.status_code == 422)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other session ends."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _page(ProfileForm(formdata=None, obj=current_user), form, 422)
    user = current_user._get_current_object()
    try:
        operations.change_password(db.session, user, old=form.old.data or "", new=form.password.data or "")
    except Invalid as error:
        db.session.rollback()
        getattr(form, error.field).errors = [error.message]
        return _page(ProfileForm(formdata=None, obj=current_user), form, 422)
    sessions.start(user)
    db.session.commit()
    flash(_("The password is changed; other browsers are signed out."))
    return go_to(url_for("team.profile"))


@blueprint.post("/profile/sessions/<int:session_id>")
@login_required
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one of one's own browsers."""
    if not operations.revoke_sessions(db.session, current_user, by=current_user, only=session_id):
        raise NotFound
    db.session.commit()
    flash(_("That browser is signed out."))
    return go_to(url_for("team.profile"))


def _page(form: ProfileForm, password_form: ChangePasswordForm, status: int = 200) -> ResponseReturnValue:
    return respond(
        "team/profile.html",
        status=status,
        form=form,
        password_form=password_form,
        sessions=queries.list_sessions(db.session, current_user),
        here=g.get("user_session_id"),
    )


@blueprint.get("/password/<token>")
@limiter.limit("60 per hour")
def new_password(token: str) -> ResponseReturnValue:
    """The page behind a password link."""
    return _link_page(token, NewPasswordForm())


@blueprint.post("/password/<token>")
@limiter.limit("60 per hour")
def set_password(token: str) -> ResponseReturnValue:
    """Set the password; the link is used up."""
    link: Any = operations.find_password_link(db.session, token)
    form = NewPasswordForm()
    if link is None or not form.validate_on_submit():
        return _link_page(token, form, 422)
    operations.set_password_by_link(db.session, link, form.password.data or "")
    db.session.commit()
    flash(_("The password is set. Sign in with it."))
    return go_to(url_for("team.login"))


def _link_page(token: str, form: NewPasswordForm, status: int = 200) -> ResponseReturnValue:
    known = operations.find_password_link(db.session, token) is not None
    return respond("team/new_password.html", status=status if known else 404, form=form, known=known)

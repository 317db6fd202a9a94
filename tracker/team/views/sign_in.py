"""Signing in and out."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from tracker import events, sessions
from tracker.dealers.queries.shutting import find_shut_out
from tracker.events import Kind
from tracker.extensions import db, limiter
from tracker.htmx import go_to, respond, safe_next
from tracker.i18n import _
from tracker.reader import current_user
from tracker.team import operations, queries
from tracker.team.forms import SignInForm
from tracker.team.views.blueprint import blueprint


def _attempt_key() -> str:
    return f"{request.remote_addr}|{request.form.get('username', '').strip().lower()[:60]}"


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """The sign-in page."""
    if current_user.is_authenticated:
        return go_to(safe_next(url_for("home.today")))
    return respond("team/login.html", form=SignInForm())


@blueprint.post("/login")
@limiter.limit("10 per 15 minutes", key_func=_attempt_key, deduct_when=lambda answer: answer.status_code == 422)
@limiter.limit("60 per 15 minutes", deduct_when=lambda answer: answer.status_code == 422)
def sign_in() -> ResponseReturnValue:
    """Sign in; only failed attempts count towards the limit."""
    form = SignInForm()
    if not form.validate_on_submit():
        return respond("team/login.html", status=422, form=form)
    found = queries.find_by_username(db.session, form.username.data or "")
    user = operations.authenticate(db.session, found, form.password.data or "")
    if user is None:
        form.password.errors = [_("User name and password do not fit. Mind capital letters, or ask for a new link.")]
        return respond("team/login.html", status=422, form=form)
    out = find_shut_out(db.session, user)
    if out is not None:
        return respond("dealers/shut_out.html", status=403, standing=out.standing, keeper=out.keeper)
    sessions.start(user)
    events.record(db.session, Kind.SIGNED_IN, user, by=user)
    db.session.commit()
    return go_to(safe_next(url_for("home.today")))


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Sign out on this browser."""
    sessions.end()
    db.session.commit()
    return go_to(url_for("team.login"))


@blueprint.get("/logout")
def logout_page() -> ResponseReturnValue:
    """A page with the button, for people who typed the address."""
    return respond("team/logout.html")

"""Server-side sessions: the cookie carries a random token, the row says whose it is and whether it still counts."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from flask import Flask, g, redirect, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from tracker import clock
from tracker.dealers.models import shut_out
from tracker.errors import Forbidden
from tracker.extensions import db, login_manager
from tracker.htmx import go_to
from tracker.i18n import _l
from tracker.notifications.models import Notification
from tracker.team.models import User, UserSession
from tracker.team.passwords import token_hash

COOKIE_KEY = "sid"


def init_app(app: Flask) -> None:
    """Tell Flask-Login how to find who is there."""
    login_manager.init_app(app)
    login_manager.session_protection = None  # phones change their address while walking
    login_manager.request_loader(_load)
    login_manager.unauthorized_handler(_ask_to_sign_in)


@cache
def _signed_in() -> Any:
    """Put together once, when all tables are known: every request asks this."""
    unread = (
        select(func.count())
        .where(Notification.user_id == User.id, Notification.read_at.is_(None))
        .correlate(User)
        .scalar_subquery()
    )
    return (
        select(UserSession.id, User, unread)
        .join(UserSession.user)
        .where(
            UserSession.token_hash == bindparam("token_hash"),
            UserSession.revoked_at.is_(None),
            UserSession.created_at > bindparam("oldest"),
            User.active,
            ~shut_out(),
        )
        # not contains_eager: it would not do so after a rollback
        .options(joinedload(User.role), joinedload(User.team))
    )


def _load(_request: object) -> User | None:
    token = session.get(COOKIE_KEY)
    if not token or g.get("database_away"):
        return None
    asked = {"token_hash": token_hash(token), "oldest": clock.now() - UserSession.LIFETIME}
    found = db.session.execute(_signed_in(), asked).first()
    g.user_session_id, g.unread = (found[0], found[2]) if found else (None, 0)
    return found[1] if found else None


def forget_user() -> None:
    """Serve the rest of this request as nobody's: the database that knows the user does not answer.

    His session stays; the next request finds him again.
    """
    g.database_away = True
    logout_user()


def start(user: User) -> UserSession:
    """Sign the user in on this browser, whose session so far ends; the row is added, the caller commits.

    Where that was his own (and ended by itself or elsewhere), forms he left open stay valid.
    """
    before = _end_row()
    kept = ("lang", "csrf_token") if before and before.user_id == user.id else ("lang",)
    stays = {name: session[name] for name in kept if name in session}
    token = secrets.token_urlsafe(32)
    row = UserSession(
        token_hash=token_hash(token),
        user_id=user.id,
        address=request.remote_addr,
        agent=(request.user_agent.string or "")[:300],
    )
    db.session.add(row)
    session.clear()
    session.update(stays)
    session[COOKIE_KEY] = token
    session.permanent = True
    login_user(user)
    return row


def _end_row() -> UserSession | None:
    """The session that this browser has had, ended."""
    token = session.get(COOKIE_KEY)
    query = select(UserSession).where(UserSession.token_hash == token_hash(token or ""))
    row = db.session.scalar(query) if token else None
    if row and row.revoked_at is None:
        row.revoked_at = clock.now()
    return row


def end() -> None:
    """Sign out on this browser; the caller commits."""
    _end_row()
    logout_user()
    session.clear()


def _ask_to_sign_in() -> Response:
    if request.method not in ("GET", "HEAD"):
        raise Forbidden(_l("You were signed out. Sign in in another tab, then send this form again."))
    return go_to(url_for("team.login", next=request.full_path.rstrip("?")))


def redirect_home() -> Response:
    """Where a signed-in person starts."""
    return redirect(url_for("home.today"), 303)

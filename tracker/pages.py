"""What every answer shares: error pages, security headers, static caching, the transaction's kind."""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from tracker import clock, database, sessions
from tracker.errors import AlreadyDone, NotFound, Stale, TrackerError
from tracker.extensions import db
from tracker.htmx import go_to, wants_fragment
from tracker.i18n import HTML_LANG, _, _l, lang
from tracker.incoming import swallow
from tracker.reader import current_user

log = structlog.get_logger()

_SENTENCES: dict[int, Any] = {
    400: _l("This form could not be read. Reload the page and try once more; what you typed stays in the form."),
    403: _l("You see this, but you may not do it."),
    404: _l("There is nothing here, or nothing for you."),
    405: _l("This address does not take that kind of request."),
    409: _l("Somebody changed this meanwhile. Look at what it is now, then decide again."),
    413: _l("That is too large to send at once. Send fewer or smaller files."),
    429: _l("Too many attempts. Wait a little and try again."),
    500: _l("Something broke on our side. It is in the log; nothing of yours was half-saved."),
    503: _l("The database does not answer. Try again in a moment; nothing was half-saved."),
    507: _l("The disk is full. Nothing was half-saved; tell your administrator."),
}

_SECRET = {"csrf_token", "password", "old", "again"}  # fields that no answer shows again


def init_app(app: Flask) -> None:
    """Register what every answer shares."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(TrackerError, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(NoConnection, _away)
    app.register_error_handler(OverflowError, _nobodys_number)
    app.register_error_handler(Exception, _broken)
    app.context_processor(_shared_context)


def _begin() -> None:
    database.begin_for(request.method in ("GET", "HEAD", "OPTIONS"))
    g.nonce = secrets.token_urlsafe(16)
    clock.use_zone(_zone_name())
    g.today = clock.today()
    if "lang" in request.args:
        lang()  # the choice counts for the session even where this answer says nothing


def _zone_name() -> str:
    if request.endpoint in (None, "static", "operations.healthz"):
        return str(current_app.config["TRACKER"].timezone)
    chosen = current_user.timezone if current_user.is_authenticated else None
    return str(chosen or current_app.config["TRACKER"].timezone)


def _shared_context() -> dict[str, Any]:
    return {
        "lang": lang(),
        "html_lang": HTML_LANG[lang()],
        "nonce": g.get("nonce", ""),
        "is_fragment": wants_fragment(),
        "today": clock.today(),
    }


def _tiles() -> str:
    """Where map tiles come from, as the policy names it; nothing while the map is the drawn one."""
    found = re.match(r"https?://[^/\s;,]+", current_app.config["TRACKER"].tile_url or "")
    return f" {found.group().replace('{s}', '*')}" if found else ""


def _finish(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self' 'nonce-{g.get('nonce', '')}'; style-src 'self'; "
        f"img-src 'self' data: blob:{_tiles()}; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and ("Cache-Control" not in headers or answer.cache_control.public):
        headers["Cache-Control"] = "private, no-cache"  # whatever is not ours to everybody is one person's
    return answer


def error_answer(status: int, message: Any = None, rules: tuple[str, ...] = (), details: Any = None) -> Response:
    """An error as a page, or as a fragment where htmx asks for one (the form is still there then)."""
    try:
        body = _error_body(status, message, rules, details)
    except (OperationalError, NoConnection):  # the database goes away while the page asks it who looks
        db.session.rollback()
        sessions.forget_user()
        body = _error_body(status, message, rules, details)
    answer = make_response(body, status)
    if status in (429, 503):
        answer.headers["Retry-After"] = "30"
    return answer


def _error_body(status: int, message: Any, rules: tuple[str, ...], details: Any) -> str:
    context = {
        "status": status,
        "title": HTTPStatus(status).phrase,
        "message": str(message or _SENTENCES.get(status) or _SENTENCES[400 if status < 500 else 500]),
        "rules": rules,
        "details": details,
        "typed": _typed(),
    }
    return render_template("error_fragment.html" if wants_fragment() else "error.html", **context)


def _refused(error: TrackerError) -> Response:
    db.session.rollback()
    if isinstance(error, AlreadyDone):
        return go_to(str(error.details))
    message = error.message if not isinstance(error, NotFound) else None
    return error_answer(error.status, message, error.rules, error.details)


def _typed() -> list[str]:
    """The texts of a form that is not accepted, to be copied: whoever wrote them shall not lose them."""
    if request.method != "POST":
        return []
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # too large to be read, which is what the answer says
        return []
    return [
        value.strip()
        for name, value in fields
        if name not in _SECRET and not (value.isascii() and len(value.split()) < 2)  # keys, numbers, tokens
    ]


def _forged(error: CSRFError) -> Response:
    log.warning("form without a valid token", reason=error.description, path=request.path)
    return error_answer(400, _l("This form is older than your sign-in. Open its page again and send it from there."))


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    if code == 413:
        swallow()
    answer = error_answer(code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _stale(_error: StaleDataError) -> Response:
    db.session.rollback()
    return error_answer(Stale.status)


def _database(error: DBAPIError) -> Response:
    db.session.rollback()
    if isinstance(error, DataError) and request.method in ("GET", "HEAD"):
        return error_answer(404)  # no row answers to a value that the database cannot even hold
    if _no_room(error):
        log.error("no room for the database", path=request.path)
        return error_answer(507)
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return _away(error)
    log.exception("database", path=request.path)
    return error_answer(500)


def _no_room(error: DBAPIError) -> bool:
    """SQLite says it in words, PostgreSQL by its code for a full disk."""
    return "disk is full" in str(error.orig) or getattr(error.orig, "sqlstate", None) == "53100"


def _away(error: DBAPIError | NoConnection) -> Response:
    db.session.rollback()
    sessions.forget_user()
    log.error("the database does not answer", path=request.path, reason=str(error).splitlines()[0])
    return error_answer(503)


def _nobodys_number(_error: OverflowError) -> Response:
    db.session.rollback()
    return error_answer(404)


def _broken(error: Exception) -> Response:
    db.session.rollback()
    log.exception("unexpected", path=request.path, method=request.method)
    if _full_disk(error):
        return error_answer(507)
    return error_answer(500)


def _full_disk(error: Exception) -> bool:
    from tracker.storage import StorageFull

    return isinstance(error, StorageFull) or (isinstance(error, OSError) and error.errno == 28)


def title_of(text: str) -> str:
    """A page's title with the product's name behind it."""
    return f"{text} · {_('Project Tracker')}"

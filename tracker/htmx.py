"""Page or fragment: the one place that decides.

A view names its template and the block that htmx refreshes; whoever asks without htmx (or restores history) gets
the whole page from the same file.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, redirect, render_template, request
from jinja2_fragments import render_block


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Boosted") != "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def respond(template: str, block: str | None = None, /, status: int = 200, **context: Any) -> Response:
    """The whole page, or the named block of it where htmx asks for a part. A `block=` goes to the template."""
    if block and wants_fragment():
        current_app.update_template_context(context)
        body = render_block(current_app.jinja_env, template, block, **context)
    else:
        body = render_template(template, **context)
    answer = make_response(body, status)
    answer.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


def go_to(address: str) -> Response:
    """Send the browser to another page, with or without htmx."""
    if wants_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = address
        return answer
    return make_response(redirect(address, 303))


def safe_next(default: str) -> str:
    """The `next` address of the request where it stays on this site, else `default`."""
    asked = request.values.get("next", "")
    parts = urlsplit(asked)
    if asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme:
        return asked
    return default

"""Addresses for templates and menus: what Flask's `url_for` makes, in a fraction of its time.

A page holds hundreds of addresses of a dozen kinds. Each kind is asked of Flask once, and then only filled in.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

import flask
from flask import Flask, current_app, request

from tracker.templating import context

_PLAIN = re.compile(r"[A-Za-z0-9_-]+").fullmatch  # what stands in an address as it is
_patterns: dict[str, dict[Any, str | None]] = {}  # by where the application is mounted


def init_app(app: Flask) -> None:
    """Let templates make their addresses here."""
    app.jinja_env.globals.update(url_for=url_for, with_args=with_args)


def url_for(endpoint: str, **values: Any) -> str:
    """The address of an endpoint; takes all that Flask's own takes."""
    if endpoint == "static":
        return _static(**values)
    for value in values.values():
        if type(value) is not int and not (type(value) is str and _PLAIN(value)):
            return flask.url_for(endpoint, **values)
    known = _known()
    key = (endpoint, *values)
    try:
        pattern = known[key]
    except KeyError:
        pattern = known[key] = _pattern(endpoint, values)
    return flask.url_for(endpoint, **values) if pattern is None else pattern % values


def with_args(**changes: Any) -> str:
    """This page's address with other parameters; None or "" drops one. Language and place in a list are never kept."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in changes]
    kept = [(key, value) for key, value in kept if value and key not in ("lang", "after")]
    kept += [(key, value) for key, value in changes.items() if value is not None and value != ""]
    return f"{request.path}?{urlencode(kept, quote_via=quote)}" if kept else request.path


def _static(filename: str, **values: Any) -> str:
    """The address of a static file, which bears a mark of the file's content; while debugging it is asked each time."""
    if values:
        return flask.url_for("static", filename=filename, **values)
    known = _known()
    try:
        return known[filename]  # type: ignore[return-value]
    except KeyError:
        address = flask.url_for("static", filename=filename)
        if not current_app.debug:
            known[filename] = address
        return address


def _known() -> dict[Any, str | None]:
    """What was asked before, where the application is mounted as it is for this request."""
    kept = context().g
    try:
        known: dict[Any, str | None] = kept.addresses
    except AttributeError:
        known = kept.addresses = _patterns.setdefault(request.root_path, {})
    return known


def _pattern(endpoint: str, values: dict[str, Any]) -> str | None:
    """The address with a place for each value; None where it cannot be told which is where."""
    numbers = range(729_000_001, 729_000_001 + len(values))
    marks: dict[str, Any] = {
        name: number if type(value) is int else f"value{number}"
        for number, (name, value) in zip(numbers, values.items(), strict=True)
    }
    address = flask.url_for(endpoint, **marks).replace("%", "%%")
    for name, mark in marks.items():
        if address.count(str(mark)) != 1:
            return None
        address = address.replace(str(mark), f"%({name})s")
    return address

"""Addresses for templates and menus: what Flask's `url_for` makes, in a fraction of its time.

A page holds hundreds of addresses of a dozen kinds. Each kind is asked of Flask once, and then only filled in; static
files are asked for once in a request, since their address follows their content.
"""

from __future__ import annotations

import re
from typing import Any

import flask
from flask import Flask, g, request

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")  # what stands in an address as it is
_patterns: dict[tuple[Any, ...], str | None] = {}


def init_app(app: Flask) -> None:
    """Let templates make their addresses here."""
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, **values: Any) -> str:
    """The address of an endpoint; takes all that Flask's own takes."""
    if endpoint == "static":
        return _static(**values)
    for value in values.values():
        if type(value) is not int and not (type(value) is str and _PLAIN.fullmatch(value)):
            return flask.url_for(endpoint, **values)
    key = (request.root_path, endpoint, *values, *map(type, values.values()))
    try:
        pattern = _patterns[key]
    except KeyError:
        pattern = _patterns[key] = _pattern(endpoint, values)
    return flask.url_for(endpoint, **values) if pattern is None else pattern % values


def _static(filename: str, **values: Any) -> str:
    if values:
        return flask.url_for("static", filename=filename, **values)
    known: dict[str, str] = g.setdefault("static_addresses", {})
    if filename not in known:
        known[filename] = flask.url_for("static", filename=filename)
    return known[filename]


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

"""What comes in with a request: texts without NUL, row numbers that a database can hold.

No database takes a NUL in a text and nobody means to type one, so it is dropped at the door, before any form or query
sees it. A number beyond a row's is nobody's: its address does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter

LARGEST = 2**31 - 1  # of a row number
TEXT_LIMIT = 2 * 1024 * 1024  # bytes of a form without files
SWALLOWED = 512 * 1024 * 1024  # bytes of a request too large that are read all the same


class Texts(ImmutableMultiDict[str, Any]):
    """The fields of an address or form, without NUL in their names, values and file names."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(list(_clean(mapping)))


def _clean(mapping: Any) -> Iterator[tuple[str, Any]]:
    for name, value in MultiDict(mapping).items(multi=True):
        if isinstance(value, FileStorage) and value.filename:
            value.filename = value.filename.replace("\0", "")
        yield name.replace("\0", ""), value.replace("\0", "") if isinstance(value, str) else value


class Incoming(Request):
    """A request with clean texts. Only one that brings files may be as large as files are: the rest is read at once."""

    parameter_storage_class = Texts

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.mimetype != "multipart/form-data":
            self.max_content_length = TEXT_LIMIT


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number that a row may have; a larger one becomes 0, which no row has."""

    def to_python(self, value: str) -> int:
        """The number in the address."""
        return optional_key(value) or 0


class Word(UnicodeConverter):
    """`<…>` in an address: a part of it without NUL."""

    def __init__(self, map: Any, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **options)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


def init_app(app: Flask) -> None:
    """Make the application read requests so. To be called before the first address is registered."""
    app.request_class = Incoming
    app.url_map.converters.update(int=RowNumber, default=Word, string=Word)


def swallow() -> None:
    """Read a body that is too large and forget it: a browser that is still sending does not listen to the answer."""
    size, allowed = request.content_length or 0, request.max_content_length
    if allowed is None or not allowed < size <= SWALLOWED:
        return
    source = request.environ["wsgi.input"]
    while size > 0 and (piece := source.read(min(size, 1024 * 1024))):
        size -= len(piece)


def optional_key(text: Any) -> int | None:
    """The row number that somebody chose, or None where the text is no such number."""
    digits = str(text or "")
    if not digits.isdecimal() or len(digits) > 10:
        return None
    return int(digits) if 0 < int(digits) <= LARGEST else None

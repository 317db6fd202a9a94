"""Sending a list as a file: the same address as its page, with `export=xlsx` or `export=csv`.

Where a page shows two lists, `part` says which. The file is written whole before it is sent, so that what goes wrong is
told on a page and no half of a list arrives.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Any

from flask import Response, request, send_file

from tracker import clock
from tracker.database import begin_for
from tracker.exports.columns import Listing
from tracker.exports.operations import FORMATS, record_export, write_list
from tracker.extensions import db
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user

TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
NO_FILTERS = {"export", "part", "page", "after", "lang"}


def format_asked() -> str:
    """The kind of file that this address asks for; empty for the page."""
    asked = request.args.get("export", "")
    return asked if asked in FORMATS else ""


def send_list(listing: Listing, rows: Iterable[Any]) -> Response:
    """The list as the file that was asked for. What was taken out is written down and committed."""
    kind, user = format_asked(), current_user._get_current_object()
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the answer
    count = write_list(file, kind, listing, rows, by=user, definition=current_definition())
    db.session.rollback()  # the reading is over; what is written now waits for its turn as every change does
    begin_for(reads_only=False)
    filters = {key: value for key, value in request.args.items() if key not in NO_FILTERS}
    record_export(db.session, listing, kind, count, filters, by=user)
    db.session.commit()
    file.seek(0)
    name = f"{listing.name} {clock.today().isoformat()}.{kind}".replace(" ", "-")
    answer = send_file(file, mimetype=TYPES[kind], as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

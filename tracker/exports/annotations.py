"""The columns of the list of annotations."""

from __future__ import annotations

from typing import Any

from tracker.annotations.wording import KINDS, STATES, THINGS, site_name
from tracker.exports.columns import Column, Listing, Words, made, moment, plain, said
from tracker.i18n import _l
from tracker.sheets.writing import LONG, NAME


def _site(row: Any, _words: Words) -> str:
    return site_name(row)


ANNOTATIONS = Listing(
    "annotations",
    _l("Annotations"),
    (
        moment(_l("When"), "at"),
        Column(_l("What it is"), said("kind", lambda _words, key: str(KINDS[key]))),
        Column(_l("By"), plain("by.name")),
        Column(_l("To whom"), plain("to.name")),
        Column(_l("On what"), said("on", lambda _words, key: str(THINGS[key]))),
        Column(_l("Name"), made(_site), NAME),
        Column(_l("What was said"), plain("text"), LONG),
        Column(_l("State"), said("state", lambda _words, key: str(STATES[key][1]))),
        moment(_l("Settled"), "settled_at"),
    ),
)

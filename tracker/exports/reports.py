"""The columns of the list of reports."""

from __future__ import annotations

from typing import Any

from tracker.exports.columns import Column, Listing, Words, made, moment, plain, said
from tracker.i18n import _l
from tracker.reports.wording import PERIODS, SUBJECTS
from tracker.sheets.writing import DAY, NAME


def _name(row: Any, _words: Words) -> str:
    return str((row.content or {}).get("name", ""))


def _of(row: Any, _words: Words) -> str:
    return str(SUBJECTS[row.subject.partition(":")[0]])


REPORTS = Listing(
    "reports",
    _l("Reports"),
    (
        Column(_l("Which report"), said("period", lambda _words, key: str(PERIODS[key]))),
        Column(_l("From"), plain("starts_on"), DAY),
        Column(_l("To"), plain("ends_on"), DAY),
        Column(_l("What it is about"), made(_of)),
        Column(_l("Name"), made(_name), NAME),
        Column(_l("Remarks"), plain("remarks"), NAME),
        moment(_l("Sent at"), "sent_at"),
    ),
)

"""The columns of the list of forecasts."""

from __future__ import annotations

from typing import Any

from tracker.exports.columns import Column, Listing, Words, made, plain, said
from tracker.i18n import _l
from tracker.sheets.writing import DAY, FIGURE, LONG, MONEY, NAME, Cell


def _owner(row: Any, _words: Words) -> str:
    return row.project.owner.name if row.project.owner else ""


def _percent(row: Any, _words: Words) -> Cell:
    percent: int | None = row.share.percent
    return percent


FORECASTS = Listing(
    "forecasts",
    _l("Forecasts"),
    (
        Column(_l("Project"), plain("project.name"), NAME),
        Column(_l("Owner"), made(_owner)),
        Column(_l("Phase"), said("project.phase", Words.phase)),
        Column(_l("Construction progress"), said("project.step", Words.step)),
        Column(_l("Signed by"), plain("forecast.expected_on"), DAY),
        Column(_l("Expected"), plain("forecast.value"), MONEY),
        Column(_l("Currency"), plain("forecast.currency")),
        Column(_l("How sure, of 100"), plain("forecast.sure"), FIGURE),
        Column(_l("Supported by the records"), plain("supported"), MONEY),
        Column(_l("Won from here, of 100"), made(_percent), FIGURE),
        Column(_l("Of how many decided"), plain("share.of"), FIGURE),
        Column(_l("What changed"), plain("forecast.reason"), LONG),
    ),
)

"""The columns of the list of designers."""

from __future__ import annotations

from tracker.designers.wording import LEVEL_NAMES
from tracker.exports.columns import Column, Listing, made, plain
from tracker.i18n import _l
from tracker.sheets.writing import DAY, FIGURE, NAME

DESIGNERS = Listing(
    "designers",
    _l("Designers"),
    (
        Column(_l("Name"), plain("name"), NAME),
        Column(_l("Firm"), plain("firm"), NAME),
        Column(_l("Post"), plain("post")),
        Column(_l("Level"), made(lambda row, _words: str(LEVEL_NAMES[row.level]) if row.level else "")),
        Column(_l("Projects led"), plain("leads"), FIGURE),
        Column(_l("Projects joined"), plain("joins"), FIGURE),
        Column(_l("Drawings that carry us"), plain("drawn"), FIGURE),
        Column(_l("won"), plain("won"), FIGURE),
        Column(_l("Last met"), plain("last_met_on"), DAY),
    ),
)

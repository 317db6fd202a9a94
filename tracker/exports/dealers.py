"""The columns of the lists about dealers."""

from __future__ import annotations

from typing import Any

from tracker.dealers.wording import STATE_NAMES, SUPPORT_NAMES, month_name, quarter_name
from tracker.exports.columns import Column, Listing, Words, made, plain
from tracker.i18n import _, _l
from tracker.sheets.writing import DAY, FIGURE, LONG, MONEY, NAME


def _regions(line: Any, _words: Words) -> str:
    return _(", ").join(row.region.name for row in line.dealer.regions)


def _categories(line: Any, words: Words) -> str:
    return _(", ").join(words.category(key) for key in line.dealer.categories)


DEALERS = Listing(
    "dealers",
    _l("Dealers"),
    (
        Column(_l("Name"), made(lambda line, _words: line.dealer.party.name), NAME),
        Column(_l("State"), made(lambda line, _words: str(STATE_NAMES[line.dealer.state]))),
        Column(_l("Since"), made(lambda line, _words: line.dealer.state_since), DAY),
        Column(_l("Grade"), plain("grade")),
        Column(_l("Points"), plain("points"), FIGURE),
        Column(_l("Territory"), made(_regions), NAME),
        Column(_l("Material categories"), made(_categories), NAME),
        Column(_l("Last month reported"), plain("month"), DAY),
        Column(_l("Report is late"), made(lambda line, _words: _("yes") if line.late else _("no"))),
        Column(_l("Looked after by"), made(lambda line, _words: line.dealer.keeper.name if line.dealer.keeper else "")),
    ),
)


def _flows(row: Any, _words: Words) -> Any:
    return sum(flow.quantity for flow in row[1].flows) or None


STOCK = Listing(
    "stock",
    _l("Purchase, sale, stock"),
    (
        Column(_l("Month"), made(lambda row, _words: month_name(row[0].month))),
        Column(_l("Category"), made(lambda row, words: words.category(row[1].category))),
        Column(_l("Product"), made(lambda row, _words: row[1].product)),
        Column(_l("Unit"), made(lambda row, _words: row[1].unit)),
        Column(_l("Opening"), made(lambda row, _words: row[1].opening), FIGURE),
        Column(_l("Bought"), made(lambda row, _words: row[1].bought), FIGURE),
        Column(_l("Sold"), made(lambda row, _words: row[1].sold), FIGURE),
        Column(_l("of which to projects"), made(_flows), FIGURE),
        Column(_l("Stock"), made(lambda row, _words: row[1].stock), FIGURE),
    ),
)
EVALUATIONS = Listing(
    "evaluations",
    _l("Evaluations"),
    (
        Column(_l("Dealer"), made(lambda row, _words: row.dealer.party.name), NAME),
        Column(_l("Quarter"), made(lambda row, _words: quarter_name(row.quarter))),
        Column(_l("Grade"), plain("grade")),
        Column(_l("Points"), plain("points"), FIGURE),
        Column(_l("Better by"), plain("improve_by"), DAY),
        Column(_l("Confirmed by"), made(lambda row, _words: row.confirmed_by.name if row.confirmed_by else "")),
        Column(_l("Note"), plain("note"), LONG),
    ),
)
SHARES = Listing(
    "shares",
    _l("Shares of short supplies"),
    (
        Column(_l("Month"), made(lambda row, _words: month_name(row.quota.month))),
        Column(_l("Category"), made(lambda row, words: words.category(row.quota.category))),
        Column(_l("Dealer"), made(lambda row, _words: row.dealer.party.name), NAME),
        Column(_l("Grade"), made(lambda row, _words: row.basis.get("grade"))),
        Column(_l("Proposed"), plain("proposed"), FIGURE),
        Column(_l("Granted"), plain("granted"), FIGURE),
        Column(_l("Unit"), made(lambda row, _words: row.quota.unit)),
        Column(_l("Reason"), plain("reason"), LONG),
    ),
)
SUPPORT = Listing(
    "support",
    _l("Support"),
    (
        Column(_l("When"), made(lambda row, _words: row[0].on), DAY),
        Column(_l("Kind"), made(lambda row, _words: str(SUPPORT_NAMES[row[0].kind]))),
        Column(_l("What he got"), made(lambda row, _words: row[0].what), NAME),
        Column(_l("Value"), made(lambda row, _words: row[0].value), MONEY),
        Column(_l("Project"), made(lambda row, _words: row[1].name if row[1] else ""), NAME),
        Column(_l("By whom"), made(lambda row, _words: row[0].by.name if row[0].by else "")),
        Column(_l("What it brought"), made(lambda row, _words: row[0].result), LONG),
    ),
)

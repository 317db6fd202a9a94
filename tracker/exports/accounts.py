"""The columns of the lists of key accounts, their agreements and partner makers."""

from __future__ import annotations

from typing import Any

from tracker.accounts import wording as accounts
from tracker.exports.columns import Column, Listing, Words, made, plain
from tracker.i18n import _, _l
from tracker.sheets.writing import DAY, FIGURE, LONG, MONEY, NAME


def _covered(line: Any, words: Words) -> str:
    return _(", ").join(words.category(one.category) for one in line.agreement.categories)


def _others(line: Any, _words: Words) -> str:
    """What is in no yuan, in words: amounts of different currencies are never added up."""
    parts = ((_("undecided"), line.standing.running_value), (_("won this year"), line.earned))
    said = (f"{what} {value:,.2f} {code}" for what, values in parts for code, value in values.items() if code != "CNY")
    return _(", ").join(said)


ACCOUNTS = Listing(
    "accounts",
    _l("Key accounts"),
    (
        Column(_l("Name"), made(lambda line, _words: line.account.party.name), NAME),
        Column(_l("Owner"), made(lambda line, _words: line.account.owner.name)),
        Column(_l("Since"), made(lambda line, _words: line.account.since), DAY),
        Column(_l("Loyalty"), made(lambda line, _words: str(accounts.STEPS[line.step]) if line.step else "")),
        Column(_l("Live projects"), made(lambda line, _words: line.standing.live), FIGURE),
        Column(_l("Undecided value"), made(lambda line, _words: line.standing.running_value.get("CNY")), MONEY),
        Column(_l("Won this year"), made(lambda line, _words: line.earned.get("CNY")), MONEY),
        Column(_l("In other currencies"), made(_others), NAME),
        Column(_l("Agreements in force"), plain("agreements"), FIGURE),
        Column(_l("Next end of an agreement"), plain("next_end"), DAY),
        Column(_l("Next action"), plain("next_action"), DAY),
        Column(_l("Last record"), made(lambda line, _words: line.standing.last_record_on), DAY),
    ),
)
AGREEMENTS = Listing(
    "agreements",
    _l("Frame agreements"),
    (
        Column(_l("Number"), made(lambda line, _words: line.agreement.number)),
        Column(_l("Key account"), made(lambda line, _words: line.agreement.account.party.name), NAME),
        Column(_l("State"), made(lambda line, _words: str(accounts.AGREEMENT_STATES[line.state]))),
        Column(_l("Valid from"), made(lambda line, _words: line.agreement.valid_from), DAY),
        Column(_l("Valid until"), made(lambda line, _words: line.agreement.last_day), DAY),
        Column(_l("Material categories"), made(_covered), NAME),
        Column(_l("Owner"), made(lambda line, _words: line.agreement.account.owner.name)),
    ),
)
SHARES = Listing(
    "shares",
    _l("Partner makers"),
    (
        Column(_l("Partner maker"), made(lambda share, _words: share.party.name), NAME),
        Column(_l("Project"), made(lambda share, _words: share.project.name), NAME),
        Column(_l("Category"), made(lambda share, words: words.category(share.category))),
        Column(_l("Building"), made(lambda share, _words: share.building.name if share.building else _("all"))),
        Column(_l("Quantity"), plain("quantity"), FIGURE),
        Column(_l("Unit"), plain("unit")),
        Column(_l("Agreed on"), plain("agreed_on"), DAY),
        Column(_l("Terms"), plain("terms"), LONG),
        Column(_l("Ended on"), plain("ended_on"), DAY),
    ),
)

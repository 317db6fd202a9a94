"""The columns of the lists of dealers' registrations, of conflicts and of complaints."""

from __future__ import annotations

from typing import Any

from tracker.exports.columns import Column, Listing, Words, chosen, made, moment, plain, said
from tracker.i18n import _, _l
from tracker.registrations.wording import ABOUT_NAMES, CONFLICT_NAMES, VERDICT_NAMES, WORD_NAMES
from tracker.sheets.writing import DAY, FIGURE, LONG, NAME
from workflows.guards.channel import last_day


def _categories(row: Any, words: Words) -> str:
    return _(", ").join(words.category(key) for key in row.categories)


def _buildings(row: Any, _words: Words) -> str:
    return _(", ").join(row.buildings)


def _last_day(row: Any, _words: Words) -> Any:
    return last_day(row.facts(""))


def _other_side(row: Any, _words: Words) -> str:
    """The project, or the other registration's site."""
    return row.project.name if row.project else row.other.name if row.other else ""


REGISTRATIONS = Listing(
    "registrations",
    _l("Registrations"),
    (
        Column(_l("Serial number"), plain("id"), FIGURE),
        Column(_l("Site"), plain("name"), NAME),
        Column(_l("Address"), plain("address"), NAME),
        Column(_l("Plot number"), plain("plot_number")),
        Column(_l("State"), chosen("state", "dealer_registration")),
        Column(_l("Dealer"), made(lambda row, _words: row.dealer.party.name), NAME, ours=True),
        Column(_l("He read"), said("word", lambda _words, key: str(WORD_NAMES[key]) if key else ""), ours=True),
        Column(_l("What is being built"), chosen("kind", "project_types")),
        Column(_l("Construction progress"), said("step", Words.step)),
        Column(_l("Developer"), plain("developer"), NAME),
        Column(_l("Material categories"), made(_categories), NAME),
        Column(_l("Buildings"), made(_buildings)),
        Column(_l("Quantity"), plain("quantity")),
        moment(_l("Handed in"), "submitted_at"),
        Column(_l("Answer due"), plain("answer_due"), DAY),
        Column(_l("Protected until"), made(_last_day), DAY),
        Column(_l("Looked after by"), made(lambda row, _words: row.held_by.name if row.held_by else "")),
        Column(_l("Project"), made(lambda row, _words: row.project.name if row.project else ""), NAME, ours=True),
    ),
)
_CONTESTED = (
    Column(_l("The other side"), made(_other_side), NAME),
    Column(_l("State"), said("state", lambda _words, key: str(CONFLICT_NAMES[key]))),
    Column(_l("Opened on"), plain("opened_on"), DAY),
    Column(_l("Evidence by"), plain("evidence_by"), DAY),
    Column(_l("Ruling by"), plain("rule_by"), DAY),
)
CONFLICTS = Listing(
    "conflicts",
    _l("Contested"),
    (
        Column(_l("Registration"), made(lambda row, _words: row.registration.name), NAME),
        Column(_l("Dealer"), made(lambda row, _words: row.registration.dealer.party.name), NAME),
        *_CONTESTED,
    ),
)
CONFLICTS_OF_PROJECTS = Listing("conflicts", _l("Contested"), _CONTESTED)
"""For who sees no registrations: his projects that are contested, not who contests them."""
COMPLAINTS = Listing(
    "complaints",
    _l("Complaints"),
    (
        Column(_l("Serial number"), plain("id"), FIGURE),
        Column(_l("What it is"), said("about", lambda _words, key: str(ABOUT_NAMES[key]))),
        Column(_l("Day"), plain("on"), DAY),
        Column(_l("Site"), plain("site"), NAME),
        Column(_l("Dealer"), made(lambda row, _words: row.dealer.party.name if row.dealer else ""), NAME),
        Column(_l("State"), said("state", lambda _words, key: str(VERDICT_NAMES[key]))),
        Column(_l("Reason"), plain("reason"), LONG),
    ),
)
"""Who complained stands on the page of one complaint, for who decides about it; not in the list, nor here."""

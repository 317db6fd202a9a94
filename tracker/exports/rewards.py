"""The columns of the lists of what people were given, and of occasions."""

from __future__ import annotations

from typing import Any

from tracker.exports.columns import Column, Listing, Words, made, plain
from tracker.i18n import _l
from tracker.rewards.wording import STATE_NAMES
from tracker.sheets.writing import DAY, FIGURE, LONG, MONEY, NAME
from workflows.rewards import reward_kinds


def _kind(row: Any, words: Words) -> str:
    known = {kind.key: kind.name.get(words.language) for kind in reward_kinds(words.definition)}
    return known.get(row.kind, row.kind)


REWARDS = Listing(
    "rewards",
    _l("Invitations and rewards"),
    (
        Column(_l("Day"), plain("on"), DAY),
        Column(_l("For whom"), made(lambda row, _words: row.contact.name), NAME),
        Column(_l("Firm"), made(lambda row, _words: row.contact.party.name), NAME),
        Column(_l("Kind"), made(_kind)),
        Column(_l("What is given"), plain("what"), NAME),
        Column(_l("Worth, in CNY"), plain("value"), MONEY),
        Column(_l("State"), made(lambda row, _words: str(STATE_NAMES[row.state]))),
        Column(_l("Given on"), plain("given_on"), DAY),
        Column(_l("Worth in the end, in CNY"), plain("given_value"), MONEY),
        Column(_l("Papers filed on"), plain("papers_on"), DAY),
        Column(_l("Entered by"), made(lambda row, _words: row.by.name)),
        Column(_l("What it is for"), plain("reason"), LONG),
    ),
)


def _occasion_kind(row: Any, words: Words) -> str:
    return _kind(row.occasion, words)


OCCASIONS = Listing(
    "occasions",
    _l("Occasions"),
    (
        Column(_l("What"), plain("occasion.title"), NAME),
        Column(_l("Kind"), made(_occasion_kind)),
        Column(_l("Day"), plain("occasion.on"), DAY),
        Column(_l("Until"), plain("occasion.until"), DAY),
        Column(_l("Where"), plain("occasion.place"), NAME),
        Column(_l("invited"), plain("invited"), FIGURE),
        Column(_l("came"), plain("came"), FIGURE),
        Column(_l("Called off, because"), plain("occasion.called_off"), LONG),
    ),
)

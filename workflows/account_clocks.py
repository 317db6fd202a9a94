"""What falls due on a key account, from its facts alone: agreements that end, actions whose day has come.

As with projects and leads a thing's key names the occurrence: an agreement with another last day, an action that was
put off, is a new thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.calendar import add_days
from workflows.clocks import Level
from workflows.text import Text

WARN_DAYS = (90, 30, 7)  # before the last day of an agreement
LATE_DAYS = 7  # after which an action that is not done goes to the supervisor
KINDS = frozenset({"agreement_ends", "account_action"})
"""The kinds of things that come from here and go again when the facts say so."""


@dataclass(frozen=True, slots=True)
class Ending:
    """An agreement that ends: its row, number and last day. One that was renewed ends without anybody's doing."""

    id: int
    number: str
    last_day: date


@dataclass(frozen=True, slots=True)
class ToDo:
    """An action that is not done yet: its row, what it is, its day and who does it."""

    id: int
    text: str
    due_on: date
    user_id: int


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the clocks of an account go by: its agreements that no other follows, its open actions."""

    endings: Sequence[Ending] = ()
    to_do: Sequence[ToDo] = ()


@dataclass(frozen=True, slots=True)
class AccountThing:
    """Something that falls due once on an account. `user_id`: who is told, where it is neither owner nor supervisor."""

    key: str
    kind: str
    level: Level
    due_on: date
    audience: Literal["owner", "supervisor", "named"]
    text: Text
    user_id: int | None = None


def account_things(facts: AccountFacts) -> tuple[AccountThing, ...]:
    """Everything that will fall due unless the facts change, in the order of its days."""
    found = [*_endings(facts), *_actions(facts)]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.key)))


def due_on_account(facts: AccountFacts, today: date) -> tuple[AccountThing, ...]:
    """What is due by today; of the warnings of one agreement the last alone, so that nobody reads three at once."""
    due = [one for one in account_things(facts) if one.due_on <= today]
    last = {_subject(one): one for one in due}
    return tuple(one for one in due if last[_subject(one)] is one or one.kind != "agreement_ends")


def next_day_of_account(facts: AccountFacts, today: date) -> date | None:
    """The next day after today on which something newly falls due; None when nothing will as things stand."""
    return min((one.due_on for one in account_things(facts) if one.due_on > today), default=None)


def _subject(thing: AccountThing) -> str:
    return thing.key.rsplit(":", 1)[0]


def _endings(facts: AccountFacts) -> Iterator[AccountThing]:
    """The owner hears of an agreement's end 90, 30 and 7 days before; once it has ended his supervisor does."""
    for one in facts.endings:
        key = f"agreement:{one.id}:{one.last_day}"
        for days in WARN_DAYS:
            text = Text(
                f"集采协议 {one.number} 将于 {one.last_day} 到期：谈续签。",
                f"Frame agreement {one.number} ends on {one.last_day}: talk about its renewal.",
            )
            on = add_days(one.last_day, -days)
            yield AccountThing(f"{key}:{days}", "agreement_ends", "remind", on, "owner", text)
        text = Text(
            f"集采协议 {one.number} 已于 {one.last_day} 到期，未续签。",
            f"Frame agreement {one.number} ended on {one.last_day} and was not renewed.",
        )
        yield AccountThing(f"{key}:0", "agreement_ends", "escalate", add_days(one.last_day, 1), "supervisor", text)


def _actions(facts: AccountFacts) -> Iterator[AccountThing]:
    """Who does it hears of an action on its day; a week later the supervisor does."""
    for one in facts.to_do:
        key = f"action:{one.id}:{one.due_on}"
        text = Text(f"今天到期：{one.text}", f"Due: {one.text}")
        yield AccountThing(f"{key}:due", "account_action", "remind", one.due_on, "named", text, one.user_id)
        late = Text(f"已逾期七天：{one.text}", f"Seven days late: {one.text}")
        on = add_days(one.due_on, LATE_DAYS)
        yield AccountThing(f"{key}:late", "account_action", "escalate", on, "supervisor", late)

"""What falls due on a lead when nobody does anything, from its facts alone; the day only says how much of it is due.

As with projects (`workflows.clocks`) a thing that is due stays due until the facts change, and its key names the
occurrence: a new answer's limit, a new review date or a new scoring is a new thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.calendar import add_days, first_day_past
from workflows.clocks import Level
from workflows.definition import Definition
from workflows.text import Text

RESCORE_DAYS = 30  # after which a score card is asked for again
VERIFY_DAYS = 10  # in which missing evidence is to be brought
DECIDE_DAYS = 3  # in which the supervisor decides
NURTURE_DAYS = 30  # between two looks at a nurtured lead
LONG_DAYS = 180  # between two looks at what was given up, or is a duplicate
LATE_DAYS = 14  # after which a missed review goes to the supervisor
KINDS = frozenset({"lead_answer", "lead_review", "lead_rescore", "lead_verify", "lead_decide"})
"""The kinds of things that come from here and go again when the facts say so."""
NURTURED_KIND = "lead_nurtured"  # what was done is told, and stays told
WORKED_ON = ("new", "following")
REVIEWED = ("nurturing", "invalid", "duplicate")
NURTURED, DECIDED_ABOVE, TO_VERIFY = "nurturing", "supervisor_decides", "verify"


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What the clocks of a lead go by. `answer_by`: None too where it was answered; `scored_step`: of that day."""

    state: str
    step: str
    answer_by: date | None = None
    review_on: date | None = None
    scored_on: date | None = None
    scored_step: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class LeadThing:
    """Something that falls due once on a lead; `nurtures`: nobody having acted, the lead is nurtured from then on."""

    key: str
    kind: str
    level: Level
    due_on: date
    audience: Literal["owner", "supervisor"]
    text: Text
    nurtures: bool = False


def lead_things(definition: Definition, facts: LeadFacts) -> tuple[LeadThing, ...]:
    """Everything that will fall due unless the facts change, in the order of its days."""
    found = [one for source in _SOURCES for one in source(definition, facts)]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.key)))


def due_on_lead(definition: Definition, facts: LeadFacts, today: date) -> tuple[LeadThing, ...]:
    """What is due by today, the oldest first."""
    return tuple(one for one in lead_things(definition, facts) if one.due_on <= today)


def next_day_of_lead(definition: Definition, facts: LeadFacts, today: date) -> date | None:
    """The next day after today on which something newly falls due; None when nothing will as things stand."""
    return min((one.due_on for one in lead_things(definition, facts) if one.due_on > today), default=None)


def rescoring_due(definition: Definition, facts: LeadFacts, today: date) -> bool:
    """Whether the lead's score card is to be filled in again: thirty days are over, or the site moved on."""
    due = due_on_lead(definition, facts, today)
    return any(one.kind in ("lead_rescore", "lead_verify") for one in due)


def moved_on(definition: Definition, facts: LeadFacts) -> bool:
    """Whether the site stands at a later step than when it was scored."""
    order = definition.step_index
    then, now = order.get(facts.scored_step or ""), order.get(facts.step)
    return then is not None and now is not None and now > then


def _answers(_: Definition, facts: LeadFacts) -> Iterator[LeadThing]:
    """The owner answers a lead that was given to him in the time its source allows."""
    by = facts.answer_by
    if by is None or facts.state != "new":
        return
    text = Text(f"请在 {by} 前响应。", f"Answer this lead by {by}.")
    yield LeadThing(f"lead_answer:{by}", "lead_answer", "remind", by, "owner", text)


def _reviews(_: Definition, facts: LeadFacts) -> Iterator[LeadThing]:
    """What is nurtured, given up or a duplicate is looked at again on its day; a nurtured one must not be forgotten."""
    on = facts.review_on
    if on is None or facts.state not in REVIEWED:
        return
    text = Text(f"复查日 {on} 已到：看一眼，再定去向。", f"The review date {on} is here: look, then decide.")
    key = f"lead_review:{facts.state}:{on}"
    yield LeadThing(key, "lead_review", "remind", on, "owner", text)
    if facts.state == NURTURED:
        late = Text(f"培育的复查日 {on} 已过十四天。", f"The review of {on} is more than 14 days overdue.")
        yield LeadThing(f"{key}:late", "lead_review", "escalate", first_day_past(on, LATE_DAYS), "supervisor", late)


def _rescoring(d: Definition, facts: LeadFacts) -> Iterator[LeadThing]:
    """Thirty days after a scoring, and as soon as the site has moved on."""
    on = facts.scored_on
    if on is None or facts.state not in WORKED_ON or facts.outcome in (TO_VERIFY, DECIDED_ABOVE):
        return
    text = Text(f"上次评分在 {on}，已满三十天：请重评。", f"Scored on {on}, thirty days ago: score it again.")
    yield LeadThing(f"lead_rescore:{on}", "lead_rescore", "remind", add_days(on, RESCORE_DAYS), "owner", text)
    if moved_on(d, facts):
        name = d.step(facts.step).name
        text = Text(f"进度已到{name.zh}，晚于评分时：请重评。", f"The site has reached {name.en}: score it again.")
        yield LeadThing(f"lead_rescore:{on}:{facts.step}", "lead_rescore", "remind", on, "owner", text)


def _verifying(_: Definition, facts: LeadFacts) -> Iterator[LeadThing]:
    """Ten days to bring evidence and score again; then the lead is nurtured."""
    on = facts.scored_on
    if on is None or facts.state not in WORKED_ON or facts.outcome != TO_VERIFY:
        return
    last = add_days(on, VERIFY_DAYS)
    soon = Text(
        f"请在 {last} 前补证据并重评，逾期转培育。", f"Bring evidence and score again by {last}, or it is nurtured."
    )
    late = Text(f"{last} 前未补证据重评，已转培育。", f"Not scored again by {last}: it is nurtured now.")
    key = f"lead_verify:{on}"
    yield LeadThing(key, "lead_verify", "remind", add_days(last, -3), "owner", soon)
    yield LeadThing(f"{key}:late", NURTURED_KIND, "remind", first_day_past(on, VERIFY_DAYS), "owner", late, True)


def _decisions(_: Definition, facts: LeadFacts) -> Iterator[LeadThing]:
    """The supervisor decides in three days; what he leaves longer is brought before him again."""
    on = facts.scored_on
    if on is None or facts.state not in WORKED_ON or facts.outcome != DECIDED_ABOVE:
        return
    last, key = add_days(on, DECIDE_DAYS), f"lead_decide:{on}"
    text = Text(
        f"请在 {last} 前定：转正、培育或给经销商。", f"Decide by {last}: convert, nurture or pass it to a dealer."
    )
    late = Text(f"{last} 前仍未定去向。", f"It was not decided by {last}.")
    yield LeadThing(key, "lead_decide", "decide", on, "supervisor", text)
    yield LeadThing(f"{key}:late", "lead_decide", "escalate", first_day_past(on, DECIDE_DAYS), "supervisor", late)


_SOURCES: tuple[Callable[[Definition, LeadFacts], Iterator[LeadThing]], ...] = (
    _answers,
    _reviews,
    _rescoring,
    _verifying,
    _decisions,
)

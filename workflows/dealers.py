"""A dealer's calendar and grades: months and quarters, what a grade leads to, and what falls due on him by itself.

Grades are data (picklists.dealer_evaluation); what they lead to goes by their order: the last two get no new territory,
the last is warned, and two of the last in a row propose the contract's end. As with projects (`workflows.clocks`) a
thing that is due stays due until the facts change, and its key names the occurrence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.calendar import add_days
from workflows.clocks import Level
from workflows.definition import Definition
from workflows.text import Text

LIST = "dealer_evaluation"
REPORT_DAY = 5  # of the month by which the month before is reported
CONTRACT_DAYS = 60  # before a contract ends
PAPER_DAYS = 30  # before a paper expires
MONTHS_BACK = 3  # months that are asked for; older ones nobody makes up for
FIRST_OF_QUARTER = (1, 4, 7, 10)


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date, by: int = 1) -> date:
    """The first day of the month so many months later (before, when negative)."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def quarter_of(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, FIRST_OF_QUARTER[(day.month - 1) // 3], 1)


def next_quarter(quarter: date, by: int = 1) -> date:
    """The first day of the quarter so many quarters later (before, when negative)."""
    return next_month(quarter, 3 * by)


def months_in(quarter: date) -> tuple[date, date, date]:
    """The months of a quarter."""
    return quarter, next_month(quarter), next_month(quarter, 2)


def report_due(month: date) -> date:
    """The last day on which a month's figures come in time."""
    return next_month(month).replace(day=REPORT_DAY)


def grade_keys(definition: Definition) -> tuple[str, ...]:
    """The grades, the best first."""
    grades = definition.picklist(LIST).extra["grades"]
    return tuple(grade["key"] for grade in sorted(grades, key=lambda grade: -grade["min"]))


def grade_text(definition: Definition, grade: str) -> Text:
    """What a grade means, as the list says it."""
    found = next(one for one in definition.picklist(LIST).extra["grades"] if one["key"] == grade)
    return Text(found["zh"], found["en"])


def bars_new_territory(definition: Definition, grade: str | None) -> bool:
    """Whether this grade gets no new territory: the last two."""
    return grade in grade_keys(definition)[-2:]


def is_last(definition: Definition, grade: str | None) -> bool:
    """Whether this is the grade that is warned."""
    return grade == grade_keys(definition)[-1]


def ends_contract(definition: Definition, graded: Sequence[tuple[date, str]]) -> date | None:
    """The quarter with which the last grade came twice in a row, where the newest graded quarter is that one.

    `graded`: (quarter, grade), in any order.
    """
    newest = sorted(graded, reverse=True)[:2]
    if len(newest) < 2 or newest[1][0] != next_quarter(newest[0][0], -1):
        return None
    return newest[0][0] if all(is_last(definition, grade) for _quarter, grade in newest) else None


@dataclass(frozen=True, slots=True)
class DealerFacts:
    """What a dealer's clocks go by. `reports_from`: the first month he reports; `papers`: what expires when."""

    active: bool
    reports_from: date
    reported: frozenset[date] = frozenset()
    graded: tuple[tuple[date, str], ...] = ()
    papers: tuple[tuple[str, Text, date], ...] = ()
    contract: tuple[str, date] | None = None  # its number and last day


@dataclass(frozen=True, slots=True)
class DealerThing:
    """Something that falls due once on a dealer, told to his own people or to those who look after dealers."""

    key: str
    kind: str
    level: Level
    due_on: date
    audience: Literal["dealer", "management"]
    text: Text


KINDS = frozenset({"dealer_report", "dealer_paper", "dealer_contract", "dealer_judging", "dealer_end"})
"""The kinds of things that come from here and go again when the facts say so."""


def due_on_dealer(definition: Definition, facts: DealerFacts, today: date) -> tuple[DealerThing, ...]:
    """What is due by today, the oldest first; nothing on a dealer who is none yet or none any more."""
    if not facts.active:
        return ()
    found = [one for one in _things(definition, facts, today) if one.due_on <= today]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.key)))


def _things(definition: Definition, facts: DealerFacts, today: date) -> Iterator[DealerThing]:
    yield from _reports(facts, today)
    yield from _papers(facts)
    yield from _contract(facts)
    yield from _evaluation(definition, facts, today)


def missing_months(facts: DealerFacts, today: date) -> tuple[date, ...]:
    """The last months that are over and not reported yet, the oldest first."""
    last = next_month(month_of(today), -1)
    months = [next_month(last, -back) for back in range(MONTHS_BACK - 1, -1, -1)]
    return tuple(one for one in months if one >= month_of(facts.reports_from) and one not in facts.reported)


def _reports(facts: DealerFacts, today: date) -> Iterator[DealerThing]:
    for month in missing_months(facts, today):
        zh, en = f"{month:%Y}年{month.month}月", f"{month:%Y-%m}"
        key, until = f"report:{month.isoformat()}", report_due(month)
        asked = Text(f"请在 {until} 前报送{zh}的进销存。", f"Report purchase, sale and stock of {en} by {until}.")
        yield DealerThing(key, "dealer_report", "remind", next_month(month), "dealer", asked)
        late = Text(f"{zh}的进销存没有按时报送。", f"Purchase, sale and stock of {en} were not reported in time.")
        yield DealerThing(f"{key}:late", "dealer_report", "remind", add_days(until, 1), "management", late)


def _papers(facts: DealerFacts) -> Iterator[DealerThing]:
    for kind, name, expires in facts.papers:
        key = f"paper:{kind}:{expires.isoformat()}"
        text = Text(f"{name.zh}将于 {expires} 到期。", f"{name.en}: valid until {expires}.")
        told = add_days(expires, -PAPER_DAYS)
        yield DealerThing(f"{key}:dealer", "dealer_paper", "remind", told, "dealer", text)
        yield DealerThing(f"{key}:management", "dealer_paper", "remind", told, "management", text)


def _contract(facts: DealerFacts) -> Iterator[DealerThing]:
    if facts.contract is None:
        return
    number, until = facts.contract
    text = Text(f"合同 {number} 将于 {until} 到期。", f"Contract {number} ends on {until}.")
    key = f"contract:{number}:{until.isoformat()}"
    yield DealerThing(key, "dealer_contract", "remind", add_days(until, -CONTRACT_DAYS), "management", text)


def _evaluation(definition: Definition, facts: DealerFacts, today: date) -> Iterator[DealerThing]:
    quarter = next_quarter(quarter_of(today), -1)
    name = f"{quarter.year} Q{(quarter.month + 2) // 3}"
    if quarter >= quarter_of(facts.reports_from) and quarter not in {day for day, _grade in facts.graded}:
        text = Text(f"{name} 的经销商评价待完成。", f"The evaluation of {name} is due.")
        key = f"evaluation:{quarter.isoformat()}"
        yield DealerThing(key, "dealer_judging", "remind", next_quarter(quarter), "management", text)
    twice = ends_contract(definition, facts.graded)
    if twice is not None:
        last = grade_keys(definition)[-1]
        text = Text(
            f"连续两季评为{last}，请决定是否终止合同。", f"Two {last} quarters in a row: decide about the contract."
        )
        yield DealerThing(f"end:{twice.isoformat()}", "dealer_end", "decide", next_quarter(twice), "management", text)

"""What falls due when nobody does anything: one table of due things, from the facts of a project and the day.

The facts alone say what will ever fall due and when (`all_things`); the day only says how much of it is due by now.
So a thing that is due stays due until the facts change, whoever asks, however often and in whatever order of days;
its key names the occurrence (a new silence after a new record is a new thing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.calendar import add_days, first_day_past
from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts
from workflows.guards.channel import FROZEN_STATE, REMIND_DAYS, last_day, ruling_due
from workflows.guards.lifecycle import ESCALATE_DAYS, GIVE_UP_DAYS
from workflows.guards.progress import STRANDED_DAYS
from workflows.guards.silence import FOLLOWED, last_sign
from workflows.pace import Estimate, estimates
from workflows.text import Text
from workflows.windows import ACTIVITY_NAMES
from workflows.work import evidence_by_target, first_entries, path_of, promises, task_view

Level = Literal["remind", "escalate", "decide"]
Audience = Literal["owner", "department", "supervisor", "dealer"]

BEFORE_CLOSING = (14, 3)  # days before a window's estimated last day
TASK_WEEK = 7  # days after which a late task goes to the supervisor
CHANNEL = "dealer_mgmt"  # the department that hears of registrations
BY_SITE, BY_USAGE = Text("按本工地进度", "by the pace of this site"), Text("按常规工期", "by usual durations")


@dataclass(frozen=True, slots=True)
class DueThing:
    """Something that falls due once.

    `key` is unique in its project, for ever. `due_on` is the day at whose start it is due. `department` and `dealer`
    say whose it is where the audience is such. `text` is the same on whatever day it is read. `cell` is where it is.
    """

    key: str
    kind: str
    rule: str
    level: Level
    due_on: date
    audience: Audience
    text: Text
    cell: CellKey
    department: str = ""
    dealer: str = ""


def due_things(definition: Definition, facts: ProjectFacts, today: date) -> tuple[DueThing, ...]:
    """What is due by today, the oldest first."""
    return tuple(one for one in all_things(definition, facts) if one.due_on <= today)


def next_day(definition: Definition, facts: ProjectFacts, today: date) -> date | None:
    """The next day after today on which something newly falls due; None when nothing will as things stand."""
    return min((one.due_on for one in all_things(definition, facts) if one.due_on > today), default=None)


def all_things(definition: Definition, facts: ProjectFacts) -> tuple[DueThing, ...]:
    """Everything that will fall due unless the facts change, in the order of its days."""
    found = {one.key: one for source in _SOURCES for one in source(definition, facts)}
    known = [one for one in found.values() if not one.rule or definition.has_rule(one.rule)]
    return tuple(sorted(known, key=lambda one: (one.due_on, one.key)))


def _silence(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """G43 after the limit of the cell, G44 after twice and again after three times."""
    cell = facts.cell(d)
    limit = d.cell(*cell).time_limit_days
    if limit is None or facts.state not in FOLLOWED:
        return
    last, name = last_sign(d, facts, cell), d.cell_name(*cell)
    mark = f"{cell[0]}/{cell[1]}:{last}"
    yield DueThing(
        f"G43:{mark}",
        "silence",
        "G43",
        "remind",
        first_day_past(last, limit),
        "owner",
        Text(
            f"{name.zh}自 {last} 起没有新记录，时限{limit}天。",
            f"No record in {name.en} since {last}; the limit is {limit} days.",
        ),
        cell,
    )
    yield DueThing(
        f"G44:2:{mark}",
        "silence",
        "G44",
        "escalate",
        first_day_past(last, 2 * limit),
        "supervisor",
        Text(
            f"{name.zh}自 {last} 起没有新记录，已超过时限{limit}天的两倍。",
            f"No record in {name.en} since {last}: more than twice the limit of {limit} days.",
        ),
        cell,
    )
    yield DueThing(
        f"G44:3:{mark}",
        "silence",
        "G44",
        "decide",
        first_day_past(last, 3 * limit),
        "supervisor",
        Text(
            f"{name.zh}自 {last} 起没有新记录，已超过时限的三倍：请决定改派，或收回公共池。",
            f"No record in {name.en} since {last}, three times the limit: reassign it or return it to the pool.",
        ),
        cell,
    )


def _unchanged(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """G45: the leading building has stood still for longer than its step usually lasts."""
    if facts.state not in FOLLOWED:
        return
    building = facts.leading_building(d)
    step = d.step(building.step)
    upper = step.duration_days[1]
    yield DueThing(
        f"G45:{building.id}:{building.step}:{building.since}",
        "unchanged",
        "G45",
        "remind",
        first_day_past(building.since, upper),
        "owner",
        Text(
            f"{building.name}自 {building.since} 停在{step.name.zh}，通常最多{upper}天：请现场核实是否停工。",
            f"{building.name} has stood at {step.name.en} since {building.since}, usually {upper} days at most: look.",
        ),
        facts.cell(d),
    )


def _windows(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """A window of an open line about to close: on entering its last step, 14 and 3 days before the estimated day."""
    if facts.state not in FOLLOWED:
        return
    for line in facts.open_categories:
        for one in estimates(d, facts, line.key):
            if one.building.step == one.last_step:
                yield _window(d, facts, one, "last", one.building.since)
            for days in BEFORE_CLOSING:
                due_on = max(add_days(one.expected_on, -days), one.building.since)
                yield _window(d, facts, one, f"{days}d", due_on)


def _window(d: Definition, facts: ProjectFacts, one: Estimate, mark: str, due_on: date) -> DueThing:
    name, activity, step = d.window(one.category).name, ACTIVITY_NAMES[one.activity], d.step(one.last_step).name
    closes = one.expected_on
    if mark == "last":
        zh = f"{name.zh}的{activity.zh}窗口已到最后一步（{step.zh}）。"
        en = f"The window to {activity.en} {name.en} is in its last step, {step.en}."
    else:
        based = BY_SITE if one.observed else BY_USAGE
        zh = f"{name.zh}的{activity.zh}窗口{based.zh}估计 {closes} 关闭。"
        en = f"The window to {activity.en} {name.en} closes about {closes}, {based.en}."
    building = one.building
    key = f"window:{one.category}:{one.activity}:{mark}:{building.id}:{building.step}:{building.since}"
    return DueThing(key, "window", "", "remind", due_on, "owner", Text(zh, en), facts.cell(d))


def _tasks(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """Tasks of the cells the project went through: the department hears of it once, the supervisor a week later."""
    if facts.state not in FOLLOWED:
        return
    given = evidence_by_target(facts, date.max)
    for cell, since in first_entries(path_of(d, facts)).items():
        for task in d.cell(*cell).tasks:
            due = task_view(task, since, facts.anchors, given.get(task.id), since).due
            if due is not None and task.id not in given:
                yield from _late("task", task.id, task.department, due, task.text, cell)


def _own_tasks(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """The same for tasks that people added themselves."""
    if facts.state not in FOLLOWED:
        return
    given = evidence_by_target(facts, date.max)
    for task in facts.own_tasks:
        if task.due is not None and task.id not in given:
            text, cell = Text(task.text, task.text), (task.phase, task.step)
            yield from _late("own_task", task.id, task.department, task.due, text, cell)


def _late(kind: str, id: str, department: str, due: date, text: Text, cell: CellKey) -> Iterator[DueThing]:
    yield DueThing(
        f"{kind}:{id}:{due}",
        kind,
        "",
        "remind",
        add_days(due, 1),
        "department",
        Text(f"任务已过期（{due}）：{text.zh}", f"Task late since {due}: {text.en}"),
        cell,
        department,
    )
    yield DueThing(
        f"{kind}:{id}:{due}:week",
        kind,
        "",
        "escalate",
        first_day_past(due, TASK_WEEK),
        "supervisor",
        Text(f"任务过期一周以上（{due}）：{text.zh}", f"Task late by more than a week ({due}): {text.en}"),
        cell,
        department,
    )


def _stranded(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """G46: the owner has seven days to decide; then it goes to the supervisor."""
    since = facts.stranded_since
    if since is None or facts.state not in FOLLOWED:
        return
    cell, until = facts.cell(d), add_days(since, STRANDED_DAYS)
    name = d.cell_name(*cell)
    yield DueThing(
        f"G46:{since}",
        "stranded",
        "G46",
        "decide",
        since,
        "owner",
        Text(
            f"项目搁浅在{name.zh}：{until} 前决定丢单、转后续楼栋或改阶段。",
            f"Stranded at {name.en}: decide by {until}, lost, a later block, or another phase.",
        ),
        cell,
    )
    yield DueThing(
        f"G46:{since}:late",
        "stranded",
        "G46",
        "escalate",
        first_day_past(since, STRANDED_DAYS),
        "supervisor",
        Text(f"搁浅项目 {until} 前未决定（{name.zh}）。", f"Stranded at {name.en} and not decided by {until}."),
        cell,
    )


def _reviews(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """G36: remind on the review date, escalate when it is more than 14 days past, after a year propose lost."""
    if facts.state != "suspended":
        return
    cell, review, since = facts.cell(d), facts.review_on, facts.suspended_since
    if review is not None:
        yield DueThing(
            f"G36:{review}",
            "review",
            "G36",
            "remind",
            review,
            "owner",
            Text(
                f"复查日 {review} 已到：现场核实后复活，或填新的复查日。",
                f"The review date {review} is here: look at the site, then revive it or give a new date.",
            ),
            cell,
        )
        yield DueThing(
            f"G36:{review}:late",
            "review",
            "G36",
            "escalate",
            first_day_past(review, ESCALATE_DAYS),
            "supervisor",
            Text(f"暂停项目的复查日 {review} 已过十四天。", f"The review of {review} is more than 14 days overdue."),
            cell,
        )
    if since is not None:
        yield DueThing(
            f"G36:lost:{since}",
            "review",
            "G36",
            "decide",
            add_days(since, GIVE_UP_DAYS),
            "supervisor",
            Text(f"自 {since} 暂停已满一年，建议转丢单。", f"Suspended for a year, since {since}: mark it lost?"),
            cell,
        )


def _registrations(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """G29: seven days before the protection lapses, and when it does; to the dealer and to who manages dealers."""
    for one in facts.registrations:
        last = last_day(one)
        if last is None:
            continue
        lapses, cell = add_days(last, 1), facts.cell(d)
        soon = Text(
            f"报备将于 {lapses} 失效，请补有证据的进展。", f"The registration lapses on {lapses}: prove progress."
        )
        gone = Text(f"报备自 {lapses} 失效。", f"The registration lapsed on {lapses}.")
        ours = gone
        if not facts.owned:
            ours = Text(f"{gone.zh}项目无主责人，回到公共池。", f"{gone.en} Nobody of ours owns it: back to the pool.")
        for mark, on, dealers, text in (
            ("soon", add_days(lapses, -REMIND_DAYS), soon, soon),
            ("lapsed", lapses, gone, ours),
        ):
            key, to = f"G29:{one.id}:{mark}:{lapses}", str(one.dealer)
            yield DueThing(f"{key}:dealer", "registration", "G29", "remind", on, "dealer", dealers, cell, dealer=to)
            yield DueThing(f"{key}:ours", "registration", "G29", "remind", on, "department", text, cell, CHANNEL)


def _frozen(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """G27: the ruling on a conflict is due in three working days; on the day after it goes to the supervisor."""
    since = facts.frozen_since
    if since is None or facts.state != FROZEN_STATE:
        return
    until, cell = ruling_due(since), facts.cell(d)
    text = Text(f"渠道冲突须在 {until} 前裁定。", f"The conflict is to be ruled on by {until}.")
    late = Text(f"渠道冲突过了 {until} 仍未裁定。", f"The conflict was not ruled on by {until}.")
    yield DueThing(f"G27:{since}", "conflict", "G27", "decide", since, "department", text, cell, CHANNEL)
    on = add_days(until, 1)
    yield DueThing(f"G27:{since}:late", "conflict", "G27", "escalate", on, "supervisor", late, cell)


def _promises(d: Definition, facts: ProjectFacts) -> Iterator[DueThing]:
    """Exits promised for a day when a supervisor let the project go on without them, and still missing then."""
    if facts.state not in FOLLOWED:
        return
    for promise in promises(d, facts, date.max):
        due, phase, cell = promise.due, d.phase(promise.override.phase), facts.cell(d)
        if due is None:
            continue
        text = Text(
            f"答应 {due} 前补齐{phase.name.zh}：{'；'.join(one.text.zh for one in promise.missing)}",
            f"Promised by {due} for {phase.name.en}: {'; '.join(one.text.en for one in promise.missing)}",
        )
        key, on = f"promise:{phase.key}:{due}", add_days(due, 1)
        yield DueThing(key, "promise", "G03", "remind", on, "owner", text, cell)
        yield DueThing(f"{key}:late", "promise", "G03", "escalate", on, "supervisor", text, cell)


_Source = Callable[[Definition, ProjectFacts], Iterator[DueThing]]
_SOURCES: tuple[_Source, ...] = (
    _silence,
    _unchanged,
    _windows,
    _tasks,
    _own_tasks,
    _stranded,
    _reviews,
    _registrations,
    _frozen,
    _promises,
)

"""next_useful(): what the system gives back after an entry; notices(): what whoever opens a project should know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.board import Board, board
from workflows.calendar import days_between
from workflows.deciding import decide
from workflows.definition import CellKey, Definition
from workflows.facts import ProjectFacts
from workflows.guards.compliance import tender_running
from workflows.lifecycle import lines_to_split
from workflows.status import ENTRY, WindowView
from workflows.text import Text
from workflows.windows import ACTIVITY_NAMES
from workflows.wishes import MovePhase
from workflows.work import TaskView, promises


@dataclass(frozen=True, slots=True)
class Useful:
    """The next useful thing: a 'task', an 'exit' criterion, a 'phase' to move to, a 'window' that closes.

    `ref`: the id of the task or criterion, the key of the phase or category. `days_late`: of a task, 0 when in time.
    """

    kind: str
    ref: str
    cell: CellKey
    text: Text
    due: date | None = None
    days_late: int = 0


def next_useful(definition: Definition, facts: ProjectFacts, today: date, view: Board | None = None) -> Useful | None:
    """The nearest-due task here, else the first missing exit, else the next phase, else the next window to close.

    `view`: the board of that day, where the caller has it.
    """
    view = view or board(definition, facts, today)
    tasks = [task for task in view.cells[view.current].tasks if task.open]
    dated = sorted((t for t in tasks if t.due is not None), key=lambda t: t.due or today)
    if dated:
        return _task(dated[0], today)
    if view.missing:
        criterion = view.missing[0].criterion
        left = len(view.missing)
        text = Text(
            f"离开本阶段还缺{left}项，先补：{criterion.text.zh}",
            f"{left} still missing to leave this phase; first: {criterion.text.en}",
        )
        return Useful("exit", criterion.id, view.current, text)
    if tasks:
        return _task(tasks[0], today)
    return _next_phase(definition, facts, today) or _next_window(definition, view)


def _task(view: TaskView, today: date) -> Useful:
    task, due = view.task, view.due
    days_late = max(days_between(due, today), 0) if due else 0
    return Useful("task", task.id, (task.phase, task.step), task.text, due, days_late)


def _next_phase(definition: Definition, facts: ProjectFacts, today: date) -> Useful | None:
    if facts.state not in ("active", "won"):
        return None
    required = definition.route(facts.route).required
    here = definition.phase_index[facts.phase]
    for phase in definition.phases[here + 1 :]:
        if decide(definition, facts, MovePhase(phase.key, reason="-"), today).allowed:
            text = Text(f"本阶段已齐，可进入{phase.name.zh}。", f"All is met here; move on to {phase.name.en}.")
            return Useful("phase", phase.key, (phase.key, facts.step(definition)), text)
        if phase.key in required:
            break
    return None


def _next_window(definition: Definition, view: Board) -> Useful | None:
    """The open category line whose next window closes soonest, counted in steps."""
    index = definition.step_index
    here = index[view.current[1]]
    best: tuple[int, str, WindowView] | None = None
    for window in view.windows:
        for activity in window.activities:
            if window.lost or activity.activity not in ENTRY or activity.state == "closed":
                continue
            left = index[activity.last] - here
            if best is None or left < best[0]:
                best = (left, activity.activity, window)
    if best is None:
        return None
    left, activity_key, window = best
    name, last = ACTIVITY_NAMES[activity_key], definition.step(window.activity(activity_key).last).name
    text = Text(
        f"{window.name.zh}的{name.zh}窗口到{last.zh}为止，还有{left}步。",
        f"The window to {name.en} {window.name.en} closes with {last.en}, {left} step{'' if left == 1 else 's'} on.",
    )
    return Useful("window", window.category, view.current, text)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a project that whoever opens it should know. `key`: unmet, split, tender, resting, promise;
    `rule_id` of the rule behind it, '' where it is only advice; `urgent` when it is overdue."""

    key: str
    text: Text
    rule_id: str = ""
    urgent: bool = False


def notices(definition: Definition, facts: ProjectFacts, today: date) -> tuple[Notice, ...]:
    """What whoever opens the project should know, the urgent first."""
    found = [*_resting(facts, today), *_tender(facts, today), *_promised(definition, facts, today)]
    if facts.state in ("active", "won"):
        found += [*_unmet(facts), *_to_split(definition, facts)]
    return tuple(sorted(found, key=lambda notice: not notice.urgent))


def _resting(facts: ProjectFacts, today: date) -> list[Notice]:
    if facts.state != "suspended" or facts.review_on is None:
        return []
    due = today >= facts.review_on
    zh, en = f"项目暂停中，复查日 {facts.review_on}。", f"The project rests; its review is on {facts.review_on}."
    return [Notice("resting", Text(zh, en), "G36", due)]


def _tender(facts: ProjectFacts, today: date) -> list[Notice]:
    if not tender_running(facts, today) or facts.state not in ("active", "on_hold_arbitration"):
        return []
    issued = facts.anchors["tender_issued"]
    zh = f"招标期间（{issued} 起，至定标）：不得有礼品、招待、奖励。"
    en = f"The tender is out since {issued}: no gift, hospitality or reward until the award."
    return [Notice("tender", Text(zh, en), "G31")]


def _promised(definition: Definition, facts: ProjectFacts, today: date) -> list[Notice]:
    found = []
    for promise in promises(definition, facts, today):
        zh = "；".join(criterion.text.zh for criterion in promise.missing)
        en = "; ".join(criterion.text.en for criterion in promise.missing)
        late = promise.due is not None and today > promise.due
        when = (f"{promise.due} 前", f"by {promise.due}") if promise.due else ("日后", "later")
        text = Text(f"特批时承诺{when[0]}补齐：{zh}。", f"Promised {when[1]} with the exception: {en}.")
        found.append(Notice("promise", text, "G03", late))
    return found


def _unmet(facts: ProjectFacts) -> list[Notice]:
    if not facts.decision_makers or facts.decision_makers_met:
        return []
    return [Notice("unmet", Text("决策者已登记，但还没有见过。", "The decision maker is known but not met yet."))]


def _to_split(definition: Definition, facts: ProjectFacts) -> list[Notice]:
    lines = lines_to_split(definition, facts)
    if not lines:
        return []
    names = [definition.window(line.key).name for line in lines]
    zh = f"{'、'.join(name.zh for name in names)}与项目相差两个阶段以上，建议拆成关联的子项目。"
    en = f"{', '.join(name.en for name in names)}: two phases or more away; better a linked sub-project."
    return [Notice("split", Text(zh, en))]

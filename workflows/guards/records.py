"""Rules about records and evidence: late, early, future, deleted, of the wrong kind."""

from __future__ import annotations

from workflows.calendar import days_between, days_en
from workflows.errors import UnknownKey
from workflows.facts import NOTE
from workflows.guards.registry import Fired, Situation, guard
from workflows.wishes import Delete, GiveEvidence, LogRecord, MovePhase

LATE_ENTRY_DAYS = 14
VERY_LATE_ENTRY_DAYS = 60
FINISHED = ("lost", "closed")


def _wish(s: Situation) -> LogRecord:
    assert isinstance(s.wish, LogRecord)
    return s.wish


def _age(s: Situation) -> int:
    """Days between the work and its entry; 0 for plans, which are not late."""
    wish = _wish(s)
    return 0 if wish.is_plan else days_between(wish.on, s.today)


@guard("G14", LogRecord)
def not_reached(s: Situation) -> Fired | None:
    """A record at a later step or a later phase than the project has reached, unless a plan or a small lot."""
    wish, d = _wish(s), s.definition
    d.cell(wish.phase, wish.step)
    if wish.is_plan or wish.small_lot:
        return None
    cells = [s.here, *(visit.cell for visit in s.facts.visited)]
    phase = max(d.phase_index[cell[0]] for cell in cells)
    step = max(d.step_index[cell[1]] for cell in cells)
    if d.phase_index[wish.phase] <= phase and d.step_index[wish.step] <= step:
        return None
    reached, wanted = d.cell_name(d.phases[phase].key, d.steps[step].key), d.cell_name(wish.phase, wish.step)
    return s.fire(
        "G14",
        f"项目最远到{reached.zh}，{wanted.zh}尚未到达；可改写为计划。",
        f"The project has come as far as {reached.en}, not to {wanted.en}; write it as a plan.",
    )


@guard("G15", LogRecord)
def late_entry(s: Situation) -> Fired | None:
    """The record is dated more than 14 days before its entry."""
    age = _age(s)
    if age <= LATE_ENTRY_DAYS:
        return None
    return s.fire(
        "G15",
        f"工作日期 {_wish(s).on}，晚录{age}天。",
        f"The work is of {_wish(s).on}, entered {days_en(age)} later.",
        override="self",
        marks=("late_entry",),
    )


@guard("G16", LogRecord)
def very_late_entry(s: Situation) -> Fired | None:
    """The record is dated more than 60 days before its entry."""
    age = _age(s)
    if age <= VERY_LATE_ENTRY_DAYS:
        return None
    return s.fire(
        "G16",
        f"晚录{age}天，须主管确认。",
        f"Entered {days_en(age)} later: needs a supervisor.",
        override="supervisor",
    )


@guard("G17", LogRecord)
def in_the_future(s: Situation) -> Fired | None:
    """The record is dated in the future and not marked as a plan."""
    wish = _wish(s)
    if wish.is_plan or wish.on <= s.today:
        return None
    ahead = days_between(s.today, wish.on)
    return s.fire(
        "G17",
        f"{wish.on} 还有{ahead}天，请改为计划。",
        f"{wish.on} is {days_en(ahead)} ahead: mark it as a plan.",
    )


_THINGS = {"record": ("记录", "record"), "photo": ("照片", "photo")} | {
    "contact": ("联系人", "contact"),
    "quote": ("报价单", "quote"),
}


@guard("G18", Delete)
def nothing_is_deleted(s: Situation) -> Fired | None:
    """Delete of a record, photo, contact or quote; only an administrator purges, with a reason."""
    assert isinstance(s.wish, Delete)
    zh, en = _THINGS[s.wish.what]
    return s.fire(
        "G18",
        f"{zh}不能删除，请写更正；必须清除的内容由管理员处理。",
        f"A {en} cannot be deleted: correct it. What must not be kept is purged by an administrator.",
        override="administrator",
    )


@guard("G19", GiveEvidence)
def wrong_kind(s: Situation) -> Fired | None:
    """A task, or a criterion, closed with an evidence kind different from the one required."""
    assert isinstance(s.wish, GiveEvidence)
    target = s.wish.target
    if target.startswith("T."):
        wanted = s.definition.task(target).evidence
    elif target.startswith("U."):
        own = next((task.evidence for task in s.facts.own_tasks if task.id == target), None)
        if own is None:
            raise UnknownKey("task", target)
        wanted = own
    elif target.startswith("X."):
        wanted = s.definition.exit(target).evidence
    else:
        raise UnknownKey("task or criterion", target)
    if wanted == s.wish.kind:
        return None
    names = {kind.key: kind.name for kind in s.definition.evidence_kinds}
    need, got = names[wanted], names.get(s.wish.kind, names[wanted])
    return s.fire(
        "G19",
        f"要求{need.zh}，给的是{got.zh}，按弱证据显示。",
        f"Wanted: {need.en}; given: {got.en}. Shown as weak evidence.",
        override="self",
        marks=("weak",),
    )


@guard("G40", LogRecord, MovePhase)
def finished(s: Situation) -> Fired | None:
    """Any new record other than a note on a lost or closed project, and any move of its phase."""
    if s.facts.state not in FINISHED or (isinstance(s.wish, LogRecord) and s.wish.kind == NOTE):
        return None
    name = next((k.name for k in s.definition.lifecycle.project_states if k.key == s.facts.state), None)
    zh, en = (name.zh, name.en) if name else (s.facts.state, s.facts.state)
    return s.fire("G40", f"项目状态：{zh}，只能加备注。", f"The project is {en.lower()}: notes only.")

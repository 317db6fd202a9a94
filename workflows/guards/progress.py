"""Rules about construction progress: a fact, checked for evidence and direction, never for the cell's status."""

from __future__ import annotations

from datetime import date

from workflows.calendar import add_days, days_between, days_en
from workflows.errors import UnknownKey
from workflows.guards.moves import zh_list
from workflows.guards.registry import Fired, Situation, guard
from workflows.status import past_lost
from workflows.wishes import MoveStep, reason_of

PROOF_DAYS = 7
STRANDED_DAYS = 7
JUMP = 2
"""More steps forward than this at once is a jump (G11)."""


def _wish(s: Situation) -> MoveStep:
    assert isinstance(s.wish, MoveStep)
    return s.wish


def _names(s: Situation) -> tuple[str, str]:
    here, there = s.definition.step(s.building_step).name, s.definition.step(_wish(s).to).name
    return f"从{here.zh}到{there.zh}", f"from {here.en} to {there.en}"


def fresh(proof_on: date | None, today: date) -> bool:
    """True for a proof of today or of up to seven days ago; a date in the future proves nothing."""
    return proof_on is not None and 0 <= days_between(proof_on, today) <= PROOF_DAYS


@guard("G08", MoveStep)
def step_back(s: Situation) -> Fired | None:
    """The construction step moves back by one: a reason of the pick-list, and a photo where it demands one."""
    if s.steps_moved != -1:
        return None
    wish, (zh, en) = _wish(s), _names(s)
    try:
        reason = s.definition.picklist("backward_step_reasons").get(wish.reason_key or "")
    except UnknownKey:
        return s.fire("G08", f"{zh}：请选回退原因。", f"Back {en}: choose the reason.", override="self")
    if reason.extra.get("requires_photo") and not wish.has_photo:
        return s.fire(
            "G08",
            f"{zh}，原因“{reason.name.zh}”须附照片。",
            f"Back {en}: the reason '{reason.name.en}' needs a photo.",
            override="self",
        )
    return s.fire(
        "G08",
        f"{zh}，原因：{reason.name.zh}。",
        f"Back {en}: {reason.name.en}.",
        override="self",
        satisfied=True,
    )


@guard("G10", MoveStep)
def far_step_back(s: Situation) -> Fired | None:
    """The construction step moves back by two or more."""
    if s.steps_moved > -2:
        return None
    zh, en = _names(s)
    lacking = not _wish(s).has_photo and not reason_of(_wish(s))
    return s.fire(
        "G10",
        f"{zh}，退{-s.steps_moved}步，须主管批准。" + ("请附证据。" if lacking else ""),
        f"Back {en}, {-s.steps_moved} steps: needs a supervisor." + (" Attach evidence." if lacking else ""),
        override="supervisor",
    )


@guard("G11", MoveStep)
def step_jump(s: Situation) -> Fired | None:
    """The construction step jumps forward by more than two since the last record."""
    if s.steps_moved <= JUMP:
        return None
    zh, en = _names(s)
    return s.fire(
        "G11",
        f"{zh}，一次前进{s.steps_moved}步；各品类窗口已重新判定。",
        f"{en[0].upper()}{en[1:]}: {s.steps_moved} steps at once; the windows of all categories are judged again.",
        override="self",
    )


@guard("G12", MoveStep)
def proof_missing(s: Situation) -> Fired | None:
    """The construction step advanced without a photo or notice dated within 7 days.

    A date given by the phone at capture counts and is marked; one only stated needs a supervisor, and the step is
    then marked unverified.
    """
    if s.steps_moved <= 0:
        return None
    wish = _wish(s)
    if not wish.has_photo:
        return s.fire("G12", "没有照片或公示。", "There is no photo or notice.")
    if wish.proof_on is None or wish.proof_source is None:
        return s.fire(
            "G12",
            "照片没有日期，请填写拍摄日期，由主管确认。",
            "The photo carries no date; state it, and a supervisor may accept the statement.",
        )
    if not fresh(wish.proof_on, s.today):
        return _not_fresh(s, wish.proof_on)
    if wish.proof_source == "stated":
        return s.fire(
            "G12",
            f"拍摄日期 {wish.proof_on} 为本人填写，须主管确认；确认后进度标记为未核实。",
            f"The date {wish.proof_on} is only stated; a supervisor may accept it, then the step is unverified.",
            override="supervisor",
            marks=("unverified",),
        )
    return None


def _not_fresh(s: Situation, proof_on: date) -> Fired:
    age = days_between(proof_on, s.today)
    if age < 0:
        return s.fire("G12", f"证据日期 {proof_on} 在未来。", f"The proof is dated {proof_on}, in the future.")
    return s.fire(
        "G12",
        f"证据日期 {proof_on}，已过{age}天，最多{PROOF_DAYS}天。",
        f"The proof is dated {proof_on}: {days_en(age)} old, at most {PROOF_DAYS} allowed.",
    )


@guard("G46", MoveStep)
def stranded(s: Situation) -> Fired | None:
    """A construction move carries the project into a blocked cell: accepted, to be decided in seven days."""
    if s.target == s.here or s.target_status() != "blocked":
        return None
    until = add_days(s.today, STRANDED_DAYS)
    name = s.definition.cell_name(*s.target)
    return s.fire(
        "G46",
        f"项目搁浅在{name.zh}，请在 {until} 前决定。",
        f"The project is stranded in {name.en}; decide by {until}.",
        marks=("stranded",),
    )


@guard("G47", MoveStep)
def carried_late(s: Situation) -> Fired | None:
    """A construction move carries the project into a late_risk cell."""
    if s.target == s.here or s.target_status() != "late_risk":
        return None
    index, here = s.definition.step_index, s.definition.step_index[s.target[1]]
    windows = [s.definition.window(line.key) for line in s.facts.open_categories]
    gone = [w.name for w in windows if past_lost(s.definition, w, here, s.progress)]
    past = [w.name for w in windows if w.name not in gone and here > index[w.specify.last]]
    name = s.definition.cell_name(*s.target)
    zh, en = f"项目现处{name.zh}（偏晚）。", f"The project now stands in {name.en}, late."
    if gone:
        zh += f"已关窗：{zh_list([x.zh for x in gone])}。"
        en += f" Closed: {', '.join(x.en for x in gone)}."
    if past:
        zh += f"已过技术锁定窗口：{zh_list([x.zh for x in past])}。"
        en += f" Past the window to specify: {', '.join(x.en for x in past)}."
    return s.fire("G47", zh, en, override="self")

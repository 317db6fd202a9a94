"""Rules about giving up a project or one of its category lines, and taking it up again."""

from __future__ import annotations

from datetime import date

from workflows.calendar import days_between, days_en
from workflows.errors import UnknownKey
from workflows.guards.moves import zh_list
from workflows.guards.registry import Fired, Situation, guard
from workflows.wishes import MarkLost, Revive

REVIVE_DAYS = 365
TOLD = {
    "terms": ("对方付款条件", "the payment terms"),
    "parameter": ("哪项参数", "which parameter"),
    "competitor": ("竞品品牌", "the rival's brand"),
    "test_item": ("检测项目", "the test item"),
    "list_owner": ("谁的名单", "whose list it was"),
    "step_at_entry": ("介入时的施工进度", "the construction step when we came in"),
    "expiry": ("协议到期日", "when the agreement ends"),
    "step": ("被替换时的施工进度", "the construction step of the swap"),
    "clause": ("废标条款", "the clause"),
    "lead_time": ("要求的交期", "the lead time asked for"),
    "approval": ("内部决定", "the internal decision"),
    "complaint": ("哪起客诉", "which complaint"),
    "document": ("依据文件", "the document"),
    "arbitration": ("裁定编号", "the ruling"),
    "winning_price": ("中标价或价差", "the winning price or the gap"),
}
"""What a reason for losing may require, in words."""


@guard("G33", MarkLost)
def loss_untold(s: Situation) -> Fired | None:
    """Mark lost without main reason, winner (or none) and what the reason requires, such as the price gap."""
    wish = s.wish
    assert isinstance(wish, MarkLost)
    try:
        reason = s.definition.picklist("lost_reasons").get(wish.reason_key or "")
    except UnknownKey:
        return s.fire("G33", "请选丢单主因。", "Choose the main reason.")
    missing = [("中标方（或无）", "the winner, or that there was none")] if wish.winner is None else []
    missing += [TOLD.get(key, (key, key)) for key in reason.extra.get("requires", ()) if not _is_told(wish, key)]
    if not missing:
        return None
    return s.fire(
        "G33",
        f"主因“{reason.name.zh}”还须填：{zh_list([words[0] for words in missing])}。",
        f"'{reason.name.en}' also needs: {', '.join(words[1] for words in missing)}.",
    )


def _is_told(wish: MarkLost, key: str) -> bool:
    if key == "competitor":
        return bool(wish.winner) or key in wish.told
    if key == "winning_price":
        return wish.gap_percent is not None or wish.winning_price is not None
    return key in wish.told


@guard("G34", MarkLost)
def late_loss(s: Situation) -> Fired | None:
    """Mark lost at bid or later, or for a key project: a supervisor confirms, and there is a review."""
    wish, index = s.wish, s.definition.phase_index
    assert isinstance(wish, MarkLost)
    line = next((c for c in s.facts.categories if c.key == wish.category), None)
    phase = (line.phase if line else None) or s.facts.phase
    late = "bid" in index and index[phase] >= index["bid"]
    if not late and not s.facts.key_project:
        return None
    name = s.definition.phase(phase).name
    zh = f"已到{name.zh}" if late else "重点项目"
    en = f"Already in {name.en}" if late else "A key project"
    return s.fire(
        "G34",
        f"{zh}，丢单须主管确认，并写复盘。",
        f"{en}: a supervisor confirms the loss, and a review is written.",
        override="supervisor",
        marks=("review",),
    )


def _lost_on(s: Situation, category: str | None) -> date | None:
    """The day on which the project, or its line, was lost; None when it is not lost."""
    if category is None:
        return s.facts.lost_on if s.facts.state == "lost" else None
    line = next((c for c in s.facts.categories if c.key == category), None)
    return line.decided_on if line and line.result == "lost" else None


@guard("G38", Revive)
def revive_lost(s: Situation) -> Fired | None:
    """Revive a lost project, or a lost category line, within 365 days of loss: a supervisor, and a new fact."""
    wish = s.wish
    assert isinstance(wish, Revive)
    lost_on = _lost_on(s, wish.category)
    if lost_on is None or days_between(lost_on, s.today) > REVIVE_DAYS:
        return None
    zh = f"丢单于 {lost_on}，已过{days_between(lost_on, s.today)}天。"
    en = f"Lost on {lost_on}, {days_en(days_between(lost_on, s.today))} ago."
    if not (wish.new_fact or "").strip():
        return s.fire(
            "G38",
            zh + "请写新事实：中标方退出、重新招标或后续楼栋。",
            en + " Say the new fact: the winner is out, a new tender, a later block.",
            action="refuse",
        )
    return s.fire("G38", zh + "须主管批准。", en + " Needs a supervisor.", override="supervisor")


@guard("G39", Revive)
def revive_too_late(s: Situation) -> Fired | None:
    """Revive a lost project more than 365 days after loss, or any closed project."""
    wish = s.wish
    assert isinstance(wish, Revive)
    if s.facts.state == "closed":
        return s.fire(
            "G39", "项目已结案；请另立新项目并引用本项目。", "The project is closed: open a new one that refers to it."
        )
    lost_on = _lost_on(s, wish.category)
    if lost_on is None or days_between(lost_on, s.today) <= REVIVE_DAYS:
        return None
    days = days_between(lost_on, s.today)
    return s.fire(
        "G39",
        f"丢单已{days}天，超过{REVIVE_DAYS}天；请另立新项目并引用本项目。",
        f"Lost {days_en(days)} ago, more than {REVIVE_DAYS}: open a new project that refers to this one.",
    )

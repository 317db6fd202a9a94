"""Rules about benefits: what may never be given, and what two have to approve."""

from __future__ import annotations

from datetime import date

from workflows.errors import UnknownKey
from workflows.facts import ProjectFacts
from workflows.guards.registry import Fired, Situation, guard
from workflows.rewards import HOSPITALITY
from workflows.wishes import GiveBenefit, LogRecord

_WATCHED = frozenset({"owner", "agent", "designer"})
"""Recipients who get nothing between tender issue and award (G31)."""


def _rule_of(s: Situation, kind: str) -> str:
    """allowed, approval or prohibited, as the pick-list of rewards says; hospitality is none of them."""
    try:
        return str(s.definition.picklist("designer_reward_kinds").get(kind).extra.get("rule", "approval"))
    except UnknownKey:
        return HOSPITALITY


@guard("G30", GiveBenefit)
def prohibited(s: Situation) -> Fired | None:
    """A designer reward of a prohibited kind, or of any value on a public-funds project."""
    wish = s.wish
    assert isinstance(wish, GiveBenefit)
    rule = _rule_of(s, wish.kind)
    if rule == "prohibited":
        return s.fire("G30", "这类利益一律禁止。", "This kind of benefit is forbidden, always.")
    if not s.facts.public_funds or rule == HOSPITALITY or (rule == "allowed" and not wish.value):
        return None
    return s.fire(
        "G30",
        "公共资金项目只许无价值的技术资料与培训。",
        "On a public-funds project only technical material and training without value are allowed.",
    )


def tender_running(facts: ProjectFacts, day: date) -> bool:
    """True from the day the tender was issued until the day before its award."""
    issued, award = facts.anchors.get("tender_issued"), facts.anchors.get("award_notice")
    if issued is None or day < issued:
        return False
    return award is None or award < issued or day < award


@guard("G31", GiveBenefit, LogRecord)
def during_tender(s: Situation) -> Fired | None:
    """A reward, gift or hospitality to owner, agent or designer between tender issue and award."""
    wish = s.wish
    if isinstance(wish, LogRecord):
        if wish.kind != HOSPITALITY or wish.is_plan:
            return None
        day = wish.on
    else:
        assert isinstance(wish, GiveBenefit)
        if wish.to not in _WATCHED:
            return None
        day = s.today
    if not tender_running(s.facts, day):
        return None
    issued = s.facts.anchors["tender_issued"]
    return s.fire(
        "G31",
        f"招标自 {issued} 起，定标前不得有任何礼品、招待、奖励。",
        f"The tender has been out since {issued}: nothing is given until the award.",
    )


@guard("G32", GiveBenefit)
def needs_two(s: Situation) -> Fired | None:
    """A designer reward of an approval kind: compliance and supervisor both approve, papers are filed in seven days."""
    wish = s.wish
    assert isinstance(wish, GiveBenefit)
    if _rule_of(s, wish.kind) != "approval":
        return None
    name = s.definition.picklist("designer_reward_kinds").get(wish.kind).name
    return s.fire(
        "G32",
        f"{name.zh}须合规与主管双批，事后七天内归档凭证。",
        f"{name.en} needs compliance and a supervisor; file the papers within seven days.",
        override="compliance+supervisor",
        marks=("file_papers",),
    )

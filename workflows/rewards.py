"""Rewards, invitations and hospitality: which kinds there are, whose part a recipient is, when papers fall due.

What may be given is for the rules G30, G31 and G32 to say (`guards.compliance`); here is what pages and clocks go by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from workflows.calendar import add_days
from workflows.definition import Definition
from workflows.text import Text

if TYPE_CHECKING:  # the clocks ask the guards, and the guards ask here
    from workflows.clocks import Level

HOSPITALITY = "hospitality"
PROHIBITED = "prohibited"
DESIGNERS = ("concept_designer", "design_institute", "interior_designer", "specialist_consultant")
"""The kinds of firms whose people are designers."""
_PARTS = {
    "owner": "owner",
    "operator": "owner",
    "agent_builder": "agent",
    "tender_agent": "agent",
    **dict.fromkeys(DESIGNERS, "designer"),
}
WATCHED = tuple(_PARTS)
"""The roles of firms on a project whose people get nothing while its tender runs."""
PAPERS_DAYS = 7  # G32: after it was given
WARN_DAYS = 2  # before the papers are due
KINDS = frozenset({"reward_papers", "reward_open"})
"""The kinds of things that come from here and go again when the facts say so."""


@dataclass(frozen=True, slots=True)
class RewardKind:
    """A kind of reward. `rule`: allowed, approval, prohibited, or hospitality, which only a running tender forbids."""

    key: str
    name: Text
    rule: str
    caution: Text


def part_of(role: str) -> str:
    """Whose part somebody of a firm in this role is: owner, agent, designer or other, as G31 names them."""
    return _PARTS.get(role, "other")


def reward_kinds(definition: Definition) -> tuple[RewardKind, ...]:
    """All kinds of the pick-list, and hospitality."""
    found = []
    for choice in definition.picklist("designer_reward_kinds").items:
        caution = Text(str(choice.extra.get("caution_zh", "")), str(choice.extra.get("caution_en", "")))
        found.append(RewardKind(choice.key, choice.name, str(choice.extra.get("rule", "approval")), caution))
    meal = Text("工作餐与招待", "Meal or hospitality")
    modest = Text("从简，写明谁在场", "Keep it simple and say who was there")
    return (*found, RewardKind(HOSPITALITY, meal, HOSPITALITY, modest))


def papers_due(given_on: date) -> date:
    """The last day for the papers of what was given."""
    return add_days(given_on, PAPERS_DAYS)


@dataclass(frozen=True, slots=True)
class RewardFacts:
    """What the clock of a reward goes by: what it is, the day it was planned for, when it was given; `owes_papers`
    while the papers are awaited that it needs."""

    id: int
    what: str
    planned_on: date
    given_on: date | None = None
    owes_papers: bool = False


@dataclass(frozen=True, slots=True)
class RewardThing:
    """Something that falls due once on a reward, for who entered it (`owner`) or who oversees him and compliance."""

    key: str
    kind: str
    level: Level
    due_on: date
    audience: Literal["owner", "compliance"]
    text: Text


def reward_things(facts: RewardFacts) -> tuple[RewardThing, ...]:
    """Everything that will fall due unless the facts change."""
    return tuple(_open(facts) if facts.given_on is None else _papers(facts, facts.given_on))


def due_on_reward(facts: RewardFacts, today: date) -> tuple[RewardThing, ...]:
    """What is due by today."""
    return tuple(one for one in reward_things(facts) if one.due_on <= today)


def _open(facts: RewardFacts) -> Iterator[RewardThing]:
    """The day after it was planned for, who entered it says whether it was given."""
    text = Text(f"“{facts.what}”给了吗？填写日期，或取消。", f"Was “{facts.what}” given? Say when, or call it off.")
    on = add_days(facts.planned_on, 1)
    yield RewardThing(f"open:{facts.id}:{facts.planned_on}", "reward_open", "remind", on, "owner", text)


def _papers(facts: RewardFacts, given_on: date) -> Iterator[RewardThing]:
    if not facts.owes_papers:
        return
    last = papers_due(given_on)
    soon = Text(f"“{facts.what}”的凭证须在 {last} 前归档。", f"File the papers of “{facts.what}” by {last}.")
    key = f"papers:{facts.id}"
    yield RewardThing(f"{key}:soon", "reward_papers", "remind", add_days(last, -WARN_DAYS), "owner", soon)
    late = Text(
        f"“{facts.what}”于 {given_on} 提供，七天内未归档凭证。",
        f"“{facts.what}” was given on {given_on} and its papers were not filed in seven days.",
    )
    yield RewardThing(f"{key}:late", "reward_papers", "escalate", add_days(last, 1), "compliance", late)

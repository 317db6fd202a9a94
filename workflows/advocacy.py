"""How far a designer stands up for us: the levels, and the one that facts suggest.

A person sets the level and says why; what is suggested here is offered, never done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows.calendar import add_days
from workflows.text import Text

LEVELS = ("unknown", "aware", "tried", "regular", "advocate")
RECENT_DAYS = 1095  # a drawing that is older than three years suggests nothing any more
REPEATED = 2  # projects whose drawings carry us that make a regular


@dataclass(frozen=True, slots=True)
class AdvocacyFacts:
    """What the suggestion goes by: whether we ever met him; the days on which a proof said that the drawing of a
    project of his carries us; in how many projects he is for us unasked (`champions`) or against us (`opposed`); how
    many leads came from him."""

    met: bool = False
    carried: Sequence[date] = ()
    champions: int = 0
    opposed: int = 0
    leads: int = 0


@dataclass(frozen=True, slots=True)
class SuggestedLevel:
    """The level that the facts speak for, with the reasons."""

    level: str
    reasons: tuple[Text, ...]


def suggest_level(facts: AdvocacyFacts, today: date) -> SuggestedLevel:
    """One project drawn with us makes `tried`, two in three years `regular`; who then stands up for us unasked or
    brings us leads is an advocate. Who opposes us somewhere is none."""
    recent = [on for on in facts.carried if on >= add_days(today, -RECENT_DAYS)]
    if not facts.carried:
        if facts.met:
            return SuggestedLevel("aware", (Text("见过面，图纸还没有上过", "Met; no drawing carries us yet"),))
        return SuggestedLevel("unknown", (Text("还没有见过面", "Not met yet"),))
    if len(recent) < REPEATED:
        count = len(facts.carried)
        return SuggestedLevel("tried", (Text(f"{count} 个项目上过图", f"The drawings of {count} of his projects"),))
    drawn = Text(f"近三年 {len(recent)} 个项目上图", f"The drawings of {len(recent)} projects in three years")
    if facts.opposed:
        against = Text(f"{facts.opposed} 个项目中反对我们", f"Against us in {facts.opposed}")
        return SuggestedLevel("regular", (drawn, against))
    spoken = []
    if facts.champions:
        spoken.append(Text(f"{facts.champions} 个项目中力挺", f"Argues for us unasked in {facts.champions}"))
    if facts.leads:
        spoken.append(Text(f"介绍了 {facts.leads} 个潜在项目", f"Brought us {facts.leads} leads"))
    return SuggestedLevel("advocate" if spoken else "regular", (drawn, *spoken))

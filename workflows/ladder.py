"""The loyalty ladder of a key account: its steps, the signs that lift or lower it, and the step that facts suggest.

A person sets the step and says why; what is suggested here is offered, never done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.calendar import add_days
from workflows.text import Text

STEPS = ("prospect", "purchaser", "client", "supporter", "advocate", "partner")
LIFTS = ("reference", "introduction", "recommendation", "joint_development", "praise")
LOWERS = ("complaint", "dispute", "rival_preferred", "person_left")
RECENT_DAYS = 730  # what lies further back suggests nothing any more
REPEATED = 2  # won lines that make a client
OFTEN = 3  # recommendations and introductions that make an advocate


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that lifted or lowered the loyalty: one of `LIFTS` or `LOWERS`, and when."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class LoyaltyFacts:
    """What the suggestion goes by: the days on which lines were won (or called off), the signs, whether a frame
    agreement holds and whether a complaint is open on one of the account's projects."""

    wins: Sequence[date] = ()
    signs: Sequence[Sign] = ()
    agreement: bool = False
    open_complaint: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """The step that the facts speak for, with the reasons."""

    step: str
    reasons: tuple[Text, ...]


def direction(kind: str) -> Literal[-1, 0, 1]:
    """Whether a sign lifts (1) or lowers (-1); 0 for a step that somebody set."""
    return 1 if kind in LIFTS else -1 if kind in LOWERS else 0


def climbed(before: str | None, step: str) -> int:
    """How many steps up (or, below zero, down) it goes from one step to another; from none it is a beginning, 0."""
    return STEPS.index(step) - STEPS.index(before) if before in STEPS and step in STEPS else 0


def suggest(facts: LoyaltyFacts, today: date) -> Suggested:
    """The step that the facts of the last two years speak for: the first win makes a purchaser, repeated wins a client,
    a reference or introduction a supporter, several an advocate, developing together under an agreement a partner."""
    since = add_days(today, -RECENT_DAYS)
    wins = [on for on in facts.wins if on >= since]
    lifts = [sign for sign in facts.signs if sign.on >= since and sign.kind in LIFTS]
    reasons: list[Text] = []
    step = _by_wins(wins, facts.wins, reasons)
    if step == "client":
        step = _by_signs(lifts, facts.agreement, reasons)
    lowered = [sign for sign in facts.signs if sign.on >= since and sign.kind in LOWERS]
    if (lowered or facts.open_complaint) and STEPS.index(step) > STEPS.index("client"):
        newest = max((sign.on for sign in lowered), default=None)
        if facts.open_complaint or (newest and newest > max(sign.on for sign in lifts)):
            step = "client"
            reasons.append(Text("近期有投诉、争议或对手占先：先修复", "A complaint or dispute since: mend it first"))
    return Suggested(step, tuple(reasons))


def _by_wins(recent: Sequence[date], ever: Sequence[date], reasons: list[Text]) -> str:
    if len(recent) >= REPEATED:
        reasons.append(Text(f"近两年赢得 {len(recent)} 个品类", f"{len(recent)} lines won in two years"))
        return "client"
    if recent:
        reasons.append(Text("近两年首次或仅一次赢单", "One line won in two years"))
        return "purchaser"
    if ever:
        reasons.append(Text("两年前买过，近两年没有", "Bought once, nothing in the last two years"))
        return "purchaser"
    reasons.append(Text("还没有赢过单", "Nothing won yet"))
    return "prospect"


def _by_signs(lifts: Sequence[Sign], agreement: bool, reasons: list[Text]) -> str:
    spoken = sum(1 for sign in lifts if sign.kind in ("reference", "introduction", "recommendation"))
    joint = any(sign.kind == "joint_development" for sign in lifts)
    if joint and agreement:
        reasons.append(Text("有集采协议并共同开发", "A frame agreement holds and we develop together"))
        return "partner"
    if spoken >= OFTEN:
        reasons.append(Text(f"{spoken} 次主动推荐或引荐", f"{spoken} recommendations or introductions"))
        return "advocate"
    if spoken:
        reasons.append(Text(f"{spoken} 次作样板或引荐", f"{spoken} references or introductions"))
        return "supporter"
    return "client"

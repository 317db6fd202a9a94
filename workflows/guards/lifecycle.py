"""Rules about suspending, reviving and closing a project."""

from __future__ import annotations

from workflows.calendar import days_between, days_en
from workflows.guards.progress import fresh
from workflows.guards.registry import Fired, Situation, guard
from workflows.wishes import Close, PassTime, Revive, Suspend, reason_of
from workflows.work import missing_exits

REVIEW_DAYS = 90
RESCORE_DAYS = 365
SUGGEST_SCORE_DAYS = 30
"""After a stop of so many days a new score is suggested, after a year it is a condition."""
ESCALATE_DAYS = 14
GIVE_UP_DAYS = 365
OPEN_MATTERS = {
    "complaint": ("未结客诉", "open complaints"),
    "account_unpaid": ("未收货款", "an unpaid account"),
    "retention_unpaid": ("未收质保金", "retention outstanding"),
}
"""The circumstances in which a project is not closed (G41)."""
TO_CHECK = {"contacts": ("联系人", "contacts"), "windows": ("窗口", "windows"), "credit": ("信用", "credit")}


@guard("G35", Suspend)
def suspend_incomplete(s: Situation) -> Fired | None:
    """Suspending without a reason and a review date within 90 days."""
    assert isinstance(s.wish, Suspend)
    if s.wish.reason_key not in s.definition.picklist("suspended_reasons").keys:
        return s.fire("G35", "请选暂停原因。", "Choose the reason for suspending.")
    if s.wish.review_on is None:
        return s.fire("G35", "请填复查日。", "Give a review date.")
    ahead = days_between(s.today, s.wish.review_on)
    if 0 < ahead <= REVIEW_DAYS:
        return None
    return s.fire(
        "G35",
        f"复查日 {s.wish.review_on} 距今{ahead}天，须在 1 至 {REVIEW_DAYS} 天内。",
        f"The review date {s.wish.review_on} is {days_en(ahead)} ahead; it must be 1 to {REVIEW_DAYS} days ahead.",
    )


@guard("G37", Revive)
def revive_unchecked(s: Situation) -> Fired | None:
    """Reviving a suspended project: a fresh photo, contacts, windows and credit; after a year a new score."""
    wish = s.wish
    assert isinstance(wish, Revive)
    if s.facts.state != "suspended" or wish.category is not None:
        return None
    lacking = [] if fresh(wish.photo_on, s.today) else [("七天内照片", "a photo from the last 7 days")]
    lacking += [words for key, words in TO_CHECK.items() if key not in wish.checked]
    stopped = days_between(s.facts.suspended_since, s.today) if s.facts.suspended_since else 0
    if stopped >= RESCORE_DAYS and not wish.rescored:
        lacking.append(("立项重新评分", "a new score"))
    if not reason_of(wish):
        lacking.append(("一句理由", "a sentence of reason"))
    zh, en = f"停工{stopped}天。", f"Stopped for {days_en(stopped)}."
    if lacking:
        zh += f"还缺：{'、'.join(words[0] for words in lacking)}。"
        en += f" Still missing: {', '.join(words[1] for words in lacking)}."
    elif stopped > SUGGEST_SCORE_DAYS and not wish.rescored:
        zh, en = zh + "建议重新评分。", en + " A new score is advisable."
    marks = ("rescore",) if stopped > SUGGEST_SCORE_DAYS and not wish.rescored else ()
    return s.fire("G37", zh, en, override="self", satisfied=not lacking, marks=marks)


@guard("G36", PassTime)
def review_due(s: Situation) -> Fired | None:
    """The review date of a suspended project is reached: remind, escalate after 14 days, propose lost after 365."""
    if s.facts.state != "suspended":
        return None
    stopped = days_between(s.facts.suspended_since, s.today) if s.facts.suspended_since else 0
    if stopped >= GIVE_UP_DAYS:
        return s.fire(
            "G36",
            f"已暂停{stopped}天，建议转丢单。",
            f"Suspended for {days_en(stopped)}: marking it lost is proposed.",
            override="supervisor",
            marks=("propose_lost",),
        )
    if s.facts.review_on is None or s.today < s.facts.review_on:
        return None
    over = days_between(s.facts.review_on, s.today)
    if over > ESCALATE_DAYS:
        return s.fire(
            "G36",
            f"复查日 {s.facts.review_on} 已过{over}天，升级主管。",
            f"The review of {s.facts.review_on} is {days_en(over)} overdue: it goes to the supervisor.",
            override="supervisor",
            marks=("escalate",),
        )
    return s.fire(
        "G36",
        f"复查日 {s.facts.review_on} 已到，请现场核实并填新的复查日或复活。",
        f"The review date {s.facts.review_on} is here: look at the site, then revive it or give a new date.",
        override="supervisor",
        marks=("remind",),
    )


@guard("G41", Close)
def not_settled(s: Situation) -> Fired | None:
    """Closing with open complaints, an unpaid account or retention outstanding, or an exit of the last phase open."""
    open_matters = [words for key, words in OPEN_MATTERS.items() if s.facts.lasts(key, s.today)]
    last = s.definition.phases[-1].key
    missing = missing_exits(s.definition, s.facts, last, s.today)
    if not open_matters and not missing:
        return None
    zh = [words[0] for words in open_matters] + [criterion.text.zh for criterion in missing]
    en = [words[1] for words in open_matters] + [criterion.text.en for criterion in missing]
    ids = tuple(criterion.id for criterion in missing)
    return s.fire("G41", f"还缺：{'；'.join(zh)}。", f"Still open: {'; '.join(en)}.", missing=ids)

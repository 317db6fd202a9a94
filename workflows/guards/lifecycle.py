"""Rules about suspending and reviving a project."""

from __future__ import annotations

from workflows.calendar import days_between, days_en
from workflows.guards.progress import fresh
from workflows.guards.registry import Fired, Situation, guard
from workflows.wishes import Revive, Suspend, reason_of

REVIEW_DAYS = 90
RESCORE_DAYS = 365
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
    if s.facts.state != "suspended":
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
    return s.fire("G37", zh, en, override="self", satisfied=not lacking)

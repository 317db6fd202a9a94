"""Which mails somebody does not want, and until when others are held back: quiet hours, one mail a day. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.notifications.models import MailWish

GROUPS: dict[str, tuple[str, ...]] = {
    "sites": ("silence", "unchanged", "window", "task", "own_task", "stranded", "review", "promise"),
    "leads": ("lead_answer", "lead_review", "lead_rescore", "lead_verify", "lead_nurtured", "lead_decide", "lead_news"),
    "plans": ("plan_news",),
    "todos": ("todo", "todo_news"),
    "accounts": ("agreement_ends", "account_action"),
    "dealers": ("dealer_report", "dealer_paper", "dealer_contract", "dealer_judging", "dealer_end", "dealer_news"),
    "registrations": ("registration", "claim_news", "conflict", "complaint_news"),
    "annotations": ("annotation",),
    "others": ("handover", "reward_papers", "reward_open"),
}
"""The kinds of due things that can be kept out of one's mails together."""
OF_KIND = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
URGENT = "decide"  # the level that waits for no daily mail


def wants(wish: MailWish | None, level: str, kind: str = "") -> bool:
    """Whether things of a level and kind are mailed to somebody with this wish (None: he never said)."""
    if wish is not None and OF_KIND.get(kind) in (wish.muted or ()):
        return False
    if level == "annotate":
        return True
    if level == "remind":
        return wish is not None and wish.reminders
    return wish is None or wish.escalations


def held_until(wish: MailWish | None, zone: ZoneInfo, now: datetime, *, urgent: bool) -> datetime:
    """When a mail may leave: now, or when his daily mail goes (nothing `urgent`) and his quiet hours are over."""
    if wish is None:
        return now
    leaves = now
    if wish.digest_at and not urgent:
        leaves = _next(now, zone, wish.digest_at)
    if wish.quiet_from and wish.quiet_to and wish.quiet_from != wish.quiet_to:
        clock = leaves.astimezone(zone).strftime("%H:%M")
        over_night = wish.quiet_from > wish.quiet_to
        inside = clock >= wish.quiet_from, clock < wish.quiet_to
        if any(inside) if over_night else all(inside):
            leaves = _next(leaves, zone, wish.quiet_to)
    return leaves


def _next(now: datetime, zone: ZoneInfo, at: str) -> datetime:
    """The next moment, not before now, at which his clock shows that time."""
    here = now.astimezone(zone)
    found = datetime.combine(here.date(), time.fromisoformat(at), zone)
    if found < here:
        found = datetime.combine(here.date() + timedelta(days=1), time.fromisoformat(at), zone)
    return found.astimezone(UTC)

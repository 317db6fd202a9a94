"""Rules between dealers and the direct side: duplicates, conflicts, prices and protection."""

from __future__ import annotations

from datetime import date

from workflows.calendar import add_days, add_working_days, days_en
from workflows.facts import RegistrationFacts
from workflows.guards.registry import Fired, Situation, guard
from workflows.holidays import load_china
from workflows.wishes import ClaimSite, ConfirmConflict, LogRecord, MovePhase, PassTime, PlaceOrder, SendQuote

PROTECTED = frozenset({"provisional", "pre_registered", "registered", "renewed"})
"""The states of a registration in which it protects the dealer while its dates hold."""
PRICED = PROTECTED - {"provisional"}
"""The states in which a dealer may be quoted to (G28)."""
FROZEN_STATE = "on_hold_arbitration"
FROZEN_KINDS = frozenset({"quotation", "bid_submission", "sample_delivery", "sample_sealing", "mockup"})
"""Kinds of records that are quotes or samples: not while a conflict is being decided."""
REMIND_DAYS = 7
RULING_DAYS = 3


@guard("G26", ClaimSite)
def known_site(s: Situation) -> Fired | None:
    """A certain duplicate is refused, a likely one and an imported one is kept and marked."""
    wish = s.wish
    assert isinstance(wish, ClaimSite)
    if wish.likeness is None:
        return None
    if wish.likeness == "certain" and not wish.imported:
        return s.fire(
            "G26",
            "这个工地已有登记，不能再建；请申请关联，或交渠道部仲裁。",
            "This site is on record already and cannot be entered again: ask to join it, or for arbitration.",
            override="dealer_mgmt",
        )
    return s.fire(
        "G26",
        "可能已有登记，先保存待核查，不自动给保护。",
        "It may be on record already; it is kept for a check, without automatic protection.",
        action="warn",
        marks=("for_check",),
    )


@guard("G27", ConfirmConflict, MovePhase, SendQuote, PlaceOrder, LogRecord)
def conflict(s: Situation) -> Fired | None:
    """A confirmed conflict freezes both sides; while it lasts there are no quotes, samples or moves, notes only."""
    wish = s.wish
    if isinstance(wish, ConfirmConflict):
        until = ruling_due(s.today)
        return s.fire(
            "G27",
            f"双方冻结，{until} 前裁定。",
            f"Both sides are frozen; the ruling is due by {until}.",
            marks=(FROZEN_STATE, "in_conflict"),
        )
    if s.facts.state != FROZEN_STATE:
        return None
    if isinstance(wish, LogRecord) and wish.kind not in FROZEN_KINDS:
        return None
    return s.fire(
        "G27",
        "渠道冲突裁定前不得报价、送样或推进，可以记录和上传证据。",
        "Until the conflict is ruled on there are no quotes, samples or moves; notes and evidence are welcome.",
        action="refuse",
        override="supervisor",
    )


def ruling_due(confirmed_on: date) -> date:
    """The last day for the ruling: three working days, public holidays left out."""
    return add_working_days(confirmed_on, RULING_DAYS, load_china())


@guard("G28", SendQuote)
def dealer_unregistered(s: Situation) -> Fired | None:
    """A quote to a dealer who holds no valid registration on the project."""
    wish = s.wish
    assert isinstance(wish, SendQuote)
    if wish.to_dealer is None:
        return None
    his = [r for r in s.facts.registrations if r.dealer == wish.to_dealer]
    if any(r.state in PRICED and (r.protected_to is None or s.today <= r.protected_to) for r in his):
        return None
    return s.fire(
        "G28",
        "该经销商在本项目没有有效报备，不得给工程价；请先报备。",
        "This dealer holds no valid registration here: no project price; let him register first.",
    )


def last_day(registration: RegistrationFacts) -> date | None:
    """The last day of a registration's protection: its date, or so many days after its last evidenced progress."""
    if registration.state not in PROTECTED:
        return None
    days = [registration.protected_to] if registration.protected_to else []
    if registration.progress_on and registration.progress_days:
        days.append(add_days(registration.progress_on, registration.progress_days))
    return min(days, default=None)


@guard("G29", PassTime)
def registration_lapses(s: Situation) -> Fired | None:
    """A registration lapses after its last day; seven days before it does, dealer and dealer management are told."""
    wish = s.wish
    assert isinstance(wish, PassTime)
    registration = next((r for r in s.facts.registrations if r.id == wish.registration_id), None)
    last = last_day(registration) if registration else None
    if last is None:
        return None
    lapses_on = add_days(last, 1)
    left = (lapses_on - s.today).days
    if left > REMIND_DAYS:
        return None
    if left > 0:
        return s.fire(
            "G29",
            f"报备将于 {lapses_on} 失效，还有{left}天；请补有证据的进展。",
            f"The registration lapses on {lapses_on}, in {days_en(left)}; add evidenced progress.",
            marks=("remind",),
        )
    zh, en, marks = f"报备自 {lapses_on} 失效。", f"The registration lapsed on {lapses_on}.", ("expired",)
    if not s.facts.owned:
        zh, en = (
            zh + "项目没有公司主责人，回到公共池。",
            en + " The project has no owner of ours and returns to the pool.",
        )
        marks = ("expired", "pool")  # type: ignore[assignment]
    return s.fire("G29", zh, en, marks=marks)

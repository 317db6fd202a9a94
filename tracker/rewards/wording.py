"""What states, answers and rules of rewards are called."""

from __future__ import annotations

from typing import Any

from tracker.i18n import _l

STATE_NAMES: dict[str, Any] = {
    "asked": _l("waits for consent"),
    "agreed": _l("may be given"),
    "given": _l("given"),
    "refused": _l("not agreed"),
    "off": _l("called off"),
}
STATE_LOOKS = {
    "asked": ("warn", "clock"),
    "agreed": ("info", "check"),
    "given": ("good", "check"),
    "refused": ("bad", "refuse"),
    "off": ("plain", "close"),
}
ANSWERS: dict[str, Any] = {"accepted": _l("accepts"), "declined": _l("declines")}
RULES: dict[str, Any] = {
    "allowed": _l("allowed"),
    "approval": _l("compliance and supervisor approve"),
    "prohibited": _l("forbidden"),
    "hospitality": _l("not while a tender runs"),
}
SHOWS: dict[str, Any] = {
    "": _l("All"),
    "papers": _l("Papers owed"),
    "asked": _l("Waiting"),
    "agreed": _l("To be given"),
    "given": _l("Given"),
    "mine": _l("Entered by me"),
}

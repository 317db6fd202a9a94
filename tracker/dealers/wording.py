"""What the things of dealers are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.dealers.models import Dealer
from tracker.i18n import _, _l
from workflows.text import Text

STATE_NAMES: dict[str, Any] = {
    "applicant": _l("applicant"),
    "qualified": _l("qualified"),
    "warned": _l("warned"),
    "suspended": _l("suspended"),
    "disqualified": _l("disqualified"),
    "ended": _l("ended"),
}
STATE_TAGS = {"qualified": "good", "warned": "warn", "suspended": "warn", "disqualified": "bad", "ended": "plain"}
PAPER_NAMES: dict[str, Any] = {
    "licence": _l("Business licence"),
    "capital": _l("Registered capital"),
    "warehouse": _l("Warehouse"),
    "project_team": _l("Project team"),
    "references": _l("References"),
}
PAPER_TEXTS = {
    "licence": Text("营业执照", "Business licence"),
    "capital": Text("注册资本证明", "Proof of capital"),
    "warehouse": Text("仓库租约", "Lease of the warehouse"),
    "project_team": Text("工程团队名单", "Project team"),
    "references": Text("业绩证明", "References"),
}
"""For due things, which are told in both languages at once."""
PAPER_HINTS: dict[str, Any] = {
    "licence": _l("Number of the licence, as registered"),
    "capital": _l("Paid-in capital and how it is proven"),
    "warehouse": _l("Where and how large; until when it is rented"),
    "project_team": _l("How many people, who leads, which certificates"),
    "references": _l("Sites supplied, and who there may be asked"),
}
SUPPORT_NAMES: dict[str, Any] = {"training": _l("training"), "discount": _l("discount"), "samples": _l("samples")}
SOURCE_NAMES: dict[str, Any] = {
    "dealer": _l("by the dealer himself"),
    "office": _l("entered by us"),
    "import": _l("imported"),
}
SIGNAL_NAMES: dict[str, Any] = {
    "more_than_needed": _l("More than the project needs"),
    "not_his": _l("After the line was decided otherwise"),
    "outside": _l("Outside the territory"),
    "opening_differs": _l("Opening differs from the month before"),
}


def month_name(month: date) -> str:
    """A month as people write it."""
    return _("%(year)s-%(month)s", year=month.year, month=f"{month.month:02d}")


def quarter_name(quarter: date) -> str:
    """A quarter as people write it."""
    return _("%(year)s Q%(number)s", year=quarter.year, number=(quarter.month + 2) // 3)


def state_name(dealer: Dealer) -> str:
    """What a dealer's state is called."""
    return str(STATE_NAMES[dealer.state])

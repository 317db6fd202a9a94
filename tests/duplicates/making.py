"""Sites that are one, however they are written, for the tests of duplicates."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tests.leads.making import make_lead
from tracker.leads.models import Lead
from tracker.team.models import User

PLOT = "郑政出〔2025〕012号"
SAME_PLOT = "郑政出(2025)12号"
PLACE = {"latitude": 34.7466, "longitude": 113.6253}
NEAR = {"latitude": 34.7471, "longitude": 113.6258}  # 72 metres from PLACE


def known_lead(session: Session, by: User, **values: Any) -> Lead:
    """A lead with all that a site can be known by."""
    plain: dict[str, Any] = {
        "name": "海澜湾度假酒店",
        "kind": "hotel",
        "address": "金水区花园路88号",
        "plot_number": PLOT,
        "developer": "恒岳置业有限公司",
        "phone": "0371-6588 1234",
        **PLACE,
    }
    return make_lead(session, by, **{**plain, **values})


def typed(**values: object) -> dict[str, object]:
    """A form for a lead."""
    plain: dict[str, object] = {
        "name": "云栖学府",
        "source": "owner_inquiry",
        "note": "Rang the hotline.",
        "step": "ground",
        "found_on": "2026-03-16",
        "kind": "",
        "currency": "CNY",
    }
    return {**plain, **values}


CERTAIN = typed(name="海澜湾酒店", plot_number=SAME_PLOT)
LIKELY = typed(name="海澜湾酒店", kind="hotel", latitude="34.7484", longitude="113.6253", phone="037165881234")
"""200 metres away, alike by name, the same phone."""

"""The choices of contacts by their keys: ways to reach somebody, what he cares about, links, consents."""

from __future__ import annotations

import re
from typing import Any

from tracker.i18n import _l
from tracker.matching.normalise import folded, phone_key

WAYS: dict[str, Any] = {
    "mobile": _l("Mobile"),
    "office": _l("Office phone"),
    "home": _l("Private phone"),
    "fax": _l("Fax"),
    "wechat": _l("WeChat"),
    "email": _l("E-mail"),
    "other": _l("Something else"),
}
NUMBERS = frozenset({"mobile", "office", "home"})
"""The ways that are called: the main one of them is the contact's phone."""
PREFERRED: dict[str, Any] = {
    "phone": _l("by phone"),
    "wechat": _l("by WeChat"),
    "email": _l("by e-mail"),
    "visit": _l("by a visit"),
}
CARES: dict[str, Any] = {
    "price": _l("Price"),
    "quality": _l("Quality"),
    "delivery": _l("Delivery"),
    "service": _l("Service"),
    "prestige": _l("Prestige"),
    "risk": _l("Risk"),
    "looks": _l("Looks and design"),
    "green": _l("Green building"),
    "payment": _l("Terms of payment"),
}
LINKS: dict[str, Any] = {
    "knows": _l("knows"),
    "reports_to": _l("reports to"),
    "influences": _l("influences"),
}
STRENGTHS: dict[int, Any] = {1: _l("by sight"), 2: _l("well"), 3: _l("closely")}
CONSENTS: dict[str, Any] = {
    "phone": _l("Calls"),
    "email": _l("E-mails"),
    "wechat": _l("Messages"),
    "marketing": _l("Marketing"),
}
_MOBILE = re.compile(r"1[3-9]\d{9}")


def group_of(kind: str) -> str:
    """Which column of a contact the main one of these ways is kept in: `phone`, `email`, or none ('')."""
    return "phone" if kind in NUMBERS else "email" if kind == "email" else ""


def kind_of_number(value: str) -> str:
    """What a number probably is: eleven digits from 13 to 19 are a mobile."""
    return "mobile" if _MOBILE.fullmatch(phone_key(value)) else "office"


def way_key(kind: str, value: str) -> str:
    """A number or address folded. Never empty for a value that is not: a number without digits is its own words."""
    key = phone_key(value) if kind in NUMBERS or kind == "fax" else ""
    return (key or folded(value) or value)[:200]

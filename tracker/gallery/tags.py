"""The words that are offered for pictures; people add their own. Keys are stored, names are in both languages."""

from __future__ import annotations

from tracker.i18n import _l

PICKS = {
    "progress": _l("Progress"),
    "facade": _l("Facade"),
    "sample": _l("Sample on site"),
    "mockup": _l("Mock-up room"),
    "delivery": _l("Delivery"),
    "installation": _l("Installation"),
    "defect": _l("Defect"),
    "safety": _l("Safety"),
    "competitor": _l("Competitor's product"),
    "notice_board": _l("Notice board"),
    "drawing": _l("Drawing or paper"),
    "handover": _l("Handover"),
}
MOST = 12  # on one picture
LONGEST = 40  # characters


def said(tag: str) -> str:
    """A tag in the reader's language; one's own words as they are."""
    return str(PICKS.get(tag, tag))


def parsed(text: str) -> list[str]:
    """The tags in what somebody typed, apart by commas or line breaks; a known name becomes its key."""
    for sign in ("，", "、", ";", "；", "\n", "#"):
        text = text.replace(sign, ",")
    known = {str(name).casefold(): key for key, name in PICKS.items()}
    words = (" ".join(part.split())[:LONGEST] for part in text.split(","))
    return list(dict.fromkeys(known.get(word.casefold(), word) for word in words if word))[:MOST]

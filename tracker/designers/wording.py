"""What the levels of advocacy are called."""

from __future__ import annotations

from typing import Any

from tracker.i18n import _l

LEVEL_NAMES: dict[str, Any] = {
    "unknown": _l("not met"),
    "aware": _l("knows us"),
    "tried": _l("has drawn us"),
    "regular": _l("draws us regularly"),
    "advocate": _l("stands up for us"),
}
LEVEL_MEANINGS: dict[str, Any] = {
    "unknown": _l("nobody of ours met him"),
    "aware": _l("met us, no drawing carries us yet"),
    "tried": _l("the drawings of one of his projects carry us"),
    "regular": _l("two projects or more in three years"),
    "advocate": _l("argues for us unasked, or brings us projects"),
}
SHOWS: dict[str, Any] = {
    "": _l("All"),
    "projects": _l("in projects"),
    "drawn": _l("drawings carry us"),
    "away": _l("not met for longest"),
    "never": _l("never met"),
}

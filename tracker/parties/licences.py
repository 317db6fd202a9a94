"""The numbers of a firm's papers: what kinds there are, and whether a number has the shape that its kind has.

A number of another shape is kept all the same: what stands on the paper counts, and the page says that it looks odd.
The unified social credit code is that of GB 32100-2015: eighteen signs, of which the last is a check sign.
"""

from __future__ import annotations

import re
from typing import Any

from tracker.i18n import _l
from tracker.matching.normalise import licence_key

KINDS: dict[str, Any] = {
    "construction": _l("construction qualification"),
    "design": _l("design qualification"),
    "supervision": _l("supervision qualification"),
    "safety": _l("work safety licence"),
    "developer": _l("property developer's qualification"),
    "other": _l("other certificate"),
}
"""What certificates there are, beside the credit code."""
_SHAPES = {
    "construction": re.compile(r"D[1-3]\d{8}"),
    "design": re.compile(r"A[1-3W]\d{8}"),
    "supervision": re.compile(r"E[1-3]\d{8}"),
    "safety": re.compile(r"[\u4e00-\u9fff]JZ安许证字\d{10,12}"),
}
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z


def odd_code(code: str) -> Any | None:
    """Why this is hardly a unified social credit code; None where nothing speaks against it."""
    key = licence_key(code)
    if len(key) != 18:
        return _l("A unified social credit code has 18 letters and figures.")
    if any(sign not in _SIGNS for sign in key):
        return _l("A unified social credit code has no I, O, S, V or Z.")
    if check_sign(key[:17]) != key[17]:
        return _l("The check sign of this credit code does not fit; a sign is misread or missing.")
    return None


def check_sign(code: str) -> str:
    """The last sign of a unified social credit code, by the seventeen before it."""
    return _SIGNS[-sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code)) % 31]


def odd_number(kind: str, number: str) -> Any | None:
    """Why a certificate's number is hardly one of its kind."""
    shape = _SHAPES.get(kind)
    if shape is None or shape.fullmatch(licence_key(number)):
        return None
    return _l("The number does not have the shape that such certificates have.")

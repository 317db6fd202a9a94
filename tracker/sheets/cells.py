"""What one cell says: a figure with its unit, a day, a place. Strict: what is not clear is not guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MISSING = frozenset(
    ("", "/", "-", "--", "—", "——", "无", "暂无", "n/a", "na", "null", "none", "nil")
    + ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!")
)
"""Cells (casefolded) that say that nothing is known."""

MOST = Decimal(10) ** 13

MONEY_UNITS = {
    "": None,
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
    "k": Decimal(1000),
    "m": Decimal(1_000_000),
    "million": Decimal(1_000_000),
}
SQUARE_FOOT, MU = Decimal("0.09290304"), Decimal(2000) / 3
AREA_UNITS = {
    "": None,
    **dict.fromkeys(
        ("m2", "平方米", "平方", "平米", "平", "sqm", "sq m", "square metres", "square meters"), Decimal(1)
    ),
    **dict.fromkeys(("ft2", "sqft", "sq ft", "square feet", "平方英尺"), SQUARE_FOOT),
    **dict.fromkeys(("公顷", "ha", "hectares"), Decimal(10_000)),
    **dict.fromkeys(("万平方米", "万平", "万m2", "万平米"), Decimal(10_000)),
    "亩": MU,
}

_FIGURE = r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,2})?)"
_MONEY = re.compile(r"(?:约|rmb|cny|usd|us\$|人民币|[¥$€£])?\s*" + _FIGURE + r"\s*([a-z一-鿿]*)")
_AREA = re.compile(r"(?:约)?\s*" + _FIGURE + r"\s*([a-z一-鿿][a-z0-9 一-鿿]*)?")
_ABOVE_GROUND = re.compile(r"地[上面](?:面积)?\s*:?\s*" + _FIGURE + r"\s*(?:m2|平方米)?[;,、\s]*地下.*")
_REMARK = re.compile(r"[(\[【].*?[)\]】]")
_CURRENCIES = re.compile(r"(?:人民币|rmb|cny|usd|yuan|dollars)$")


class Unclear(ValueError):
    """The cell does not say clearly what it should."""


def folded_cell(text: str) -> str:
    """Full-width figures, brackets and units as the plain ones."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-").replace("，", ",").strip()


def money_of(text: str, unit: Decimal | None) -> Decimal:
    """A sum, `unit` being what the header says of its figures; a unit in the cell counts instead. Raises Unclear."""
    found = _MONEY.fullmatch(folded_cell(text))
    if not found:
        raise Unclear
    said = _CURRENCIES.sub("", found.group(2))
    if said not in MONEY_UNITS:
        raise Unclear
    return _scaled(found.group(1), MONEY_UNITS[said] or unit)


def area_of(text: str, unit: Decimal | None) -> Decimal:
    """Square metres. Remarks in brackets (`（56.38亩）`) pass, and of `地上：… 地下：…` the ground counts."""
    plain = folded_cell(text)
    bare = _REMARK.sub("", plain).strip()
    found = _AREA.fullmatch(bare)
    if found:
        said = (found.group(2) or "").strip()
        if said not in AREA_UNITS:
            raise Unclear
        return _scaled(found.group(1), AREA_UNITS[said] or unit)
    ground = _ABOVE_GROUND.fullmatch(bare)
    if not ground:
        raise Unclear
    return _scaled(ground.group(1), unit)


def _scaled(figure: str, unit: Decimal | None) -> Decimal:
    plain = figure.replace(",", "")
    if len(plain) > 40:
        raise Unclear
    value = Decimal(plain) * (unit or 1)
    if abs(value) >= MOST:
        raise Unclear
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def is_measure(text: str) -> bool:
    """Whether a cell is a figure, of whatever unit, rather than words. An address may begin with figures, too."""
    for read in (money_of, area_of):
        try:
            read(text, None)
        except Unclear:
            continue
        return True
    return False


_ISO = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


def day_of(text: str) -> date:
    """A day: ISO or Chinese (the last of a longer text), `3/16/2026`, `20260316` or Excel's serial number.

    Raises Unclear where none is written, ValueError where it is in no calendar.
    """
    plain = folded_cell(text)
    if found := _ISO.findall(plain):
        return date(*(int(part) for part in found[-1]))
    if slashed := _SLASHED.fullmatch(plain):
        month, day, year = (int(part) for part in slashed.groups())
        return date(year, month, day)
    if compact := _COMPACT.fullmatch(plain):
        return date(*(int(part) for part in compact.groups()))
    if (serial := _SERIAL.fullmatch(plain)) and 32_000 < int(serial.group(1)) < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(serial.group(1)))
    raise Unclear


def is_day(text: str) -> bool:
    """Whether a cell holds a day at all, be it in no calendar."""
    try:
        day_of(text)
    except Unclear:
        return False
    except ValueError:
        return True
    return True


def is_day_before_month(text: str) -> bool:
    """Whether a cell can only mean `16/3/2026`; then its neighbours `4/3/2026` mean April nowhere."""
    found = _SLASHED.fullmatch(text.strip())
    return found is not None and int(found.group(1)) > 12 >= int(found.group(2))


_DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,20})?(?:\s*°)?")


def degrees_of(text: str) -> float:
    """Decimal degrees; raises Unclear."""
    plain = folded_cell(text)
    if not _DEGREES.fullmatch(plain):
        raise Unclear
    return float(plain.rstrip("° "))

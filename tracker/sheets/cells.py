"""What one cell says: a sum with its unit and currency, an area, a figure. Strict: what is not clear is not guessed."""

from __future__ import annotations

import re
import unicodedata
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
    "千": Decimal(1000),
    "千元": Decimal(1000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "百万": Decimal(1_000_000),
    "百万元": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "千万元": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
    "k": Decimal(1000),
    "thousand": Decimal(1000),
    "m": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "million": Decimal(1_000_000),
    "bn": Decimal(1_000_000_000),
    "billion": Decimal(1_000_000_000),
}
SQUARE_FOOT, MU, ACRE = Decimal("0.09290304"), Decimal(2000) / 3, Decimal("4046.8564224")
AREA_UNITS = {
    "": None,
    **dict.fromkeys(
        ("m2", "平方米", "平方", "平米", "平", "sqm", "sq m", "square metres", "square meters"), Decimal(1)
    ),
    **dict.fromkeys(("ft2", "sqft", "sq ft", "square feet", "平方英尺"), SQUARE_FOOT),
    **dict.fromkeys(("公顷", "ha", "hectares", "hectare"), Decimal(10_000)),
    **dict.fromkeys(("万平方米", "万平", "万m2", "万平米", "万方"), Decimal(10_000)),
    **dict.fromkeys(("acre", "acres", "英亩"), ACRE),
    **dict.fromkeys(("km2", "平方公里"), Decimal(1_000_000)),
    "亩": MU,
}
CURRENCY_MARKS = {
    **dict.fromkeys(("rmb", "cny", "人民币", "¥", "yuan"), "CNY"),
    **dict.fromkeys(("usd", "us$", "$", "美元", "美金", "dollars"), "USD"),
    **dict.fromkeys(("eur", "€", "欧元", "euro", "euros"), "EUR"),
    **dict.fromkeys(("gbp", "£", "英镑"), "GBP"),
}
"""Marks beside a sum that say in which currency it is."""

_FIGURE = r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,2})?)"
_MARKS = "|".join(re.escape(mark) for mark in sorted(CURRENCY_MARKS, key=len, reverse=True))
_MONEY = re.compile(rf"约?\s*({_MARKS})?\s*{_FIGURE}\s*([a-z一-鿿]*?)\s*({_MARKS})?")
_AREA = re.compile(r"(?:约)?\s*" + _FIGURE + r"\s*([a-z一-鿿][a-z0-9 一-鿿]*)?")
_ABOVE_GROUND = re.compile(r"地[上面](?:面积)?\s*:?\s*" + _FIGURE + r"\s*(?:m2|平方米)?[;,、\s]*地下.*")
_REMARK = re.compile(r"[(\[【].*?[)\]】]")


class Unclear(ValueError):
    """The cell does not say clearly what it should."""


def folded_cell(text: str) -> str:
    """Full-width figures, brackets and units as the plain ones."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-").replace("，", ",").strip()


def money_of(text: str, unit: Decimal | None) -> Decimal:
    """A sum, `unit` being what the header says of its figures; a unit in the cell counts instead. Raises Unclear."""
    return money_and_currency_of(text, unit)[0]


def money_and_currency_of(text: str, unit: Decimal | None) -> tuple[Decimal, str | None]:
    """A sum as `money_of`, and the currency that the cell itself names. Raises Unclear, also where it names two."""
    found = _MONEY.fullmatch(folded_cell(text))
    if not found:
        raise Unclear
    before, figure, said, after = found.groups()
    if said not in MONEY_UNITS:
        raise Unclear
    named = {CURRENCY_MARKS[mark] for mark in (before, after) if mark}
    if len(named) > 1:
        raise Unclear
    return _scaled(figure, MONEY_UNITS[said] or unit), named.pop() if named else None


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


_WHOLE = re.compile(r"(\d{1,6})(?:\.0+)?\s*(?:层|楼|f|floors?|storeys?|stories)?")


def whole_of(text: str) -> int:
    """A whole number, such as one of floors; raises Unclear."""
    found = _WHOLE.fullmatch(folded_cell(text))
    if not found:
        raise Unclear
    return int(found.group(1))


_QUANTITY = re.compile(_FIGURE)


def quantity_of(text: str) -> Decimal:
    """A plain figure with at most two decimals; raises Unclear."""
    found = _QUANTITY.fullmatch(folded_cell(text))
    if not found:
        raise Unclear
    return _scaled(found.group(1), None)


_PERCENTAGE = re.compile(_FIGURE + r"\s*(?:%|‰|per ?cent|pct)|百分之.+|千分之.+")

_PER_HUNDRED = re.compile(r"[%％‰]|分之|per ?cent|pct", re.IGNORECASE)


def is_percentage(text: str) -> bool:
    """Whether a cell is a share of something: no amount of anything."""
    return bool(_PER_HUNDRED.search(text) and _PERCENTAGE.fullmatch(folded_cell(text)))


def is_measure(text: str) -> bool:
    """Whether a cell is a figure, of whatever unit, rather than words. An address may begin with figures, too."""
    if is_percentage(text):
        return True
    for read in (money_of, area_of):
        try:
            read(text, None)
        except Unclear:
            continue
        return True
    return False

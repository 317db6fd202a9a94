"""Words that many names share, as lists in `words/`: they weigh little, and those of one family are much alike."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("words")


def _lines(name: str) -> list[list[str]]:
    """A list's lines, each as its words; lines that begin with # are remarks."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for line in _lines(name) for word in line)


def _families(name: str) -> dict[str, str]:
    """Each word with the first of its line, which names the family."""
    return {word: line[0] for line in _lines(name) for word in line}


# Latin letters
KINDS = _families("kinds")
SAME = {word: line[0] for line in _lines("spellings") for word in line[1:]} | {"and": ""}
STOP = frozenset(_words("stop"))
COMMON = frozenset(_words("common"))
TRADES = frozenset(_words("trades"))
LEGAL = frozenset(_words("legal"))
PLACES = frozenset(_words("places"))
DIRECTIONS = {
    word: line[0]
    for line in (("north", "northern", "n"), ("south", "southern", "s"), ("east", "eastern", "e"))
    + (("west", "western", "w"), ("upper",), ("lower",))
    for word in line
}
COMPOUNDS = ("stadion", "stadium", "museum", "klinikum", "hospital", "arena", "halle", "theater")  # Olympiastadion

# Chinese
SITE_KINDS = _families("kinds_zh")
INDUSTRIES = frozenset(_words("trades_zh"))
CHINESE_LEGAL = _words("legal_zh")
PROVINCES = _words("provinces_zh")
MUNICIPALITIES = frozenset(PROVINCES[:4])
CITIES = _words("cities_zh")
COUNTIES = _words("counties_zh")
REGIONS = frozenset((*PROVINCES, *CITIES, *COUNTIES))
TITLES = _words("titles_zh")  # what a region's name may end with, the longest first
AUTONOMOUS = {
    "广西壮族自治区": "广西",
    "内蒙古自治区": "内蒙古",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}

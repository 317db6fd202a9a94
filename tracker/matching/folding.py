"""Folding of names: what people write differently and mean alike becomes one text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from tracker.matching.vocabulary import AUTONOMOUS

_SIMPLIFIED = OpenCC("t2s")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_MOJIBAKE = re.compile("[ÃÂâÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_INITIALS = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b)?")
_POSSESSIVE = re.compile(r"'(?=s\b|\W|$)")
_NUMERALS = "〇零一二三四五六七八九十百两"
_ORDINAL = re.compile(
    rf"第?([{_NUMERALS}]+)(?=期|号|栋|幢|座|楼|区|标|地块|组团|段|批|局|院|公司|分公司|中学|小学|工程|建筑|医院|建|冶|航)"
)
_NUMBERED = re.compile(r"第(?=\d)")
_AFTER_第 = re.compile(rf"第([{_NUMERALS}]+)")
_FIGURES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WORDS = {
    word: str(value)
    for value, line in enumerate(
        ("first 1st one", "second 2nd two ii", "third 3rd three iii", "fourth 4th four iv", "fifth 5th five")
        + ("sixth 6th six vi", "seventh 7th seven vii", "eighth 8th eight viii", "ninth 9th nine ix", "tenth 10th ten"),
        start=1,
    )
    for word in line.split()
}
_LATIN_WORD = re.compile(r"[a-z0-9]+")
_ORDINAL_FIGURE = re.compile(r"^(\d+)(?:st|nd|rd|th)$")


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Width, case, accents, traditional characters and numerals folded; brackets and separators stay."""
    plain = text
    for _turn in range(4):
        before, plain = plain, _once(plain)
        if before == plain:
            break
    return plain


def _once(text: str) -> str:
    plain = unicodedata.normalize("NFKC", mended(text)).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(_LETTERS)
        plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    if _CHINESE.search(plain):
        plain = _chinese(plain)
    plain = _POSSESSIVE.sub("", _APOSTROPHES.sub("'", plain))
    plain = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", plain)
    return " ".join(plain.split())


def _chinese(text: str) -> str:
    """Simplified characters, regions without their titles, numbers as figures."""
    plain = str(_SIMPLIFIED.convert(text))
    for long, short in AUTONOMOUS.items():
        plain = plain.replace(long, short)
    plain = _AFTER_第.sub(lambda found: str(number(found[1])), plain)
    plain = _ORDINAL.sub(lambda found: str(number(found[1])), plain)
    return _NUMBERED.sub("", plain)


def mended(text: str) -> str:
    """UTF-8 that somebody read as Western European is read as UTF-8 again (`MusÃ©e`)."""
    if not _MOJIBAKE.search(text):
        return text
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


def number(numeral: str) -> int:
    """The value of a Chinese numeral below a thousand: 十二, 二十, 一百零三, 二〇."""
    if not any(sign in "十百" for sign in numeral):
        return int("".join(str(_FIGURES[sign]) for sign in numeral))
    total, figure = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (figure or (0 if total and sign == "百" else 1)) * (10 if sign == "十" else 100)
            figure = 0
        else:
            figure = _FIGURES[sign]
    return total + figure


def figure(word: str) -> str:
    """A Latin word that stands for a number as figures (`second`, `2nd`, `ii`), without leading zeros; else itself."""
    if word.isdecimal():
        return word.lstrip("0") or "0"
    if ordinal := _ORDINAL_FIGURE.match(word):
        return ordinal[1].lstrip("0") or "0"
    return _WORDS.get(word, word)

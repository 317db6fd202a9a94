"""Folding what people write of the same firm, plot or phone into one key."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200  # characters of a key
_ENGLISH_FORMS = frozenset(
    ("inc", "incorporated", "llc", "ltd", "limited", "co", "corp", "corporation", "company", "gmbh", "plc", "lp", "llp")
    + ("pllc", "pte", "pty")
)
_CHINESE_FORMS = re.compile(r"股份有限责任公司|有限责任公司|有限責任公司|责任有限公司|股份有限公司|有限公司|股份公司")
_BARE_COMPANY = re.compile(r"(?<=.)(?<![分子总總母])公司$")  # a branch is not its mother
_BRACKETS = re.compile(r"[()\[\]{}<>〔〕【】《》〈〉「」『』]")
_SILENT = re.compile(r"[.'’‘`´]")
_ONLINE = re.compile(r"[(\[【〔](网|网上|网挂)[)\]】〕]")
_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_EXPLICIT_AMERICA = re.compile(r"^\s*(\+\s*1(?!\d{12})|001|1\s*[-.(\s])")


def folded(text: str) -> str:
    """Full-width forms, case and runs of spaces folded."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.split())


def firm_key(name: str) -> str:
    """One key for the spellings of one firm: without case, punctuation, brackets and legal suffixes.

    What stands in brackets stays (a place tells firms apart), so does 集团, so does a branch (分公司). Never empty for
    a name that is not: a firm called only `Co., Ltd.` keeps its words, one called `!!!` keeps its marks. Never longer
    than a name may be, though one character may fold to eighteen.
    """
    plain = _SILENT.sub("", folded(name)).replace("&", " and ").replace("l l c", "llc")
    parts = [_words(part) for part in _BRACKETS.split(plain)]
    bare = "".join(_without_form(words) for words in parts)
    return (bare or "".join(word for words in parts for word in words) or folded(name) or name)[:LONGEST]


def _words(text: str) -> list[str]:
    """Letters, figures and the marks that belong to letters; everything else separates."""
    if text.isascii():
        return re.findall(r"[a-z0-9]+", text)
    return "".join(one if unicodedata.category(one)[0] in "LMN" else " " for one in text).split()


def _without_form(words: list[str]) -> str:
    """The words of one stretch between brackets, closed up, without its legal form."""
    while words and words[-1] in _ENGLISH_FORMS:
        words = words[:-1]
    return _BARE_COMPANY.sub("", _CHINESE_FORMS.sub("", "".join(words)))


def plot_key(text: str) -> str:
    """One key for the spellings of one plot or permit number: brackets, dashes, 号 and leading zeros folded.

    Figures stay apart (`1-12` is not `11-2`); between letters and figures it does not matter what stands. The mark
    （网） says that a plot is auctioned online; listings carry it and the results of the same plots often do not.
    """
    plain = re.sub(r"(?<=\d)\s*号", " ", _ONLINE.sub(" ", folded(text)))
    key = ""
    for token in _TOKENS.findall(plain):
        is_figure = token[0].isdecimal()
        both_letters = not is_figure and key and not key[-1].isdecimal()
        key += ("" if both_letters or not key else "-") + (token.lstrip("0") or "0" if is_figure else token)
    return key or folded(text)


def phone_key(text: str) -> str:
    """The digits of a phone number without the code of China or America and without the trunk zero.

    Eleven bare digits from 13 to 19 are a Chinese mobile; `1-312-…` and `+1 312 …` are American.
    """
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(str(unicodedata.digit(one)) for one in plain if one.isdigit())
    rest = digits.lstrip("0")
    if len(rest) >= 12 and rest.startswith("86"):
        rest = rest[2:].lstrip("0")
    elif re.match(r"^\s*\(?(\+|00)\s*86", plain) and len(rest) > 9:
        rest = rest.removeprefix("86").lstrip("0")
    elif len(rest) == 11 and rest[0] == "1" and (_EXPLICIT_AMERICA.match(plain) or rest[1] == "2"):
        rest = rest[1:]
    return rest or digits


def licence_key(text: str) -> str:
    """One key for the spellings of one licence number: capital letters and figures, without what stands between."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(one for one in plain if unicodedata.category(one)[0] in "LN")

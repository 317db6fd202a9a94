"""What of a text can be searched for, and what a search looks for.

Chinese (and what else is written without spaces) is cut into pairs of neighbouring characters, so that any two of
them are found; a Latin word is found by its beginning, a long number (a phone) also by its last digits. Both databases
only ever see our tokens, made of letters and digits alone.

A name has tokens of its own beside the others: its beginning (`ǁ海澜湾三期`, `ǁhailanwansanqi`), by which what begins
with the words comes first, and pairs and triples of its pinyin initials (`ǀhlw`). The marks are letters that nobody
types. How a character is read is guessed, so pinyin is one more way to find a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, product

from tracker.matching.normalise import folded, phone_key
from tracker.matching.readings import readings

LONGEST = 40  # characters of a token; what comes after them is not looked at
TAIL = 4  # digits by which a long number is found from behind
_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(rf"[{_WIDE}]+|[^\W_{_WIDE}]+")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_PHONE = re.compile(r"[+(]?\d[\d\s().-]{5,}\d")
BEGINNING = "*"  # behind a token: whatever begins so
OTHERWISE = " | "  # between tokens: or those that follow
NAME, INITIALS = "\u01c1", "\u01c0"  # before the beginning of a name, before initials
MOST_INITIALS = 8  # letters that may still mean initials
MOST_WAYS = 4  # of reading a whole name


def words_of(*texts: str | None) -> str:
    """The tokens by which these texts are found, each once, with spaces between."""
    return " ".join(dict.fromkeys(token for text in texts if text for run in runs_of(text) for token in _tokens(run)))


def name_words(*names: str | None) -> str:
    """The tokens by which these are found as names: by their beginning, and by pinyin."""
    return " ".join(dict.fromkeys(token for name in names if name for token in _name_tokens(name)))


def wanted_of(text: str) -> str:
    """What must all be there for a text to be found: tokens, those followed by `*` as beginnings; maybe none.

    Letters alone may be pinyin instead: other tokens follow after `|`.
    """
    plain = " ".join(dict.fromkeys(token for run in runs_of(text) for token in _wanted(run)))
    letters = compact(text)
    if not (letters.isascii() and letters.isalpha() and len(letters) > 1):
        return plain
    ways = [plain, NAME + letters[:LONGEST] + BEGINNING]
    if len(letters) <= MOST_INITIALS:
        size = min(len(letters), 3)
        ways.append(" ".join(INITIALS + letters[place : place + size] for place in range(len(letters) - size + 1)))
    return OTHERWISE.join(ways)


def named_of(text: str, *, whole: bool) -> str:
    """What a name holds that begins with a text, or that is this text and nothing more; empty for signs alone."""
    plain = compact(text)[:LONGEST]
    return NAME + plain + ("" if whole else BEGINNING) if plain else ""


def compact(text: str) -> str:
    """The letters and digits of a text, folded and closed up."""
    return "".join(_RUNS.findall(folded(text)))


def initials_of(plain: str) -> list[tuple[str, ...]]:
    """With which letters each character of a folded text may begin when it is read."""
    return [tuple(dict.fromkeys(reading[:1] for reading in readings(character))) for character in plain]


def _name_tokens(name: str) -> Iterable[str]:
    plain = compact(name)[:LONGEST]
    if not plain:
        return
    yield NAME + plain
    if not _IS_WIDE.search(plain):
        return
    ways = product(*(readings(character)[:2] for character in plain))
    yield from (NAME + "".join(read)[:LONGEST] for read in islice(ways, MOST_WAYS))
    initials = initials_of(plain)
    for size in (2, 3):
        for place in range(len(initials) - size + 1):
            if not _IS_WIDE.search(plain[place : place + size]):
                continue  # Latin words are found as such
            grams = ("".join(letters) for letters in product(*initials[place : place + size]))
            yield from (INITIALS + gram for gram in grams if gram.isascii() and gram.isalpha())


def runs_of(text: str) -> list[str]:
    """The stretches of one kind of characters; a phone number is one, however it is written."""
    found: list[str] = _RUNS.findall(phone_key(text) if _PHONE.fullmatch(text.strip()) else folded(text))
    return found


def _tokens(run: str) -> Iterable[str]:
    if _IS_WIDE.match(run):
        return (run[place : place + 2] for place in range(len(run)))
    if run.isdecimal() and len(run) > TAIL:
        return (run[place : place + LONGEST] for place in range(len(run) - TAIL + 1))
    return (run[:LONGEST],)


def _wanted(run: str) -> Iterable[str]:
    if not _IS_WIDE.match(run) or len(run) == 1:
        return (run[:LONGEST] + BEGINNING,)
    return (run[place : place + 2] for place in range(len(run) - 1))

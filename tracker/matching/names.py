"""What a name consists of: its words and characters, each with what it weighs, its numbers, its initials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tracker.matching import vocabulary
from tracker.matching.folding import figure, fold
from tracker.matching.readings import spoken
from tracker.matching.segmenting import characters, segments
from tracker.matching.weights import WEIGH

_PIECES = re.compile(
    r"[0-9]+(?:st|nd|rd|th)?(?![a-z])|[a-z0-9]+|[\u3400-\u9fff]+|[^\W\d_a-z\u3400-\u9fff]+"
    r"|[(\[{<【〔《「,;)\]}>】〕》」]|\s-\s"
)
_OPEN, _SHUT = frozenset("([{<【〔《「"), frozenset(")]}>】〕》」")
_VAGUE = frozenset(
    ("center", "project", "tower", "office", "广场", "住宅")
)  # families that say nothing against another
_WHOLE = vocabulary.COMMON | vocabulary.TRADES | vocabulary.PLACES  # an s at their end is no plural's
_OF_PLACES = frozenset(("new", "city", "state", "county", "district"))
_BRANCH = re.compile(r"分公司|分店|分行|支行|分院|办事处|\bbranch\b")
_LISTED = re.compile(r"^(?:s?\*?st|s\*st|s|退市)(?=[\u4e00-\u9fff])")
STOP_WEIGHT = 0.04
_UNITS = {
    word: line.split()[0]
    for line in (
        "phase 期 ph stage",
        "lot 地块 号地块 号地 标段 标 号标段 parcel plot section 宗地",
        "block 号楼 栋 幢 座 楼 号栋 tower building bldg blk",
        "area 区 组团 号院 片区 zone",
    )
    for word in line.split()
}
_CHINESE_UNITS = re.compile(
    "^(?:" + "|".join(sorted((u for u in _UNITS if not u.isascii()), key=len, reverse=True)) + ")"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    `core`: what is left without legal forms, articles and order; `words`: each Latin word with its weight; `signs`:
    the Chinese characters in order, with `weights`, `starts` (True where a word of the vocabulary, or what stands
    between two, begins) and `telling` (True where no word of the vocabulary stands); `only_place`: it names a city or a
    state and nothing else; `only_kind`: it says what a thing is or does and nothing else (steak house, 人民医院).
    """

    text: str
    core: tuple[frozenset[str], str]
    words: dict[str, float]
    order: tuple[str, ...]
    qualifiers: frozenset[str]
    signs: str
    weights: tuple[float, ...]
    starts: tuple[bool, ...]
    telling: tuple[bool, ...]
    numbers: frozenset[tuple[str, str]]
    directions: frozenset[str]
    families: frozenset[str]
    initials: tuple[str, str]
    branch: bool
    only_place: bool
    only_kind: bool
    sound: str  # of the telling Chinese characters in Latin letters, else the telling Latin words closed up


@lru_cache(maxsize=50_000)
def name_of(text: str) -> Name:
    """A name taken apart, once."""
    return _Parts(fold(text)).name()


class _Parts:
    """Takes one folded name apart."""

    def __init__(self, text: str) -> None:
        self.text = _LISTED.sub("", text) or text
        self.words: dict[str, float] = {}
        self.order: list[str] = []
        self.qualifiers: set[str] = set()
        self.signs: list[str] = []
        self.weights: list[float] = []
        self.starts: list[bool] = []
        self.telling: list[bool] = []
        self.numbers: set[tuple[str, str]] = set()
        self.families: set[str] = set()

    def name(self) -> Name:
        deep, after_comma, unit, last = 0, False, "", ""
        for piece in _PIECES.findall(self.text):
            if piece in _OPEN:
                deep += 1
            elif piece in _SHUT:
                deep = max(0, deep - 1)
            elif piece in (",", ";") or not piece.strip(" -"):
                after_comma = bool(self.order or self.signs)
            elif "\u3400" <= piece[0] <= "\u9fff":
                self._chinese(piece, last, qualified=deep > 0)
                unit, last = "", ""
            else:
                for word in _split(piece):
                    unit = self._latin(word, unit, qualified=deep > 0 or after_comma)
                last = piece
        telling = [word for word in self.order if word not in vocabulary.STOP]
        return Name(
            self.text,
            (frozenset(self.words.keys() - vocabulary.LEGAL - vocabulary.STOP), "".join(self.signs)),
            self.words,
            tuple(self.order),
            frozenset(self.qualifiers),
            "".join(self.signs),
            tuple(self.weights),
            tuple(self.starts),
            tuple(self.telling),
            frozenset(self.numbers),
            frozenset(d for word in self.order if (d := vocabulary.DIRECTIONS.get(word)))
            | frozenset(sign for sign in self.signs if sign in "东南西北"),
            frozenset(self.families - _VAGUE),
            ("".join(word[0] for word in self.order), "".join(word[0] for word in telling)),
            bool(_BRANCH.search(self.text)),
            bool(vocabulary.PLACES.intersection(telling))
            and not self.signs
            and vocabulary.PLACES.issuperset(set(telling) - _OF_PLACES),
            max((*self.words.values(), *self.weights), default=1.0) <= max(WEIGH.kind, WEIGH.trade, WEIGH.industry),
            self._sound(),
        )

    def _sound(self) -> str:
        """How the telling part is said: 芷岭度假酒店 and Zhiling Hotel have one sound."""
        if self.signs:
            telling = "".join(s for s, w in zip(self.signs, self.weights, strict=True) if w >= WEIGH.plain)[:4]
            return "".join(spoken(telling))
        return "".join(word for word in self.order if latin_weight(word) >= WEIGH.short and word.isalpha())

    def _latin(self, piece: str, unit: str, *, qualified: bool) -> str:
        """Take in a word; returns the unit that it names for a number to come."""
        word = figure(piece)
        word = vocabulary.SAME.get(word, word)
        if not word:
            return ""
        is_number = word.isdecimal() or (len(word) == 1 and bool(unit))
        if is_number:
            self.numbers.add((unit, word))
            word = f"{unit}{word}" if unit else word
        elif word in vocabulary.DIRECTIONS:
            word = vocabulary.DIRECTIONS[word]
        elif len(word) > 4 and word.endswith("s") and not word.endswith("ss") and word not in vocabulary.KINDS:
            word = word if word in _WHOLE else word[:-1]
        weight = latin_weight(word) if not is_number else WEIGH.number
        if word in vocabulary.KINDS:
            self.families.add(vocabulary.KINDS[word])
        if qualified:
            self.qualifiers.add(word)
            weight *= WEIGH.qualifier
        self.order.append(word)
        self.words[word] = max(self.words.get(word, 0.0), weight)
        return _UNITS.get(word, "")

    def _chinese(self, run: str, before: str, *, qualified: bool) -> None:
        """Take in a run of characters; a number or letter before it may belong to a unit in it (2期, A座)."""
        factor = WEIGH.qualifier if qualified else 1.0
        if before and (found := _CHINESE_UNITS.match(run)) and (before.isdecimal() or len(before) == 1):
            self._unit(figure(before), _UNITS[found[0]])
            run = run[found.end() :]
        elif before.isdecimal():
            self._in_order(before, factor)
        for segment in segments(run):
            if segment.family:
                self.families.add(segment.family)
            for sign, weight, start in characters(segment):
                self._add(sign, weight * factor, start, telling=not segment.known)

    def _unit(self, figures: str, unit: str) -> None:
        """The number before a unit is that unit's (2期: phase 2)."""
        self.numbers.discard(("", figures))
        self.numbers.add((unit, figures))
        if self.order and self.order[-1] == figures:
            self.order[-1] = f"{unit}{figures}"
            self.words[self.order[-1]] = max(WEIGH.number, self.words.pop(figures))

    def _in_order(self, figures: str, factor: float) -> None:
        """A number amid Chinese characters is one of them (中建8局)."""
        plain = figure(figures)
        if self.order and self.order[-1] == plain:
            self.order.pop()
            if plain not in self.order:
                del self.words[plain]
        self.numbers.discard(("", plain))
        self.numbers.add(("amid", plain))
        for place, sign in enumerate(plain):
            self._add(sign, WEIGH.plain * factor, place == 0, telling=True)

    def _add(self, sign: str, weight: float, start: bool, *, telling: bool) -> None:
        self.signs.append(sign)
        self.weights.append(weight)
        self.starts.append(start)
        self.telling.append(telling)


def _split(word: str) -> tuple[str, ...]:
    """A compound as the words it is made of (Olympiastadion)."""
    for ending in vocabulary.COMPOUNDS:
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            return word[: -len(ending)], ending
    return (word,)


def latin_weight(word: str) -> float:
    """What a Latin word weighs."""
    if word in vocabulary.STOP or word in vocabulary.LEGAL:
        return STOP_WEIGHT
    if word in vocabulary.KINDS:
        return WEIGH.kind
    if word in vocabulary.PLACES:
        return WEIGH.region
    if word in vocabulary.DIRECTIONS:
        return WEIGH.direction
    if word in vocabulary.COMMON:
        return WEIGH.common
    if word in vocabulary.TRADES:
        return WEIGH.trade
    return WEIGH.short if len(word) < 3 else WEIGH.plain

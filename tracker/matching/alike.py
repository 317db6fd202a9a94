"""How alike two names are, from 0 to 1."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Indel, LCSseq

from tracker.matching import vocabulary
from tracker.matching.names import Name, latin_weight
from tracker.matching.weights import COST


def alike(a: Name, b: Name) -> float:
    """How alike two names are; 1 when they fold to the same."""
    if a.text == b.text or (a.core == b.core and any(a.core)):
        return 1.0
    if a.text > b.text:  # both ways the same
        a, b = b, a
    if bool(a.signs) != bool(b.signs):
        return _said_alike(a, b)
    matched, words_a, words_b = _words(a, b)
    more, signs_a, signs_b = _signs(a, b)
    matched += more
    if matched <= 0:
        return 0.0
    lack_a = COST.one * words_a + COST.one_sign * signs_a
    lack_b = COST.one * words_b + COST.one_sign * signs_b
    few = min(COST.both * words_a + COST.both_sign * signs_a, COST.both * words_b + COST.both_sign * signs_b)
    score = matched / (matched + few + max(lack_a, lack_b))
    return score * matched / (matched + COST.thin) * _contradictions(a, b)


def _said_alike(a: Name, b: Name) -> float:
    """A Chinese name and a Latin one: how alike they are said (芷岭, Zhiling), or the Latin words of both."""
    matched, _rest_a, _rest_b = _words(a, b)
    total = sum((b if a.signs else a).words.values())
    score = matched / total * COST.mixed if total else 0.0
    if min(len(a.sound), len(b.sound)) >= 4:
        same = Indel.normalized_similarity(a.sound, b.sound)
        score = max(score, same * COST.said if same >= COST.fuzzy else 0.0)
    return score * _contradictions(a, b)


def _contradictions(a: Name, b: Name) -> float:
    """What speaks against: other numbers, other directions, other qualifiers."""
    factor = 1.0
    if numbers_differ(a, b):
        factor *= COST.number
    if a.directions and b.directions and not a.directions & b.directions:
        factor *= COST.direction
    if a.families and b.families and not a.families & b.families:
        factor *= COST.families
    if a.only_place or b.only_place:
        factor *= COST.only_place
    if a.branch != b.branch:
        factor *= COST.branch
    if a.qualifiers and b.qualifiers and not (a.qualifiers & b.words.keys() or b.qualifiers & a.words.keys()):
        factor *= COST.qualifier
    return factor


def numbers_differ(a: Name, b: Name) -> bool:
    """Do both tell numbers of one unit, and none in common (二期 and 三期)?"""
    if not a.numbers or not b.numbers or a.numbers & b.numbers:
        return False
    return bool({unit for unit, _number in a.numbers} & {unit for unit, _number in b.numbers})


def _words(a: Name, b: Name) -> tuple[float, float, float]:
    """Matched weight of the Latin words, and what is left on either side."""
    if not a.words or not b.words:
        return 0.0, sum(a.words.values()), sum(b.words.values())
    matched = 0.0
    rest_a, rest_b = dict(a.words), dict(b.words)
    for word in a.words.keys() & b.words.keys():
        matched += (rest_a.pop(word) + rest_b.pop(word)) / 2
    if rest_a and rest_b:
        matched += _joined(rest_a, rest_b)
        matched += _fuzzy(rest_a, rest_b)
        matched += _initials(rest_a, b, rest_b) + _initials(rest_b, a, rest_a)
    return matched, sum(rest_a.values()), sum(rest_b.values())


def _fuzzy(rest_a: dict[str, float], rest_b: dict[str, float]) -> float:
    """Match misspelt words and kind words of one family, the most alike first; takes them out of the rests."""
    pairs = sorted(
        ((found, one, other) for one in rest_a for other in rest_b if (found := word_alike(one, other)) > 0),
        reverse=True,
    )
    matched = 0.0
    for found, one, other in pairs:
        if one in rest_a and other in rest_b:
            weight = (rest_a.pop(one) + rest_b.pop(other)) / 2
            matched += found * weight
            rest_a["≠" + one] = rest_b["≠" + other] = (1 - found) * weight
    return matched


@lru_cache(maxsize=200_000)
def word_alike(one: str, other: str) -> float:
    """How alike two different words are."""
    family = vocabulary.KINDS.get(one)
    if family and family == vocabulary.KINDS.get(other):
        return COST.family
    if one[-1].isdecimal() or other[-1].isdecimal():
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.85 if len(long) - len(short) <= 3 or latin_weight(short) == 1.0 else 0.6
    if len(short) < 4:
        return 0.0
    same = Indel.normalized_similarity(one, other)
    return same if same >= COST.fuzzy else 0.0


def _initials(rest_a: dict[str, float], b: Name, rest_b: dict[str, float]) -> float:
    """Match an abbreviation with words whose initials it is (VA, MOHAI), none of which has another counterpart."""
    matched = 0.0
    if len(rest_b) < 2:
        return matched
    for word in [w for w in rest_a if 2 <= len(w) <= 6 and w.isalpha()]:
        for initials, stops in zip(b.initials, (True, False), strict=True):
            at = initials.find(word)
            if at < 0:
                continue
            order = b.order if stops else tuple(w for w in b.order if w not in vocabulary.STOP)
            meant = dict.fromkeys(order[at : at + len(word)])
            if len(meant) >= 2 and meant.keys() <= rest_b.keys():
                del rest_a[word]
                matched += sum(rest_b.pop(w) for w in meant) * COST.initials
                break
    return matched


def _joined(rest_a: dict[str, float], rest_b: dict[str, float]) -> float:
    """Match what is only separated otherwise (Big Swan, Bigswan)."""
    if len(rest_a) == 1 and len(rest_b) == 1:
        return 0.0
    ours, theirs = "".join(rest_a), "".join(rest_b)
    if len(ours) < 4 or len(theirs) < 4:
        return 0.0
    same = Indel.normalized_similarity(ours, theirs)
    if same < 0.88:
        return 0.0
    weight = max(sum(rest_a.values()), sum(rest_b.values())) * same
    rest_a.clear()
    rest_b.clear()
    return weight


def _signs(a: Name, b: Name) -> tuple[float, float, float]:
    """Matched weight of the Chinese characters in order, and what is left on either side.

    Aligned from the front and from the back: 福能 is the end of 福建福能, not 福…能.
    """
    front = _aligned(a, b, _equal(a.signs, b.signs))
    if front[1] <= 0 and front[2] <= 0:
        return front
    long_a, long_b = len(a.signs), len(b.signs)
    turned = reversed(_equal(a.signs[::-1], b.signs[::-1]))
    back = [(long_a - at_a - length, long_b - at_b - length, length) for at_a, at_b, length in turned]
    return max(front, _aligned(a, b, back))


def _equal(one: str, other: str) -> list[tuple[int, int, int]]:
    """Where equal stretches begin in both, and how long they are."""
    blocks = LCSseq.editops(one, other).as_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks[:-1]]  # the last one is empty, always


def _aligned(a: Name, b: Name, blocks: list[tuple[int, int, int]]) -> tuple[float, float, float]:
    matched, gone_a, gone_b = 0.0, 0.0, 0.0
    for at_a, at_b, length in blocks:
        ours, theirs = sum(a.weights[at_a : at_a + length]), sum(b.weights[at_b : at_b + length])
        matched += (ours + theirs) / 2
        if not (a.starts[at_a] and b.starts[at_b]):
            matched -= (a.weights[at_a] + b.weights[at_b]) / 2 * (1 - COST.loose)
        gone_a += ours
        gone_b += theirs
    return matched, sum(a.weights) - gone_a, sum(b.weights) - gone_b

"""Chinese names in words: regions, trades, kinds of building, and the telling characters between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.matching import vocabulary
from tracker.matching.weights import WEIGH

FIRST = 4  # telling characters that are weighed in full; what comes later rarely is the brand
_FIGURES = {sign: str(value) for value, sign in enumerate("一二三四五六七八九", start=1)}
_KNOWN = vocabulary.REGIONS | vocabulary.SITE_KINDS.keys() | vocabulary.INDUSTRIES
# A place that no list names, by its title: 翁源县…, 宛城区…, 祁各庄镇…; 城市, 超市, 小区, 水乡 are no titles
_PLACE = re.compile(
    r"([\u4e00-\u9fff]{2,5}?)(?:自治县|县|街道|(?<![小古])镇|(?<![城水故家])乡"
    r"|(?<![小社园景校院片库矿厂街])区|(?<![城都超门夜上股])市)(?=[\u4e00-\u9fff]{2})"
)
_LONGEST = max(map(len, _KNOWN))


@dataclass(frozen=True, slots=True)
class Segment:
    """A word of the vocabulary, or a stretch of telling characters; what each of its characters weighs."""

    text: str
    weight: float
    family: str = ""
    known: bool = True


def segments(run: str) -> list[Segment]:
    """A run of Chinese characters in words. Legal forms and the titles of regions are left out."""
    found: list[Segment] = []
    told = at = 0
    while at < len(run):
        long = next((form for form in vocabulary.CHINESE_LEGAL if run.startswith(form, at)), "")
        if long and found:
            at += len(long)
            continue
        if not told and (place := _PLACE.match(run, at)) and place[0] not in _KNOWN:
            found.append(Segment(place[1], WEIGH.home))
            at = place.end()
            continue
        word = _word(run, at, begun=bool(found))
        if not word:
            end = _telling(run, at)
            full = end if not told else at
            full = min(full, at + FIRST)
            found += [Segment(run[at:full], WEIGH.plain, known=False)] if full > at else []
            found += [Segment(run[full:end], WEIGH.plain * WEIGH.later, known=False)] if end > full else []
            told, at = told + end - at, end
        elif word in vocabulary.REGIONS:
            at += len(word)
            title = next((one for one in vocabulary.TITLES if run.startswith(one, at)), "")
            at += len(title)
            homely = not title and not _telling_follows(run, at)
            found.append(Segment(word, WEIGH.homely if homely else WEIGH.home))
        else:
            found.append(Segment(word, WEIGH.industry, vocabulary.SITE_KINDS.get(word, "")))
            at += len(word)
    return found


def characters(segment: Segment) -> list[tuple[str, float, bool]]:
    """Each character (numerals as figures), its weight, and whether a word begins with it."""
    long = segment.known and len(segment.text) > 3  # 建筑工程 is two words
    return [
        (_FIGURES.get(sign, sign), segment.weight, place == 0 or (long and place % 2 == 0))
        for place, sign in enumerate(segment.text)
    ]


def _word(run: str, at: int, *, begun: bool) -> str:
    """The word of the vocabulary that begins here; one character only at the end of a name (店, 厂).

    Not one that would leave over a piece of the next (新风光电子 has no 光电, 粤通信息 no 通信); regions come first.
    """
    if word := _longest(run, at):
        return "" if len(word) == 2 and word not in vocabulary.REGIONS and _cuts(run, at) else word
    return run[at] if begun and _ended(run, at + 1) and run[at] in _KNOWN else ""


def _cuts(run: str, at: int) -> bool:
    """Would a word of two characters that begins here take the first one of the next, and leave its last one over?"""
    following = _longest(run, at + 1)
    return (
        bool(following)
        and following not in vocabulary.REGIONS
        and not _ended(run, at + 2)
        and not _longest(run, at + 2)
    )


def _longest(run: str, at: int) -> str:
    return next(
        (run[at : at + long] for long in range(min(_LONGEST, len(run) - at), 1, -1) if run[at : at + long] in _KNOWN),
        "",
    )


def _ended(run: str, at: int) -> bool:
    return at >= len(run) or run.startswith(vocabulary.CHINESE_LEGAL, at)


def _telling(run: str, at: int) -> int:
    """Where the stretch of telling characters that begins here ends."""
    end = at + 1
    while end < len(run) and not _word(run, end, begun=True) and not run.startswith(vocabulary.CHINESE_LEGAL, end):
        end += 1
    return end


def _telling_follows(run: str, at: int) -> bool:
    """Does a telling character stand right behind? Where none does, a region is what tells (上海电气, 东方生物)."""
    return not _ended(run, at) and not _word(run, at, begun=True)

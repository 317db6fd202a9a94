"""The one set of weights for all names and all data. Tuned on one half of the labelled sets, see `tools/bench.py`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weigh:
    """What the kinds of words weigh; Chinese ones a character."""

    plain: float = 1.0
    number: float = 0.765
    common: float = 0.44
    kind: float = 0.21
    trade: float = 0.35
    region: float = 0.455
    direction: float = 0.6
    short: float = 0.9  # a word of one or two letters
    qualifier: float = 0.45  # times the weight, in brackets or after a comma
    industry: float = 0.375
    home: float = 0.28  # of a region
    homely: float = 0.96  # of a region that is all the name tells
    later: float = 0.34  # times the weight, of telling characters after the first telling stretch


@dataclass(frozen=True, slots=True)
class Cost:
    """What words without a counterpart and contradictions take away."""

    both: float = 0.6  # of what is missing on both sides, per weight
    both_sign: float = 1.67  # of Chinese characters missing on both sides
    one: float = 0.135  # of what only one side has, per weight
    one_sign: float = 0.03  # of Chinese characters that only one side has
    fuzzy: float = 0.75  # words alike from here on are one misspelt word
    family: float = 0.345  # of a kind word matched by another of its family
    initials: float = 0.9  # of words matched by their initials
    loose: float = 0.45  # of a character that matches neither at the start of a word nor after another match
    thin: float = 0.05  # matched weight that makes half of the confidence
    qualifier: float = 0.8  # times, when both have qualifiers and none in common
    number: float = 0.425  # times, when numbers of one unit differ
    direction: float = 0.51  # times, when north meets south
    families: float = 0.9  # times, when one is a museum and the other a stadium
    said: float = 0.8  # times, when one is written in Latin letters and the other in Chinese and both sound alike
    mixed: float = 0.8  # times, when the Latin words of a Chinese name are all of the other
    only_place: float = 0.5  # times, when one is the name of a city and nothing else
    branch: float = 0.7  # times, when one is a branch and the other is not


@dataclass(frozen=True, slots=True)
class Points:
    """What agreements and disagreements of sites and firms are worth, in log odds."""

    name: float = 3.5  # times what a name is more alike than `even`
    even: float = 0.6
    only_kind: float = -0.5  # at most, of names that say only what a thing is
    unnamed: float = -1.5
    lowest: float = -3.0
    phone: float = 3.0
    other_phone: float = -2.5
    address: float = 2.5
    plot: float = 6.0
    other_plot: float = -2.5
    code: float = 6.0
    other_code: float = -3.0
    firm: float = 1.3
    other_firm: float = -0.6
    kind: float = 0.3
    other_kind: float = -1.0
    number: float = -2.0


WEIGH, COST, POINTS = Weigh(), Cost(), Points()

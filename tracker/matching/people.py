"""Comparing people: names are common, so a phone, a mail address or the firm has to agree too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from rapidfuzz import fuzz

from tracker.matching.alike import alike
from tracker.matching.features import phones_of
from tracker.matching.folding import fold
from tracker.matching.likeness import Level, Likeness, Reason
from tracker.matching.names import Name, name_of
from tracker.matching.readings import spoken
from tracker.matching.things import Person

_TITLE = re.compile(
    r"(?:总经理|董事长|总工|工程师|经理|先生|女士|小姐|主任|老师|部长|处长|院长|局长|总|工|董)$|^(?:mr|mrs|ms|dr)\b\.?"
)
_CHINESE = re.compile(r"^[\u3400-\u9fff·]+$")
BIAS, SAME_NAME, OTHER_NAME, PHONE, EMAIL, FIRM, OTHER_FIRM = -2.6, 2.2, -1.5, 3.0, 4.5, 1.4, -0.8  # log odds
LIKELY, POSSIBLE = 0.5, 0.2


@dataclass(frozen=True, slots=True)
class PersonFeatures:
    """A person, ready to be compared. `spoken`: the name in Latin letters, surname first and last."""

    name: str
    title: bool
    spoken: frozenset[str]
    phones: dict[str, str]
    email: str
    firm: Name | None


@lru_cache(maxsize=20_000)
def person_features(person: Person) -> PersonFeatures:
    """A person's, once."""
    folded = fold(person.name)
    name = _TITLE.sub("", folded).strip() or folded
    return PersonFeatures(
        name,
        name != folded,
        _spoken(name),
        phones_of(person.phones),
        fold(person.email or ""),
        name_of(person.firm) if person.firm and person.firm.strip() else None,
    )


def _spoken(name: str) -> frozenset[str]:
    words = spoken(name) if _CHINESE.match(name) else re.findall(r"[^\W\d_]+", name)
    return frozenset(filter(None, ("".join(words), "".join(words[1:] + words[:1]))))


def compare_people(a: Person, b: Person) -> Likeness:
    """How alike two people are."""
    ours, theirs = person_features(a), person_features(b)
    name = _names_alike(ours, theirs)
    reasons = []
    if name:
        reasons.append(Reason("name", name, values=(a.name, b.name)))
    elif ours.name and theirs.name:
        reasons.append(Reason("other_name", -1.0, values=(a.name, b.name)))
    if shared := ours.phones.keys() & theirs.phones.keys():
        reasons.append(Reason("phone", 1.0, values=(ours.phones[min(shared)], theirs.phones[min(shared)])))
    if ours.email and ours.email == theirs.email:
        reasons.append(Reason("email", 1.0, values=(a.email or "", b.email or "")))
    reasons += _firm(ours, theirs, (a.firm or "", b.firm or ""))
    return _judged(name, reasons)


def _names_alike(ours: PersonFeatures, theirs: PersonFeatures) -> float:
    if not ours.name or not theirs.name:
        return 0.0
    if ours.name == theirs.name:
        return 0.5 if (ours.title or theirs.title) and len(ours.name) == 1 else 1.0
    if ours.title != theirs.title or (ours.title and theirs.title):
        short, long = sorted((ours.name, theirs.name), key=len)
        if long.startswith(short):  # 王总, 王海涛
            return 0.5
    if ours.spoken & theirs.spoken:
        return 0.8
    same = fuzz.token_sort_ratio(ours.name, theirs.name) / 100
    return 0.8 * same if same >= 0.85 and len(ours.name) > 5 else 0.0


def _firm(ours: PersonFeatures, theirs: PersonFeatures, values: tuple[str, str]) -> list[Reason]:
    if not ours.firm or not theirs.firm:
        return []
    same = alike(ours.firm, theirs.firm)
    if same >= 0.6:
        return [Reason("firm", same, values=values)]
    return [Reason("other_firm", same - 1, values=values)] if same < 0.3 else []


def _judged(name: float, reasons: list[Reason]) -> Likeness:
    worth = {"name": SAME_NAME, "other_name": -OTHER_NAME, "phone": PHONE, "email": EMAIL, "firm": FIRM}
    worth["other_firm"] = -OTHER_FIRM
    score = 1 / (1 + exp(-(BIAS + sum(worth[one.kind] * one.strength for one in reasons))))
    level = Level.LIKELY if score >= LIKELY else Level.POSSIBLE if score >= POSSIBLE else Level.NONE
    if name >= 0.8 and any(one.kind in ("phone", "email") for one in reasons):
        level, score = Level.CERTAIN, max(score, 0.95)
    return Likeness(score, level, tuple(sorted(reasons, key=lambda one: -one.strength)))

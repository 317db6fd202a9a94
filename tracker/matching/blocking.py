"""Index keys: two rows that share none are never offered as duplicates of each other.

Every key is at most 40 characters long; what stands before the colon tells its kind. Names give a key for each telling
word and each pair of telling characters: never for a word that thousands share, unless a name has no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians

from tracker.matching import vocabulary
from tracker.matching.addresses import Address
from tracker.matching.features import Features, firm_features, site_features
from tracker.matching.names import Name, latin_weight
from tracker.matching.people import person_features
from tracker.matching.things import Firm, Person, Place, Site

LONGEST = 40
REACH = 300  # metres within which a neighbour is found by `place_keys`
ROW = 0.00135  # degrees of latitude, 150 m
DEGREE = 111_195  # metres
TELLING = 0.55  # weight of a Chinese character from which on it makes keys


def site_keys(site: Site) -> frozenset[str]:
    """Under which keys a site is stored. Ask by these and by `place_keys` of its place."""
    of = site_features(site)
    keys = _shared(of)
    for _text, name in of.names:
        keys |= _name_keys("name", name)
    for _text, name in of.firms:
        keys |= _name_keys("firm", name)
    if of.plot:
        keys.add(f"plot:{of.plot}")
    if of.place and (cell := _cell(of.place)):
        keys.add(cell)
    return _cut(keys)


def firm_keys(firm: Firm) -> frozenset[str]:
    """Under which keys a firm is stored and asked."""
    of = firm_features(firm)
    keys = _shared(of) | {f"code:{key}" for key in (of.code, *(key for key, _number in of.licences)) if key}
    for _text, name in of.names:
        keys |= _name_keys("name", name)
    return _cut(keys)


def person_keys(person: Person) -> frozenset[str]:
    """Under which keys a person is stored and asked: the whole name as it is said, phones, the mail address."""
    of = person_features(person)
    keys = {f"phone:{key}" for key in of.phones} | {f"name:{spoken}" for spoken in of.spoken or (of.name,)}
    if of.email:
        keys.add(f"email:{of.email}")
    return _cut(keys)


def place_keys(place: Place) -> frozenset[str]:
    """The keys of the cells to ask so that every site within 300 m of a place is found."""
    latitude, longitude = place
    up = REACH / DEGREE
    keys = set()
    for row in range(int((latitude - up) // ROW), int((latitude + up) // ROW) + 1):
        widest = max(abs(row * ROW), abs((row + 1) * ROW), abs(latitude) + up)
        aside = REACH / (DEGREE * max(0.01, cos(radians(min(89.0, widest)))))
        width = _width(row)
        for column in range(int((longitude - aside) // width), int((longitude + aside) // width) + 1):
            keys.add(f"cell:{row}:{column}")
    return frozenset(keys)


def _cell(place: Place) -> str:
    row = int(place[0] // ROW)
    return f"cell:{row}:{int(place[1] // _width(row))}"


def _width(row: int) -> float:
    """Degrees of longitude of a cell in a row: wider towards the poles, so that cells stay square."""
    return ROW / max(0.02, cos(radians(min(89.0, abs(row * ROW)))))


def _shared(of: Features) -> set[str]:
    keys = {f"phone:{key}" for key in of.phones}
    if of.address and (door := _door(of.address)):
        keys.add(f"door:{door}")
    return keys


def _door(address: Address) -> str:
    """Road and house number; without a number the crossing of two roads."""
    roads = sorted(address.roads)
    if address.house and roads:
        return f"{roads[0]} {address.house}"
    return " ".join(roads[:2]) if len(roads) > 1 else ""


def _name_keys(kind: str, name: Name) -> set[str]:
    numbers = {unit + value for unit, value in name.numbers}
    telling = [
        word
        for word in name.order
        if len(word) > 2 and word.isalpha() and word not in numbers and latin_weight(word) >= 1.0
    ]
    keys = {f"{kind}:{key}" for word in telling for key in _spellings(word)}
    keys |= {f"{kind}:{one}{other}" for one, other in zip(name.order, name.order[1:], strict=False)
             if (one in telling or other in telling) and len(one) > 2 < len(other)}  # fmt: skip
    keys |= {f"{kind}:{initials}" for initials in name.initials if len(initials) > 2 and initials.isalpha()}
    if len(name.sound) > 4:
        keys.add(f"{kind}:{name.sound}")
    common = sorted(
        {
            word
            for word in name.words
            if word.isalpha() and word not in (*telling, *numbers) and word not in vocabulary.STOP
        }
    )
    some = [word for word in common if word not in vocabulary.KINDS]
    others = some if telling else common
    keys |= {f"{kind}:{'+'.join(sorted((one, other)))}" for one in some for other in others if one != other}
    return keys | {f"{kind}:{pair}" for pair in _pairs(name)} or _last_resort(kind, name)


def _spellings(word: str) -> Iterable[str]:
    """A telling word, and what most misspellings of it keep: its consonants, its beginning."""
    yield word
    if len(word) > 4:
        yield _skeleton(word)
    if len(word) > 6:
        yield word[:5] + "^"


def _pairs(name: Name) -> Iterable[str]:
    """Neighbouring telling characters, and neighbouring initials of words of which one is telling.

    Where no character is telling, the common words: what is short for such a name is one of them (城建, 水利).
    """
    common = not any(name.telling)
    for at in range(len(name.signs) - 1):
        telling = name.telling[at] and name.telling[at + 1] or min(name.weights[at], name.weights[at + 1]) >= TELLING
        if telling or (common and name.starts[at] and not name.starts[at + 1]):
            yield name.signs[at : at + 2]
    first = [(sign, weight) for sign, weight, start in zip(name.signs, name.weights, name.starts, strict=True) if start]
    for one, other in (*zip(first, first[1:], strict=False), *zip(first, first[2:], strict=False)):
        if max(one[1], other[1]) >= TELLING or one == first[0]:
            yield one[0] + other[0]


def _last_resort(kind: str, name: Name) -> set[str]:
    """A name of common words only: its words two by two, its characters two by two, or the whole."""
    common = sorted(word for word in name.words if word not in vocabulary.STOP)
    keys = {f"{kind}:{one}+{other}" for one in common for other in common if one < other}
    keys |= {f"{kind}:{name.signs[at : at + 2]}" for at in range(len(name.signs) - 1)}
    return keys or {f"{kind}:={name.text}="}


def _skeleton(word: str) -> str:
    """A word by its first letter and its consonants, so that most misspellings keep it."""
    rest = [sign for sign in word[1:] if sign not in "aeiouyhw"]
    return word[0] + "".join(s for at, s in enumerate(rest) if not at or rest[at - 1] != s) + "~"


def _cut(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key[:LONGEST] for key in keys if not key.endswith(":"))

"""Reading and writing vCards: 2.1 of old phones (quoted-printable, GBK), 3.0 and 4.0; several in one file.

A strict small reader: what makes no sense is left out, a file that is no vCard or too large is refused, nothing is ever
fetched. It knows names, firms, posts, numbers, addresses, birthdays and notes; pictures are not taken in.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from tracker.contacts.wording import kind_of_number

LARGEST = 2 * 1024 * 1024  # bytes of a file
MOST_CARDS = 100  # of a file
MOST_WAYS = 12  # numbers and addresses of a card
LONGEST = {"name": 80, "firm": 200, "post": 80, "note": 5000}  # characters
_PROPERTY = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:[^:\";]|\"[^\"]*\")*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";((?:[^:\";]|\"[^\"]*\")*)")
_DATE = re.compile(r"(?:(\d{4})-?|--)(\d{2})-?(\d{2})")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LATIN = re.compile(r"[A-Za-z]")
Birthday = tuple[int | None, int, int]


class NoCards(ValueError):
    """Nothing can be taken from a file; the reason is its key: `none`, `large` or `many`."""


@dataclass(frozen=True, slots=True)
class Card:
    """A person as a vCard tells of him. `ways`: (kind, value) as in `wording.WAYS`; `birthday`: year or None, month,
    day."""

    name: str
    firm: str = ""
    post: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    note: str = ""
    birthday: Birthday | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be carried through a form."""
        return {"name": self.name, "firm": self.firm, "post": self.post, "ways": [list(way) for way in self.ways],
                "note": self.note, "birthday": list(self.birthday) if self.birthday else None}  # fmt: skip

    @classmethod
    def from_json(cls, said: Any) -> Card | None:
        """The card that `to_json` said; None where it is something else."""
        if not isinstance(said, dict) or not isinstance(said.get("name"), str):
            return None
        told = said.get("ways")
        pairs = [way for way in (told if isinstance(told, list) else ()) if isinstance(way, list) and len(way) == 2]
        ways = tuple((str(kind), str(value)) for kind, value in pairs[:MOST_WAYS])
        name, firm, post, note = (_clean(str(said.get(key) or ""), key) for key in LONGEST)
        return cls(name, firm, post, ways, note, _carried(said.get("birthday")))


@dataclass(slots=True)
class _Line:
    """A property: its name, its parameters in capital letters, its value as it stands in the file."""

    name: str
    parameters: dict[str, set[str]]
    value: str


@dataclass(slots=True)
class _Said:
    """What the lines of one card say so far."""

    texts: dict[str, str] = field(default_factory=dict)
    ways: list[tuple[int, str, str]] = field(default_factory=list)
    birthday: Birthday | None = None


def read_cards(data: bytes) -> list[Card]:
    """The people a file tells of, in its order; those without a name are left out. Raises NoCards."""
    if len(data) > LARGEST:
        raise NoCards("large")
    cards, inside = [], None
    for line in _lines(_decoded(data)):
        if line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            inside = _Said()
        elif line.name == "END" and line.value.strip().upper() == "VCARD" and inside is not None:
            cards.append(inside)
            inside = None
            if len(cards) > MOST_CARDS:
                raise NoCards("many")
        elif inside is not None:
            _take(inside, line)
    found = [card for card in map(_card, cards) if card is not None]
    if not found:
        raise NoCards("none")
    return found


def _decoded(data: bytes) -> str:
    """Marked Unicode, strict UTF-8, else GB18030 as Chinese phones wrote it; quoted-printable says its own."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _lines(text: str) -> Iterator[_Line]:
    """The properties, with folded lines and soft line breaks put together again."""
    pieces: list[str] = []
    quoted = False  # quoted-printable: a line that ends in = goes on in the next one
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if pieces and quoted and pieces[-1].endswith("="):
            pieces[-1] = pieces[-1][:-1]
            pieces.append(raw.lstrip(" \t"))
        elif pieces and raw[:1] in (" ", "\t"):
            pieces.append(raw[1:])
        else:
            if line := _line("".join(pieces)):
                yield line
            pieces, quoted = [raw], "QUOTED-PRINTABLE" in raw.partition(":")[0].upper()
    if line := _line("".join(pieces)):
        yield line


def _line(text: str) -> _Line | None:
    found = _PROPERTY.fullmatch(text)
    if found is None:
        return None
    parameters: dict[str, set[str]] = {}
    for one in _PARAMETER.findall(found.group(2)):
        key, equals, values = one.partition("=")
        name = key.strip().upper() if equals else "TYPE"  # 2.1 wrote the types bare
        told = (values if equals else key).replace('"', "").upper().split(",")
        parameters.setdefault(name, set()).update(value.strip() for value in told)
    return _Line(found.group(1).upper(), parameters, _plain(found.group(3), parameters))


def _plain(value: str, parameters: dict[str, set[str]]) -> str:
    quoted = "QUOTED-PRINTABLE" in parameters.get("ENCODING", set()) | parameters.get("TYPE", set())
    if not quoted:
        return value
    charset = next(iter(parameters.get("CHARSET", ())), "UTF-8")
    raw = quopri.decodestring(value.encode("ascii", "ignore"))
    for tried in (charset, "utf-8", "gb18030"):
        try:
            return raw.decode(tried)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("utf-8", "replace")


def _parts(value: str) -> list[str]:
    """The parts of a value between semicolons that are not escaped, unescaped themselves."""
    return [_unescaped(part) for part in re.split(r"(?<!\\);", value)]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found.group(1) in "nN" else found.group(1), text).strip()


def _clean(text: str, key: str) -> str:
    """A text without control characters, as long as it may be; only a note has lines."""
    text = _CONTROL.sub("", text)
    return (text.strip() if key == "note" else " ".join(text.split()))[: LONGEST[key]]


def _take(said: _Said, line: _Line) -> None:
    types = line.parameters.get("TYPE", set())
    match line.name:
        case "FN":
            said.texts.setdefault("fn", _unescaped(line.value))
        case "N":
            said.texts.setdefault("n", _structured(_parts(line.value)))
        case "ORG":
            said.texts.setdefault("firm", _parts(line.value)[0])
        case "TITLE":
            said.texts.setdefault("post", _unescaped(line.value))
        case "ROLE":
            said.texts.setdefault("role", _unescaped(line.value))
        case "NOTE":
            said.texts.setdefault("note", _unescaped(line.value))
        case "BDAY":
            said.birthday = said.birthday or _birthday(line.value)
        case "TEL" | "EMAIL" | "X-WECHAT" | "X-WEIXIN" | "X-QQ":
            _take_way(said, line, types)
        case "IMPP" | "X-SOCIALPROFILE" if {"WECHAT", "WEIXIN"} & types or line.value.lower().startswith("wechat:"):
            _take_way(said, line, types)


def _structured(parts: Sequence[str]) -> str:
    """A name of its parts (family, given, further …): a Chinese one closed up, family first."""
    family, given, further = (*parts, "", "", "")[:3]
    if _LATIN.search(family + given):
        return " ".join(part for part in (given, further, family) if part)
    return family + further + given


def _take_way(said: _Said, line: _Line, types: set[str]) -> None:
    value = " ".join(_CONTROL.sub("", _unescaped(line.value)).split())
    for scheme in ("tel:", "mailto:", "wechat:", "weixin:"):
        if value.lower().startswith(scheme):
            value = value[len(scheme) :].split(";")[0]
    kind = _way_kind(line.name, types)
    first = 0 if "PREF" in types or line.parameters.get("PREF") else 1
    if value and len(said.ways) < MOST_WAYS and all(value != known for _f, _k, known in said.ways):
        said.ways.append((first, kind, value[:200]))


def _way_kind(name: str, types: set[str]) -> str:
    if name == "EMAIL":
        return "email"
    if name != "TEL":
        return "other" if name == "X-QQ" else "wechat"
    if "FAX" in types:
        return "fax"
    return (
        "mobile"
        if types & {"CELL", "IPHONE"}
        else "home"
        if "HOME" in types
        else "office"
        if "WORK" in types
        else "tel"
    )


def _birthday(value: str) -> Birthday | None:
    found = _DATE.match(value.strip())
    if found is None:
        return None
    year, month, day = found.groups()
    return _born(int(year) if year else None, int(month), int(day))


def _carried(said: Any) -> Birthday | None:
    """A birthday that came back through a form."""
    if not (isinstance(said, list) and len(said) == 3 and all(isinstance(one, int) for one in said[1:])):
        return None
    return _born(said[0], said[1], said[2])


def _born(year: Any, month: int, day: int) -> Birthday | None:
    known = isinstance(year, int) and 1900 <= year <= 2100 and year != 1604  # what phones write for an unknown year
    return (year if known else None, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _card(said: _Said) -> Card | None:
    name = _clean(said.texts.get("fn") or said.texts.get("n") or "", "name")
    if not name:
        return None
    ways = [
        (kind_of_number(value) if kind == "tel" else kind, value)
        for _first, kind, value in sorted(said.ways, key=itemgetter(0))
    ]
    return Card(
        name,
        _clean(said.texts.get("firm", ""), "firm"),
        _clean(said.texts.get("post") or said.texts.get("role", ""), "post"),
        tuple(ways),
        _clean(said.texts.get("note", ""), "note"),
        said.birthday,
    )


def write_card(card: Card) -> str:
    """A person as a vCard 3.0, which every phone reads; in lines of at most 75 bytes."""
    types = {"mobile": "CELL", "office": "WORK,VOICE", "home": "HOME,VOICE", "fax": "WORK,FAX"}
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(card.name)}", f"N:{_escaped(card.name)};;;;"]
    lines += [f"ORG:{_escaped(card.firm)}"] if card.firm else []
    lines += [f"TITLE:{_escaped(card.post)}"] if card.post else []
    for kind, value in card.ways:
        if kind in types:
            lines.append(f"TEL;TYPE={types[kind]}:{_escaped(value)}")
        elif kind == "email":
            lines.append(f"EMAIL;TYPE=INTERNET:{_escaped(value)}")
        else:
            lines.append(f"X-{'WECHAT' if kind == 'wechat' else 'OTHER'}:{_escaped(value)}")
    if card.birthday:
        year, month, day = card.birthday
        lines.append(f"BDAY:{year:04d}-{month:02d}-{day:02d}" if year else f"BDAY:--{month:02d}{day:02d}")
    lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    text = _CONTROL.sub("", text.replace("\r\n", "\n"))
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line folded so that none is longer than 75 bytes, never within a character."""
    pieces, size = [""], 0
    for sign in line:
        length = len(sign.encode())
        if size + length > 74:
            pieces.append("")
            size = 0
        pieces[-1] += sign
        size += length
    return "\r\n ".join(pieces)

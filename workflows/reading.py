"""Reading plain YAML data field by field, noting every fault with its place instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.errors import Fault
from workflows.text import NO_TEXT, Text


class Faults:
    """Collects the faults of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(self, key: str, reason: str) -> None:
        """Note a fault at `key`."""
        self.found.append(Fault(self.file, key, reason))


class Node:
    """A mapping of the file with its place. Reading marks keys as known; `close` reports the others."""

    __slots__ = ("_known", "data", "faults", "place")

    def __init__(self, data: Any, place: str, faults: Faults) -> None:
        if not isinstance(data, Mapping):
            faults.add(place, "must be a mapping" if data is not None else "is missing")
            data = {}
        self.data: Mapping[Any, Any] = data
        self.place = place
        self.faults = faults
        self._known: set[Any] = set()

    def at(self, key: str) -> str:
        """The place of a key of this node."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """True when the file gives this key."""
        return key in self.data

    def raw(self, key: str, default: Any = None) -> Any:
        """The value as it stands, without a check."""
        self._known.add(key)
        return self.data.get(key, default)

    def _typed(self, key: str, kind: type, wanted: str, empty: Any, default: Any) -> Any:
        self._known.add(key)
        value = self.data.get(key)
        if value is None:
            if default is not None:
                return default
            self.faults.add(self.at(key), "is missing")
            return empty
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.faults.add(self.at(key), f"must be {wanted}, not {value!r}")
            return empty
        return value

    def string(self, key: str, default: str | None = None) -> str:
        """A text value."""
        found: str = self._typed(key, str, "text", "", default)
        return found

    def integer(self, key: str) -> int:
        """A whole number."""
        found: int = self._typed(key, int, "a whole number", 0, None)
        return found

    def optional_integer(self, key: str) -> int | None:
        """A whole number, or None when the file does not give it."""
        return self.integer(key) if key in self.data else None

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        found: bool = self._typed(key, bool, "true or false", default, default)
        return found

    def strings(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        values = self._typed(key, list, "a list", [], default)
        for value in values:
            if not isinstance(value, str):
                self.faults.add(self.at(key), f"must hold texts, not {value!r}")
        return tuple(str(value) for value in values)

    def span(self, key: str) -> tuple[int, int]:
        """[low, high] in whole numbers."""
        values = self._typed(key, list, "[low, high]", [0, 0], None)
        if len(values) != 2 or not all(isinstance(value, int) for value in values):
            self.faults.add(self.at(key), f"must be [low, high] in whole numbers, not {values!r}")
            return (0, 0)
        if values[0] > values[1]:
            self.faults.add(self.at(key), f"runs backwards: {values[0]} to {values[1]}")
        return (values[0], values[1])

    def text(self, prefix: str = "", *, optional: bool = False) -> Text:
        """The sentence in `zh`/`en`, or in `<prefix>_zh`/`<prefix>_en`; both languages or a fault."""
        zh_key, en_key = (f"{prefix}_zh", f"{prefix}_en") if prefix else ("zh", "en")
        self._known.update((zh_key, en_key))
        zh, en = self.data.get(zh_key), self.data.get(en_key)
        if optional and not zh and not en:
            return NO_TEXT
        for key, value in ((zh_key, zh), (en_key, en)):
            if not isinstance(value, str) or not value.strip():
                self.faults.add(self.at(key), "the sentence is missing in this language")
        return Text(zh if isinstance(zh, str) else "", en if isinstance(en, str) else "")

    def texts(self, prefix: str) -> tuple[Text, ...]:
        """Parallel lists of sentences in `<prefix>_zh` and `<prefix>_en`."""
        zh, en = self.strings(f"{prefix}_zh"), self.strings(f"{prefix}_en")
        if len(zh) != len(en):
            self.faults.add(self.at(prefix), f"{len(zh)} sentences in Chinese, {len(en)} in English")
        return tuple(Text(*pair) for pair in zip(zh, en, strict=False))

    def child(self, key: str) -> Node:
        """The mapping under a key."""
        self._known.add(key)
        return Node(self.data.get(key), self.at(key), self.faults)

    def children(self, key: str, name: str = "key") -> Iterator[Node]:
        """The mappings of the list under a key; `name` is the field that names each in messages."""
        self._known.add(key)
        values = self.data.get(key)
        if not isinstance(values, list):
            self.faults.add(self.at(key), "is missing" if values is None else "must be a list")
            return
        for number, value in enumerate(values):
            label = value.get(name, number) if isinstance(value, Mapping) else number
            yield Node(value, f"{self.at(key)}[{label}]", self.faults)

    def ignore(self, *keys: str) -> None:
        """Accept keys that explain the file to people and mean nothing here."""
        self._known.update(keys)

    def close(self) -> None:
        """Report every key nobody read."""
        for key in self.data:
            if key not in self._known:
                self.faults.add(self.at(str(key)), "unknown key")

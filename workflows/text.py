"""Sentences in both languages, and named kinds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages."""

    zh: str
    en: str

    def get(self, lang: str) -> str:
        """The sentence in `lang`; everything that does not begin with 'zh' reads English."""
        return self.zh if lang.startswith("zh") else self.en


NO_TEXT = Text("", "")


@dataclass(frozen=True, slots=True)
class Kind:
    """A named kind: of evidence, of a hint, of a cell's status, of an action."""

    key: str
    name: Text
    meaning: Text = NO_TEXT

"""What may stand on a paper, as plain data. All texts are taken as they are: users may have typed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: `level` 1 for a chapter, 2 and 3 below it. It stays with what follows."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; its lines break where the text's do. `link`: an address that it leads to. `small`: a remark. `mark`:
    what stands before it in the margin, as `•`."""

    text: str
    link: str | None = None
    small: bool = False
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and what it is, one below the other."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on each page. `figures`: the columns that are set to the right. `widths`: shares
    of the columns, else all are alike. `links`: for each row the address that its first cell leads to, or None."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Sequence[int] = ()
    widths: Sequence[float] = ()
    links: Sequence[str | None] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG with the lines below it, the first of them the caption."""

    data: bytes
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures, as many to a page: 1 to 6."""

    pictures: Sequence[Picture]
    each_page: int = 4


@dataclass(frozen=True, slots=True)
class Signatures:
    """A line to sign on for each of these."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty space, in millimetres."""

    height: float = 6


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page."""


Part = Heading | Text | Facts | Table | Pictures | Signatures | Gap | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of A4 pages. `title` and `subtitle` head the first page, `footer` stands below each beside its number.

    `page_of`: how pages are numbered, with `{page}` and `{pages}`. `language`: `zh` or `en`, which screen readers read.
    """

    title: str
    parts: Sequence[Part]
    language: str
    subtitle: str = ""
    footer: str = ""
    author: str = ""
    page_of: str = "{page} / {pages}"
    landscape: bool = field(default=False)

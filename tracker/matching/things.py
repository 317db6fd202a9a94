"""What is compared: sites, firms and people as plain data."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[float, float]  # latitude, longitude, WGS-84


@dataclass(frozen=True, slots=True)
class Site:
    """A construction site under all the names it is known by (promotion, registered, site)."""

    names: tuple[str, ...]
    address: str | None = None
    plot_number: str | None = None
    place: Place | None = None
    phones: tuple[str, ...] = ()
    firms: tuple[str, ...] = ()
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm under all the names it is known by. `region` is a word for where it sits, `code` its unified social credit
    code, `licences` the numbers of its certificates."""

    names: tuple[str, ...]
    address: str | None = None
    phones: tuple[str, ...] = ()
    region: str | None = None
    code: str | None = None
    licences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `firm` is the name of the firm the person works for."""

    name: str
    phones: tuple[str, ...] = ()
    email: str | None = None
    firm: str | None = None

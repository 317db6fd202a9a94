"""What of a thing is compared, folded and taken apart once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tracker.matching.addresses import Address, address_of
from tracker.matching.names import Name, name_of
from tracker.matching.normalise import folded, licence_key, phone_key, plot_key
from tracker.matching.things import Firm, Place, Site

SHORTEST_PHONE = 7  # digits; an extension or a hotline is nobody's own
SHORTEST_LICENCE = 6  # letters and figures


@dataclass(frozen=True, slots=True)
class Features:
    """A site or a firm, ready to be compared."""

    names: tuple[tuple[str, Name], ...]
    phones: dict[str, str]
    address: Address | None = None
    plot: str = ""
    place: Place | None = None
    firms: tuple[tuple[str, Name], ...] = ()
    kind: str = ""
    code: str = ""
    licences: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=20_000)
def site_features(site: Site) -> Features:
    """A site's, once."""
    return Features(
        _named(site.names),
        phones_of(site.phones),
        _address(site.address),
        plot_key(site.plot_number) if site.plot_number and site.plot_number.strip() else "",
        site.place,
        _named(site.firms),
        site.kind or "",
    )


@lru_cache(maxsize=20_000)
def firm_features(firm: Firm) -> Features:
    """A firm's, once."""
    return Features(
        _named(firm.names),
        phones_of(firm.phones),
        _address(firm.address),
        kind=folded(firm.region or ""),
        code=_licence(firm.code or ""),
        licences=tuple((key, one) for one in dict.fromkeys(firm.licences) if (key := _licence(one))),
    )


def _licence(number: str) -> str:
    """A number that is long enough to be somebody's own, folded."""
    key = licence_key(number)
    return key if len(key) >= SHORTEST_LICENCE else ""


def _named(names: tuple[str, ...]) -> tuple[tuple[str, Name], ...]:
    return tuple((name, name_of(name)) for name in dict.fromkeys(names) if name.strip())


def phones_of(phones: tuple[str, ...]) -> dict[str, str]:
    """Each phone under its folded digits."""
    return {key: phone for phone in phones if len(key := phone_key(phone)) >= SHORTEST_PHONE}


def _address(text: str | None) -> Address | None:
    return address_of(text) if text and text.strip() else None

"""Sharing out a short supply among dealers: by grade, by what they sold, and by what their won projects still need.

Half goes by past sales and half by open need (all by the one where nobody has any of the other), each weighed with the
grade: the best counts a fifth more, those below the second less. Quantities are whole units and add up to the supply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GRADE_WEIGHTS = (1.2, 1.0, 0.8, 0.5)  # of the first grade, the second …; worse ones as the last
UNGRADED = 1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """What speaks for a dealer: his grade's place (0 the best, None: none yet), units sold lately, units needed."""

    dealer_id: int
    place: int | None
    sold: float
    needed: float


def share_out(supply: int, claims: Sequence[Claim]) -> dict[int, int]:
    """Whole units for each dealer, together the supply; nothing for who neither sold nor needs anything."""
    weights = _weights(claims)
    total = sum(weights.values())
    if total == 0 or supply <= 0:
        return {claim.dealer_id: 0 for claim in claims}
    exact = {dealer_id: supply * weight / total for dealer_id, weight in weights.items()}
    return _whole(supply, exact)


def _weights(claims: Sequence[Claim]) -> dict[int, float]:
    sold, needed = (sum(getattr(claim, name) for claim in claims) for name in ("sold", "needed"))
    parts = (sold > 0) + (needed > 0)
    weights = {}
    for claim in claims:
        of_sales = claim.sold / sold if sold else 0.0
        of_need = claim.needed / needed if needed else 0.0
        weights[claim.dealer_id] = (of_sales + of_need) / max(parts, 1) * grade_weight(claim.place)
    return weights


def grade_weight(place: int | None) -> float:
    """How much a grade at this place counts."""
    return UNGRADED if place is None else GRADE_WEIGHTS[min(place, len(GRADE_WEIGHTS) - 1)]


def _whole(supply: int, exact: Mapping[int, float]) -> dict[int, int]:
    """Rounded down, and what that leaves given one by one to the largest remainders."""
    shares = {dealer_id: int(part) for dealer_id, part in exact.items()}
    by_rest = sorted(exact, key=lambda dealer_id: (shares[dealer_id] - exact[dealer_id], dealer_id))
    for dealer_id in by_rest[: supply - sum(shares.values())]:
        shares[dealer_id] += 1
    return shares

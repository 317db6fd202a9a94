"""Who should have each of some leads or projects, with the reasons, and who else could."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.absences.queries import load_away
from tracker.assigning.queries.candidates import Bench, load_bench, wanted_of
from tracker.team.models import User
from workflows.assigning import Suggestion, rank, spread

SHOWN = 3  # of the fittest


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lead or project, who shall have it, and the fittest of all with their reasons."""

    thing: Any
    owner_id: int | None
    best: Sequence[tuple[User, Suggestion]]


def propose(
    session: Session,
    by: User,
    things: Sequence[Any],
    *,
    owner_id: int | None = None,
    among: Collection[int] = (),
    but: int | None = None,
) -> list[Proposal]:
    """A proposal for each: `owner_id` for all, else the fittest (of `among`, and not `but`), spread by load.

    Whoever is away today is not proposed.
    """
    bench = load_bench(session, things, load_away(session, by), by=by)
    wanted = wanted_of(things)
    open_to = [one for one in bench.candidates if one.id != but and (not among or one.id in among)]
    chosen = spread(wanted, open_to)
    return [
        Proposal(thing, owner_id or (best.id if best else None), _fittest(bench, rank(one, open_to)))
        for thing, one, best in zip(things, wanted, chosen, strict=True)
    ]


def _fittest(bench: Bench, ranked: Sequence[Suggestion]) -> list[tuple[User, Suggestion]]:
    return [(bench.people[one.id], one) for one in ranked[:SHOWN]]

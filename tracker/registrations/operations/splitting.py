"""A split: each side keeps a part of what it claimed, by building or category; where nothing is cut, by shares.

What is protected follows what is claimed. Whatever a first ruling cut is there again when the director rules anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.errors import Invalid
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.registrations.models import Conflict, Registration
from tracker.registrations.queries.checking import building_key, scope_of
from workflows.registering import Scope
from workflows.text import Text

MATERIALS = _l("Each side keeps at least one of the materials it claims, and no other.")
WHOLE = "whole"  # under which `Conflict.before` keeps what each side claimed


@dataclass(frozen=True, slots=True)
class Part:
    """What a side keeps: categories, and buildings by their names (none: all of them)."""

    categories: tuple[str, ...]
    buildings: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """The same, to be compared."""
        return scope_of(self.categories, self.buildings)


def sides_of(session: Session, conflict: Conflict) -> dict[str, Registration]:
    """The registrations of a conflict by their side: registration, and other where that is one."""
    ids = {"registration": conflict.registration_id, "other": conflict.other_id}
    return {side: session.get_one(Registration, number) for side, number in ids.items() if number is not None}


def whole_of(conflict: Conflict, side: str, registration: Registration) -> Part:
    """What a side claimed before anything was ruled."""
    kept = conflict.before.get(WHOLE, {}).get(side)
    if kept is None:
        return Part(tuple(registration.categories), tuple(registration.buildings))
    return Part(tuple(kept["categories"]), tuple(kept["buildings"]))


def split(
    session: Session, conflict: Conflict, wanted: dict[str, Part], *, by_words: bool
) -> dict[str, dict[str, list[str]]]:
    """Cut what each side claims to what it keeps; returns the parts that were cut, by side.

    `by_words`: shares or words say how it is split, so that both may go on claiming the same.
    """
    sides = sides_of(session, conflict)
    whole = {side: whole_of(conflict, side, registration) for side, registration in sides.items()}
    parts = {side: wanted.get(side, whole[side]) for side in sides}
    for side, part in parts.items():
        _check(side, part, whole[side])
    scopes = [part.scope for part in parts.values()]
    meet = len(scopes) < 2 or scopes[0].overlaps(scopes[1])
    if meet and not by_words and parts == whole:
        raise Invalid("registration_part", _l("Say how it is split: by buildings, by materials, or by shares."))
    if len(scopes) == 2 and meet and not by_words:
        raise Invalid("registration_part", _l("Both would still claim the same. Cut further, or name the shares."))
    put_back(session, conflict, parts)
    cut = {side: part for side, part in parts.items() if part != whole[side]}
    return {side: {"categories": list(one.categories), "buildings": list(one.buildings)} for side, one in cut.items()}


def _check(side: str, part: Part, whole: Part) -> None:
    if not part.categories or not set(part.categories) <= set(whole.categories):
        raise Invalid(f"{side}_categories", MATERIALS)
    claimed = {building_key(name) for name in whole.buildings}
    kept = {building_key(name) for name in part.buildings}
    if claimed and (not kept or not kept <= claimed):
        raise Invalid(f"{side}_buildings", _l("Each side keeps at least one of the buildings it claims, and no other."))


def put_back(session: Session, conflict: Conflict, parts: dict[str, Part] | None = None) -> None:
    """Let each side claim these parts; without them all that it claimed before anything was ruled."""
    sides = sides_of(session, conflict)
    whole = {side: whole_of(conflict, side, one) for side, one in sides.items()}
    kept = {side: {"categories": list(one.categories), "buildings": list(one.buildings)} for side, one in whole.items()}
    conflict.before = {**conflict.before, WHOLE: kept}
    for side, registration in sides.items():
        part = (parts or whole)[side]
        registration.categories, registration.buildings = list(part.categories), list(part.buildings)
    session.flush()


def in_words(categories: Sequence[str], buildings: Sequence[str]) -> Text:
    """What somebody keeps, in both languages."""
    windows = {window.category: window.name for window in current_definition().windows}
    names = [windows.get(key, Text(key, key)) for key in categories]
    zh, en = "、".join(one.zh for one in names), ", ".join(one.en for one in names)
    if buildings:
        zh, en = f"{zh}（{'、'.join(buildings)}）", f"{en} ({', '.join(buildings)})"
    return Text(zh, en)


def outcome_of(conflict: Conflict, registration: Registration) -> dict[str, Any]:
    """What a ruling said for one side, as its receipt keeps it: outcome, order and share."""
    side = "registration" if registration.id == conflict.registration_id else "other"
    outcome = "split" if conflict.winner == "split" else "kept" if conflict.winner == side else "lost"
    share = conflict.shares.get(side)
    return {"outcome": outcome, "order": conflict.order_key, **({} if share is None else {"share": share})}

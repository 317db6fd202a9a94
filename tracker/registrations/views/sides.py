"""Two claims beside each other, as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker.filters import moment, said
from tracker.i18n import _, lang
from tracker.matrix.definitions import current_definition
from tracker.registrations.queries.sides import Beside


class Compared(NamedTuple):
    """A row: what it is, what each side says, whether somebody typed that, and whether both say the same."""

    label: str
    one: str
    other: str
    typed: bool
    same: bool


def compared(one: Beside, other: Beside) -> list[Compared]:
    """What both say, in the order of the form; then what both claim and what one of them alone."""
    definition = current_definition()
    names = {window.category: said(window.name) for window in definition.windows}
    kinds = {item.key: said(item.name) for item in definition.picklist("project_types").items}
    comma = "、" if lang() == "zh" else ", "

    def row(label: str, mine: str | None, theirs: str | None, typed: bool = False) -> Compared:
        return Compared(label, mine or "–", theirs or "–", typed, bool(mine) and mine == theirs)

    def step(key: str) -> str:
        return said(definition.step(key).name) if key in definition.step_index else ""

    def place(at: tuple[float, float] | None) -> str:
        return f"{at[0]:.5f}, {at[1]:.5f}" if at else ""

    def materials(keys: Sequence[str]) -> str:
        return comma.join(names.get(key, key) for key in keys)

    both = one.common(other)
    meet = " · ".join(text for text in (materials(both[0]), comma.join(both[1])) if text) if both else ""
    alone = row(_("Claimed by this side alone"), materials(one.alone(other)), materials(other.alone(one)))
    return [
        row(_("Site"), one.name, other.name, True),
        row(_("On record since"), moment(one.since), moment(other.since)),
        row(_("Address"), one.address, other.address, True),
        row(_("Place"), place(one.place), place(other.place)),
        row(_("Plot number"), one.plot_number, other.plot_number, True),
        row(_("Developer"), one.developer, other.developer, True),
        row(_("What is being built"), kinds.get(one.kind or ""), kinds.get(other.kind or "")),
        row(_("What stands there"), step(one.step), step(other.step)),
        row(_("Materials"), materials(one.categories), materials(other.categories)),
        row(_("Buildings"), comma.join(one.buildings) or _("all"), comma.join(other.buildings) or _("all"), True),
        *([] if alone.one == alone.other else [alone]),
        Compared(_("Both claim"), meet or _("nothing of the same"), "", bool(meet), True),
    ]

"""A dealer's registration beside what is known of its site: the one word he reads, how many he may have open, by when
he is answered, and which of two sides a conflict belongs to.

Source: picklists.dealer_registration of the definition (rules answer_time and update, arbitration_order).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from workflows.calendar import add_working_days
from workflows.holidays import load_china
from workflows.text import Text

ANSWER_DAYS = 2  # working days
USUAL_QUOTA, LEAST_QUOTA, MOST_QUOTA = 10, 3, 30
EVIDENCE_DAYS = 2  # working days for both sides to hand in; the ruling is due on the third
STRENGTHS: dict[str, int] = {"wish": 3, "decision_maker": 3, "designer": 2, "information": 1}
"""How much evidence proves, by its kind: `wish` is the customer's written choice of who supplies."""
DECIDED_ABOVE = "manager_decides"
FREE, TAKEN, LOOK = "free", "taken", "look"


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a site is claimed: buildings by their names (none: all of them) and material categories."""

    categories: frozenset[str] = frozenset()
    buildings: frozenset[str] = frozenset()

    def overlaps(self, other: Scope) -> bool:
        """Whether both claim something of the same: an unnamed part is the whole."""
        return _meet(self.categories, other.categories) and _meet(self.buildings, other.buildings)


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


@dataclass(frozen=True, slots=True)
class Rival:
    """Something known on a like site: whether it is certainly the same one, and whether it may stand in the way."""

    certain: bool
    scope: Scope = field(default_factory=Scope)
    standing: bool = True


def word(scope: Scope, rivals: Iterable[Rival], framed: bool = False) -> str:
    """free, taken or look. `framed`: a frame agreement with the owner covers what is claimed."""
    inside = [rival for rival in rivals if rival.standing and rival.scope.overlaps(scope)]
    if any(rival.certain for rival in inside):
        return TAKEN
    return LOOK if inside or framed else FREE


def quota(converted: int, unconverted: int) -> int:
    """How many registrations a dealer may have open: fewer for those that led to nothing, more for those that did."""
    return max(LEAST_QUOTA, min(MOST_QUOTA, USUAL_QUOTA + 2 * converted - unconverted))


def answer_due(submitted_on: date) -> date:
    """The last day for our answer."""
    return add_working_days(submitted_on, ANSWER_DAYS, load_china())


def evidence_due(opened_on: date) -> date:
    """The last day for both sides of a conflict to hand in what proves their claim."""
    return add_working_days(opened_on, EVIDENCE_DAYS, load_china())


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict. `framed`: a frame agreement makes it the key accounts'; `wished`: the customer chose it
    in writing; `since`: the day of its registration or opening; `flawed`: it was not valid then; `evidence`: kinds."""

    framed: bool = False
    wished: bool = False
    since: date | None = None
    flawed: bool = False
    evidence: tuple[str, ...] = ()

    @property
    def strength(self) -> int:
        """How strong the best of its evidence is; 0 without any."""
        return max((STRENGTHS.get(kind, 0) for kind in self.evidence), default=0)


@dataclass(frozen=True, slots=True)
class Step:
    """What one order of the arbitration says: `winner` is registration or other, '' where it does not decide."""

    key: str
    winner: str
    why: Text


def weigh(registration: Side, other: Side) -> Sequence[Step]:
    """The orders of the arbitration one after the other, up to and including the one that decides."""
    found: list[Step] = []
    for look in (_frame, _wish, _first, _strength):
        found.append(look(registration, other))
        if found[-1].winner:
            return found
    above = Text("前四条不能决定，由营销总经理裁定。", "The four orders before do not decide: the director does.")
    return [*found, Step(DECIDED_ABOVE, "", above)]


def _either(registration: bool, other: bool) -> str:
    return "" if registration == other else "registration" if registration else "other"


def _frame(registration: Side, other: Side) -> Step:
    winner = _either(registration.framed, other.framed)
    why = (
        Text("属战略客户框架协议范围。", "It is inside a strategic customer's frame agreement.")
        if winner
        else Text("没有框架协议覆盖此范围。", "No frame agreement covers this.")
    )
    return Step("strategic_frame", winner, why)


def _wish(registration: Side, other: Side) -> Step:
    winner = _either(registration.wished, other.wished)
    if winner:
        why = Text("客户书面指定了供货主体。", "The customer chose the supplier in writing.")
    elif registration.wished:
        why = Text("双方都有客户书面指定，互相矛盾。", "Both hand in a written choice of the customer.")
    else:
        why = Text("没有客户的书面指定。", "There is no written choice of the customer.")
    return Step("customer_wish", winner, why)


def _first(registration: Side, other: Side) -> Step:
    one, two = (side.since if not side.flawed else None for side in (registration, other))
    winner = _either(one is not None and (two is None or one < two), two is not None and (one is None or two < one))
    if winner:
        day = min(since for since in (one, two) if since is not None)
        why = Text(f"先登记且有效：{day}。", f"It was validly on record first, on {day}.")
    elif one is not None:
        why = Text(f"双方同日登记：{one}。", f"Both were on record on the same day, {one}.")
    else:
        why = Text("双方当时都有瑕疵。", "Neither was valid at the time.")
    return Step("valid_first", winner, why)


def _strength(registration: Side, other: Side) -> Step:
    one, two = registration.strength, other.strength
    winner = _either(one > two, two > one)
    why = (
        Text(
            "证据更强：决策者认可大于设计认可大于信息。",
            "Stronger evidence: decision maker over designer over information.",
        )
        if winner
        else Text("双方证据强度相当。", "The evidence of both is equally strong.")
    )
    return Step("evidence_strength", winner, why)

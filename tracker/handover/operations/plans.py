"""What somebody decided about another's things before they are handed over, and what came in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.errors import Refused
from tracker.handover.models import Handing
from tracker.i18n import _l
from tracker.team.models import User

NOBODY = _l("Choose who takes it, or who takes all the rest.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A project or lead as it was when it was looked at, and who shall have it (None: whoever takes the rest).

    `note` is about this one alone; `introduced`: both met or called the decision maker together.
    """

    thing_id: int
    version: int
    owner_id: int | None = None
    note: str = ""
    introduced: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Who gets what. `leaves`: he leaves the company, so all he has goes, what nobody chose for to `successor_id`.

    Without `leaves` only what somebody was chosen for goes. `ends_memberships`: his places in others' teams and on
    shared leads are not passed on. `keeps_reading`: who stays goes on seeing the leads that he gave.
    """

    reason: str
    note: str = ""
    leaves: bool = True
    successor_id: int | None = None
    ends_memberships: bool = False
    keeps_reading: bool = False
    projects: Sequence[Choice] = ()
    leads: Sequence[Choice] = ()

    @property
    def people(self) -> set[int]:
        """The numbers of all successors."""
        chosen = {one.owner_id for one in (*self.projects, *self.leads)} | {self.successor_id}
        return {number for number in chosen if number}


class NotHandedOver(Refused):
    """Nothing was handed over: `refused` names what stands in the way, each with the reason."""

    def __init__(self, refused: Sequence[tuple[str, Any]]) -> None:
        super().__init__(_l("Nothing was handed over yet: look at what is named here, then send it again."))
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Going:
    """What the parts of one handing over know of it: whose things go, by whom, how, to whom.

    `owners` are all possible successors by number; `given` collects who got which project and lead.
    """

    person: User
    by: User
    plan: Plan
    handing: Handing
    owners: Mapping[int, User]
    projects: dict[int, User] = field(default_factory=dict)
    leads: dict[int, User] = field(default_factory=dict)

    @property
    def successor(self) -> User | None:
        """Who takes all the rest."""
        return self.owners.get(self.plan.successor_id or 0)

    @property
    def told(self) -> dict[str, Any]:
        """What every event of it tells."""
        return {"handing_id": self.handing.id, "reason": self.handing.reason}

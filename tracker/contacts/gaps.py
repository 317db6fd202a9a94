"""What a project's circle lacks, in words: roles nobody fills, people nobody met, what the phase's exit still asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.contacts.queries.circle import Member
from tracker.i18n import _, _n
from workflows.definition import Definition

DECIDER, INFLUENCER, COACH = "decision_maker", "influencer", "coach"
FRIENDLY = frozenset({"champion", "supportive"})
USUAL = 30  # days within which somebody who was met counts as covered
AGAINST = frozenset({"skeptical", "opposed"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence about what is lacking; `grave`: the project cannot well be won like this; `name`: of whom."""

    text: Any
    grave: bool = False
    name: str = ""


def vacancies(definition: Definition, members: Sequence[Member]) -> list[str]:
    """The roles of the decision that nobody fills, as far as we know: who left his firm fills none."""
    filled = {member.role for member in members if member.gone_on is None}
    return [key for key in definition.picklist("relationship_roles").keys if key not in filled]


def gaps(definition: Definition, members: Sequence[Member], today: date, days: int, language: str) -> list[Gap]:
    """What the circle lacks, the gravest first."""
    roles = {one.key: str(one.name.get(language)) for one in definition.picklist("relationship_roles").items}
    here = [member for member in members if member.gone_on is None]
    found = [*_left(roles, members), *_deciders(roles, here), *_roles(definition, roles, members)]
    friends = [one for one in here if one.role == COACH or (one.role == INFLUENCER and one.attitude in FRIENDLY)]
    if COACH in roles and not friends:
        found.append(Gap(_("There is neither a coach nor an influencer on our side.")))
    away = [member for member in here if not member.covered(today, days)]
    if away:
        found.append(Gap(_n("%(num)d of them was not met within %(days)s days.",
                            "%(num)d of them were not met within %(days)s days.", len(away), days=days)))  # fmt: skip
    return sorted(found, key=lambda gap: not gap.grave)


def _left(roles: dict[str, str], members: Sequence[Member]) -> list[Gap]:
    """Who is at his firm no more, and whose part somebody else must have by now."""
    return [
        Gap(
            _(
                "(%(role)s) has left his firm: find out who took his place.",
                role=roles.get(member.role or "", _("no role yet")),
            ),
            grave=member.role == DECIDER,
            name=member.name,
        )  # fmt: skip
        for member in members
        if member.gone_on is not None
    ]


def _deciders(roles: dict[str, str], members: Sequence[Member]) -> list[Gap]:
    deciders = [member for member in members if member.role == DECIDER]
    if DECIDER not in roles:
        return []
    if not deciders:
        return [Gap(_("Nobody is known who decides."), grave=True)]
    found = []
    if not any(member.met_on for member in deciders):
        found.append(Gap(_("Nobody met who decides."), grave=True))
    if any(member.attitude in AGAINST for member in deciders):
        found.append(Gap(_("Who decides is sceptical of us or against us."), grave=True))
    return found


def _roles(definition: Definition, roles: dict[str, str], members: Sequence[Member]) -> list[Gap]:
    lacking = vacancies(definition, members)
    if not lacking:
        return []
    names = _(", ").join(roles[key] for key in lacking)
    filled, wanted = len(roles) - len(lacking), len(roles) - 1  # all but one, as the phase of mapping asks
    text = _(
        "%(filled)s of %(all)s roles are filled. Nobody yet: %(names)s.", filled=filled, all=len(roles), names=names
    )
    return [Gap(text, grave=filled < wanted)]

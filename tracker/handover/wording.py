"""How much went, in words: `Handing.counts` says it by the names of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tracker.i18n import _, _n

_WORDS: dict[str, Callable[[int], str]] = {
    "project.owner_id": lambda n: _n("%(num)d project", "%(num)d projects", n),
    "lead.owner_id": lambda n: _n("%(num)d lead", "%(num)d leads", n),
    "project_member.user_id": lambda n: _n("%(num)d place in a team", "%(num)d places in teams", n),
    "lead_member.user_id": lambda n: _n("%(num)d shared lead", "%(num)d shared leads", n),
    "approval.asked_by_id": lambda n: _n("%(num)d open request", "%(num)d open requests", n),
    "site_request.by_id": lambda n: _n("%(num)d request about a known site", "%(num)d requests about known sites", n),
    "key_account.owner_id": lambda n: _n("%(num)d key account", "%(num)d key accounts", n),
    "account_action.user_id": lambda n: _n("%(num)d action for key accounts", "%(num)d actions for key accounts", n),
    "dealer.keeper_id": lambda n: _n("%(num)d dealer looked after", "%(num)d dealers looked after", n),
    "todo.owner_id": lambda n: _n("%(num)d to-do", "%(num)d to-dos", n),
    "territory.user_id": lambda n: _n("%(num)d territory", "%(num)d territories", n),
    "assignment_rule.user_id": lambda n: _n("%(num)d rule for new leads", "%(num)d rules for new leads", n),
    "absence.stand_in_id": lambda n: _n("%(num)d absence to stand in for", "%(num)d absences to stand in for", n),
    "team.supervisor_id": lambda n: _n("%(num)d team he led", "%(num)d teams he led", n),
}
"""What is counted in words of its own; all else comes together as further things."""
SILENT = ("lead_claim.user_id",)  # a claim is a lead, which is counted


def counted(counts: Mapping[str, int]) -> str:
    """All of it in one line."""
    said = [words(counts[name]) for name, words in _WORDS.items() if counts.get(name)]
    further = sum(number for name, number in counts.items() if name not in (*_WORDS, *SILENT))
    if further:
        said.append(_n("%(num)d further thing", "%(num)d further things", further))
    return _(", ").join(said) if said else _("nothing")

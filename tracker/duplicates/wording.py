"""The words for how alike things are: how sure, and why."""

from __future__ import annotations

from typing import Any

from tracker.i18n import _, _l, lang
from tracker.matching.likeness import Likeness, Reason
from tracker.matrix.definitions import current_definition

SURE: dict[str, Any] = {"certain": _l("certain"), "likely": _l("likely"), "possible": _l("possible")}
KINDS: dict[str, Any] = {
    "plot": _l("same plot number"),
    "place": _l("close by"),
    "name": _l("name alike"),
    "alias": _l("another name alike"),
    "address": _l("same address"),
    "firm": _l("same developer"),
    "phone": _l("same phone"),
    "kind": _l("same kind of building"),
    "email": _l("same mail address"),
    "code": _l("same licence number"),
    "other_plot": _l("another plot number"),
    "far": _l("far away"),
    "number": _l("another number in the name"),
    "other_name": _l("another name"),
    "other_address": _l("another address"),
    "other_phone": _l("another phone"),
    "other_kind": _l("another kind of building"),
    "other_firm": _l("another developer"),
    "other_region": _l("another region"),
    "other_code": _l("another credit code"),
}
"""What each kind of reason says; those against begin with another."""
FIRM_KINDS = {**KINDS, "firm": _l("same firm"), "other_firm": _l("another firm")}


def sentence_of(likeness: Likeness) -> str:
    """Why something is a duplicate, as kinds of likeness alone."""
    kinds = dict.fromkeys(reason.kind for reason in likeness.reasons if reason.strength > 0)
    return _("On record already: %(why)s", why=", ".join(str(KINDS.get(kind, kind)) for kind in kinds))


class Words:
    """What templates ask: the words for a level, for a kind of reason, for a reason with its distance, and for how a
    registration stands."""

    def sure(self, level: str) -> str:
        """How sure."""
        return str(SURE[level])

    def kind(self, kind: str) -> str:
        """A reason without any value."""
        return str(KINDS.get(kind, kind))

    def claim_state(self, key: str) -> str:
        """The state of a dealer's registration."""
        states = current_definition().picklist("dealer_registration")
        return states.get(key).name.get(lang()) if key in states.keys else key

    def reason(self, reason: Reason, of: str = "lead") -> str:
        """A reason as its viewer may know it whole."""
        if reason.metres is not None:
            return _("%(n)s m away", n=reason.metres)
        kinds = KINDS if of in ("lead", "project") else FIRM_KINDS
        return str(kinds.get(reason.kind, reason.kind))


WORDS = Words()

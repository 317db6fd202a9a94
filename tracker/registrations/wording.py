"""What the things of registrations are called."""

from __future__ import annotations

from typing import Any

from tracker.i18n import _l
from tracker.registrations.operations.handing_in import ASKED_FOR

STATE_TAGS: dict[str, str] = {
    "draft": "plain", "submitted": "info", "in_check": "info", "returned": "warn", "withdrawn": "plain",
    "provisional": "good", "pre_registered": "good", "registered": "good", "renewed": "good", "in_conflict": "warn",
    "expired": "plain", "rejected": "bad", "converted": "good",
}  # fmt: skip
WORD_NAMES: dict[str, Any] = {
    "free": _l("free"),
    "taken": _l("likely taken"),
    "look": _l("must be looked at"),
}
WORD_TAGS = {"free": "good", "taken": "bad", "look": "warn"}
NEXT_STEPS: dict[str, Any] = {
    "draft": _l("Complete it and hand it in."),
    "submitted": _l("We answer by the day shown. If we are late, you are protected for the time being."),
    "in_check": _l("Our people look at the site and answer by the day shown."),
    "returned": _l("Answer the questions, then hand it in again."),
    "withdrawn": _l("You gave it up."),
    "provisional": _l("Our answer is late: you are protected until then."),
    "pre_registered": _l("Report progress with proof before the day shown, or the protection lapses."),
    "registered": _l("Report progress with proof before the day shown, or the protection lapses."),
    "renewed": _l("It was renewed, the only time. Report progress with proof."),
    "in_conflict": _l("It is contested. Hand in your evidence by the day shown."),
    "expired": _l("The protection is over. With new evidence you may ask once for a renewal."),
    "rejected": _l("It was not approved; the reason stands above."),
    "converted": _l("It led to a contract. Congratulations."),
}
DEED_NAMES: dict[str, Any] = {
    "submitted": _l("handed in"),
    "recalled": _l("taken back"),
    "withdrawn": _l("given up"),
    "returned": _l("returned with questions"),
    "rejected": _l("rejected"),
    "approved": _l("approved"),
    "formal": _l("made formal"),
    "renewed": _l("renewed"),
    "converted": _l("led to a contract"),
    "lapsed": _l("lapsed"),
    "narrowed": _l("a window closed"),
    "provisional": _l("protected for the time being"),
    "progress": _l("progress handed in"),
    "in_conflict": _l("contested"),
    "evidence": _l("evidence handed in"),
    "ruled": _l("ruled on"),
    "appealed": _l("appealed"),
}
LEVEL_NAMES: dict[str, Any] = {"pre_registered": _l("Pre-registered"), "registered": _l("Registered, with proof")}
PROOF_NAMES: dict[str, Any] = {
    "wish": _l("the customer chose the supplier in writing"),
    "decision_maker": _l("who decides agrees"),
    "designer": _l("the designer agrees"),
    "information": _l("information about the site"),
}
FACT_NAMES: dict[str, Any] = {
    **DEED_NAMES,
    **PROOF_NAMES,
    **ASKED_FOR,
    "opened": _l("project opened"),
    "photo": _l("photos of the site"),
    "claim": _l("papers of the registration"),
    "request": _l("asked for something"),
    "reply": _l("our answer"),
    "document": _l("a paper of the project"),
}
MISSING_NAMES: dict[str, Any] = {
    "address": _l("address"),
    "located_photo": _l("a photo that knows its place"),
    "developer": _l("developer"),
    "categories": _l("materials"),
    "quantity": _l("expected quantity"),
}
ABOUT_NAMES: dict[str, Any] = {
    "price": _l("a project's price used elsewhere"),
    "goods": _l("a project's goods sold elsewhere"),
    "site": _l("a site that is not there"),
}
VERDICT_NAMES: dict[str, Any] = {"open": _l("waits"), "upheld": _l("upheld"), "dismissed": _l("dismissed")}
VERDICT_TAGS = {"open": "warn", "upheld": "bad", "dismissed": "plain"}
OUTCOME_NAMES: dict[str, Any] = {
    "kept": _l("it is yours"),
    "split": _l("it is split"),
    "lost": _l("it goes to the other side"),
}
CONFLICT_NAMES: dict[str, Any] = {
    "open": _l("evidence and ruling awaited"),
    "ruled": _l("ruled"),
    "appealed": _l("appealed, with the director"),
    "final": _l("ruled for good"),
}
WINNER_NAMES: dict[str, Any] = {
    "registration": _l("the registration"),
    "other": _l("the other side"),
    "split": _l("both, split"),
}

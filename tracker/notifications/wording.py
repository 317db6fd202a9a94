"""What kinds of due things are called, their icons, and the page each leads to."""

from __future__ import annotations

from typing import Any

from tracker.addresses import url_for
from tracker.i18n import _l, lang
from tracker.notifications.models import DueThing

KINDS: dict[str, tuple[str, Any]] = {
    "silence": ("clock", _l("Silence")),
    "unchanged": ("building", _l("Progress unchanged")),
    "window": ("radar", _l("Window closing")),
    "task": ("flag", _l("Late task")),
    "own_task": ("flag", _l("Late task")),
    "stranded": ("warning", _l("Stranded")),
    "review": ("calendar", _l("Review")),
    "registration": ("link", _l("Registration")),
    "claim_news": ("link", _l("Registration")),
    "conflict": ("approvals", _l("Conflict")),
    "complaint_news": ("flag", _l("Complaint")),
    "promise": ("check", _l("Promise")),
    "lead_answer": ("leads", _l("Answer")),
    "lead_review": ("calendar", _l("Review")),
    "lead_rescore": ("sort", _l("Score again")),
    "lead_verify": ("camera", _l("Evidence missing")),
    "lead_nurtured": ("clock", _l("Nurtured")),
    "lead_decide": ("approvals", _l("Supervisor decides")),
    "agreement_ends": ("document", _l("Frame agreement")),
    "account_action": ("flag", _l("To do")),
    "lead_news": ("leads", _l("Lead")),
    "dealer_report": ("document", _l("Purchase, sale, stock")),
    "dealer_paper": ("document", _l("Paper expires")),
    "dealer_contract": ("calendar", _l("Contract ends")),
    "dealer_judging": ("sort", _l("Evaluation")),
    "dealer_end": ("approvals", _l("Contract")),
    "dealer_news": ("info", _l("Dealer")),
    "handover": ("user", _l("Handover")),
    "reward_papers": ("document", _l("Papers owed")),
    "annotation": ("edit", _l("Annotation")),
    "reward_open": ("calendar", _l("Given?")),
    "plan_news": ("calendar", _l("Plan")),
    "todo": ("check", _l("To do")),
    "todo_news": ("check", _l("To do")),
}
"""(icon, word) of each kind, as the engine's clocks of projects, leads, accounts and dealers name them."""
GROUP_WORDS: dict[str, Any] = {
    "sites": _l("Sites: silence, windows, tasks, reviews"),
    "leads": _l("Leads"),
    "plans": _l("Plans with others"),
    "todos": _l("To-dos"),
    "accounts": _l("Key accounts"),
    "dealers": _l("Dealers"),
    "registrations": _l("Registrations and conflicts"),
    "annotations": _l("Annotations and answers to mine"),
    "others": _l("Handovers, invitations and rewards"),
}
"""What the groups of kinds (`holding.GROUPS`) are called."""
IN_CELL = ("silence", "window", "task", "own_task")


def icon_of(thing: DueThing) -> str:
    """The name of its icon."""
    return KINDS.get(thing.kind, ("info", ""))[0]


def word_of(thing: DueThing) -> str:
    """What its kind is called."""
    return str(KINDS.get(thing.kind, ("", thing.kind))[1])


def said(thing: DueThing) -> str:
    """Its sentence in the reader's language."""
    return thing.zh if lang() == "zh" else thing.en


def address_of(thing: DueThing) -> str:
    """Where something can be done about it: its cell, the project, the lead, the account or its plan, the dealer."""
    if thing.account_id is not None:
        page = "accounts.plan" if thing.kind == "account_action" else "accounts.page"
        return url_for(page, account_id=thing.account_id)
    if thing.kind == "complaint_news":
        own = thing.audience == "dealer"
        return url_for("registrations.mine_complaints" if own else "registrations.complaints_page")
    if thing.dealer_id is not None:
        own = thing.audience == "dealer"
        return url_for("dealers.mine") if own else url_for("dealers.page", dealer_id=thing.dealer_id)
    if thing.registration_id is not None:
        page = "registrations.mine_page" if thing.audience == "dealer" else "registrations.page"
        return url_for(page, registration_id=thing.registration_id)
    if thing.annotation_id is not None:
        return url_for("annotations.page", annotation_id=thing.annotation_id)
    if thing.reward_id is not None:
        return url_for("rewards.page", reward_id=thing.reward_id)
    if thing.todo_id is not None:
        return url_for("todos.page", todo_id=thing.todo_id)
    if thing.kind == "plan_news":
        return url_for("calendar.page", on=thing.due_on)
    if thing.kind == "handover":
        return url_for("handover.mine")
    if thing.lead_id is not None:
        return url_for("leads.page", lead_id=thing.lead_id)
    if thing.kind in IN_CELL:
        return url_for("matrix.cell", project_id=thing.project_id, phase=thing.phase, step=thing.step)
    return url_for("matrix.project", project_id=thing.project_id)

"""Wishes, parts, states and circumstances in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.access.signing import PART_NAMES
from tracker.i18n import _, lang
from workflows.definition import Definition
from workflows.engine import (
    AcceptPayment,
    ChangeRoute,
    Close,
    GiveBenefit,
    HandOver,
    LogRecord,
    MarkLost,
    MovePhase,
    MoveStep,
    OpenProject,
    PlaceOrder,
    Revive,
    SendQuote,
    Wish,
)
from workflows.rewards import reward_kinds


def wish_in_words(definition: Definition, wish: Wish) -> str:
    """What somebody asks to be allowed."""
    language = lang()
    match wish:
        case MovePhase():
            return _("Move to %(phase)s", phase=definition.phase(wish.to).name.get(language))
        case MoveStep():
            return _("Set the construction progress to %(step)s", step=definition.step(wish.to).name.get(language))
        case OpenProject():
            return _("Open in %(cell)s", cell=definition.cell_name(wish.phase, wish.step).get(language))
        case LogRecord(small_lot=True):
            return _("Send a small lot before the contract")
        case LogRecord():
            return _("Log in %(cell)s", cell=definition.cell_name(wish.phase, wish.step).get(language))
        case MarkLost(category=str(key)):
            return _("Mark %(category)s as lost", category=definition.window(key).name.get(language))
        case MarkLost():
            return _("Mark the project as lost")
        case Revive(category=str(key)):
            return _("Revive %(category)s", category=definition.window(key).name.get(language))
        case Revive():
            return _("Revive the project")
        case ChangeRoute():
            return _("Change how they buy to %(route)s", route=definition.route(wish.to).name.get(language))
        case HandOver():
            return _("Hand the project over")
        case Close():
            return _("Close the project")
        case PlaceOrder():
            return _("Order production") if wish.kind == "production" else _("Order dispatch")
        case SendQuote():
            return _("Send a quote")
        case GiveBenefit():
            kinds = {kind.key: kind.name.get(language) for kind in reward_kinds(definition)}
            return _("Give: %(kind)s", kind=kinds.get(wish.kind, wish.kind))
        case AcceptPayment():
            return _("Accept a payment that is no cash")
    return type(wish).__name__


def part_name(definition: Definition, part: str) -> str:
    """The name of a part whose consent is asked for: a post, or a department."""
    if part in PART_NAMES:
        return str(PART_NAMES[part])
    return next((d.name.get(lang()) for d in definition.departments if d.key == part), part)


def parts_in_words(definition: Definition, parts: Sequence[str]) -> str:
    """'supervisor and Finance', '主管和财务部'."""
    *others, last = [part_name(definition, part) for part in parts]
    return _("%(first)s and %(last)s", first=_(", ").join(others), last=last) if others else last


def state_name(state: str) -> str:
    """The word for a project's state."""
    return {
        "active": _("active"),
        "on_hold_arbitration": _("on hold: arbitration"),
        "suspended": _("suspended"),
        "won": _("won"),
        "lost": _("lost"),
        "closed": _("closed"),
        "partial_loss": _("partly lost"),
    }.get(state, state)


def circumstance_name(key: str) -> str:
    """The word for something that lasts until it is lifted."""
    return {
        "overdue": _("money overdue"),
        "credit_exceeded": _("credit limit exceeded"),
        "complaint": _("open complaint"),
        "account_unpaid": _("account unpaid"),
        "retention_unpaid": _("retention outstanding"),
    }.get(key, key)

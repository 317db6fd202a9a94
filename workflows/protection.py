"""A dealer's registration as its pick-list has it: how long it protects, and whether it may be renewed.

Source: picklists.dealer_registration of the definition (states, rules update and renewal).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workflows.calendar import add_days
from workflows.definition import Definition
from workflows.facts import RegistrationFacts

RENEWED = "renewed"
MOST_RENEWALS = 1


def put(definition: Definition, registration: RegistrationFacts, state: str, on: date) -> RegistrationFacts:
    """The registration in another state from a day on: what protects counts its days from that day.

    A state that protects nobody leaves the dates as they were. Raises `UnknownKey` for an unknown state, ValueError
    for a second renewal.
    """
    known = definition.picklist("dealer_registration").get(state).extra
    if state == RENEWED and not may_be_renewed(registration):
        raise ValueError("a registration is renewed once")
    days = known.get("protection_days")
    if days is None:
        return replace(registration, state=state)
    return replace(
        registration,
        state=state,
        protected_to=add_days(on, int(days)),
        progress_on=on,
        progress_days=known.get("progress_days"),
        renewals=registration.renewals + (state == RENEWED),
    )


def may_be_renewed(registration: RegistrationFacts) -> bool:
    """True while it was not renewed yet; new evidence and an open window are for dealer management to see."""
    return registration.renewals < MOST_RENEWALS


def progressed(registration: RegistrationFacts, on: date) -> RegistrationFacts:
    """The registration after evidenced progress on a day; older progress changes nothing."""
    latest = on if registration.progress_on is None else max(on, registration.progress_on)
    return replace(registration, progress_on=latest)

"""What the keys of accounts are called: steps, signs, markets, states, price bases, goals."""

from __future__ import annotations

from typing import Any

from tracker.i18n import _l

STEPS: dict[str, Any] = {
    "prospect": _l("Prospect"),
    "purchaser": _l("Purchaser"),
    "client": _l("Client"),
    "supporter": _l("Supporter"),
    "advocate": _l("Advocate"),
    "partner": _l("Partner"),
}
STEP_MEANINGS: dict[str, Any] = {
    "prospect": _l("has bought nothing from us yet"),
    "purchaser": _l("has bought once"),
    "client": _l("buys again"),
    "supporter": _l("lets us use it as a reference"),
    "advocate": _l("recommends us unasked"),
    "partner": _l("plans and develops with us"),
}
SIGNS: dict[str, Any] = {
    "reference": _l("Reference given"),
    "introduction": _l("Introduction made"),
    "recommendation": _l("Recommended us unasked"),
    "joint_development": _l("Developed something together"),
    "praise": _l("Praise"),
    "complaint": _l("Serious complaint"),
    "dispute": _l("Dispute"),
    "rival_preferred": _l("Rival preferred"),
    "person_left": _l("Our supporter left"),
}
MARKETS: dict[str, Any] = {
    "customer": _l("Customer"),
    "suppliers": _l("Suppliers and alliances"),
    "referrers": _l("Referrers"),
    "influencers": _l("Influencers"),
    "recruits": _l("Recruits"),
    "internal": _l("Internal"),
}
MARKET_MEANINGS: dict[str, Any] = {
    "customer": _l("who decides, buys and uses there"),
    "suppliers": _l("whom we need to deliver: materials, logistics, partner makers"),
    "referrers": _l("who speaks for us: satisfied customers, designers, dealers"),
    "influencers": _l("who shapes the decision from outside: consultants, authorities, associations, press"),
    "recruits": _l("whom we want to win for our own team"),
    "internal": _l("who of ours must stand behind the account"),
}
RELATIONS: dict[str, Any] = {
    "none": _l("no contact"),
    "cold": _l("cold"),
    "growing": _l("growing"),
    "strong": _l("strong"),
}
RELATION_KINDS = {"none": "bad", "cold": "warn", "growing": "info", "strong": "good"}
BASES: dict[str, Any] = {
    "fixed": _l("fixed prices"),
    "discount": _l("discount on the price list"),
    "index": _l("bound to an index"),
    "ceiling": _l("ceiling prices"),
    "project": _l("agreed for each project"),
}
AGREEMENT_STATES: dict[str, Any] = {
    "coming": _l("not in force yet"),
    "valid": _l("in force"),
    "expiring": _l("ends within 90 days"),
    "expired": _l("expired"),
    "ended": _l("ended early"),
}
AGREEMENT_KINDS = {
    "coming": "info",
    "valid": "good",
    "expiring": "warn",
    "expired": "plain",
    "ended": "plain",
}
UNKNOWN_NUMBER = _l("no agreement has this number")
OF_OTHERS = _l("it is an agreement with another customer, of whom no firm takes part here")
GOALS: dict[str, Any] = {
    "value": _l("Value"),
    "category": _l("Value of a category"),
    "step": _l("Step of the ladder"),
    "person": _l("Person to win"),
}
ACTIONS: dict[str, Any] = {"meeting": _l("Meeting"), "action": _l("To do")}


def agreement_tag(state: str) -> tuple[str, str]:
    """The word and the kind of badge of an agreement's state."""
    return str(AGREEMENT_STATES[state]), AGREEMENT_KINDS[state]

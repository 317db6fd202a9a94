"""The columns of the lists of who is who, who gets which leads, and of the published matrices."""

from __future__ import annotations

from typing import Any

from tracker.exports.columns import Column, Listing, Words, chosen, made, moment, plain, said
from tracker.i18n import _, _l, lang
from tracker.sheets.writing import FIGURE, LONG, MONEY, NAME, PLACE
from tracker.team.forms import SCOPE_WORDS, what_it_may

PEOPLE = Listing(
    "people",
    _l("People"),
    (
        Column(_l("Full name"), plain("name")),
        Column(_l("User name"), plain("username")),
        Column(_l("Role"), made(lambda person, _words: person.role.name(lang()))),
        Column(_l("Department"), said("department", Words.department)),
        Column(_l("Team"), made(lambda person, _words: person.team.name if person.team else "")),
        Column(_l("Phone"), plain("phone")),
        Column(_l("E-mail"), plain("email"), NAME),
        Column(_l("Account"), said("active", lambda _words, active: _("on") if active else _("off"))),
    ),
)
TEAMS = Listing(
    "teams",
    _l("Teams"),
    (
        Column(_l("Team"), plain("name"), NAME),
        Column(_l("Under"), plain("under"), NAME),
        Column(_l("Region"), plain("region")),
        Column(_l("Supervisor"), plain("supervisor")),
        Column(_l("The team works"), said("active", lambda _words, active: _("yes") if active else _("no"))),
    ),
)
REGIONS = Listing("regions", _l("Regions"), (Column(_l("Region"), plain("name"), NAME),))


def _capabilities(role: Any, _words: Words) -> str:
    return str(_(", ").join(str(words) for words in what_it_may(role)))


ROLES = Listing(
    "roles",
    _l("Roles"),
    (
        Column(_l("Role"), made(lambda role, _words: role.name(lang())), NAME),
        Column(_l("Sees"), said("scope", lambda _words, scope: str(SCOPE_WORDS[scope])), NAME),
        Column(_l("May"), made(_capabilities), LONG),
    ),
)
TERRITORIES = Listing(
    "territories",
    _l("Territories"),
    (
        Column(_l("Name"), plain("name"), NAME),
        Column(_l("Team"), plain("team.name"), NAME),
        Column(_l("Person"), made(lambda row, _words: row.user.name if row.user else "")),
        Column(_l("Region"), made(lambda row, _words: row.region.name if row.region else "")),
        Column(_l("District (a word of the address)"), plain("district")),
        Column(_l("Latitude"), plain("latitude"), PLACE),
        Column(_l("Longitude"), plain("longitude"), PLACE),
        Column(_l("Distance (km)"), plain("radius_km"), FIGURE),
    ),
)


def _goes_to(_words: Words, to: Any) -> str:
    return {
        "person": _("a person"),
        "turns": _("a team, one after the other"),
        "fittest": _("whoever in a team fits best"),
    }.get(to, _("the pool of a team"))


RULES = Listing(
    "assignment_rules",
    _l("Rules for new leads"),
    (
        Column(_l("Order"), plain("seq"), FIGURE),
        Column(_l("Leads of the team"), made(lambda rule, _words: rule.team.name if rule.team else _("all leads"))),
        Column(_l("Region"), made(lambda rule, _words: rule.region.name if rule.region else "")),
        Column(_l("Source"), chosen("source", "lead_sources")),
        Column(_l("What is being built"), chosen("kind", "project_types")),
        Column(_l("Value at least"), plain("least_value"), MONEY),
        Column(_l("Goes to"), said("to", _goes_to), NAME),
        Column(_l("Person"), made(lambda rule, _words: rule.user.name if rule.user else "")),
        Column(_l("Team"), made(lambda rule, _words: rule.to_team.name if rule.to_team else "")),
    ),
)


def _publisher(line: Any, _words: Words) -> str:
    return line.by.name if line.by else str(_("came with the product or by the command line"))


VERSIONS = Listing(
    "matrix_versions",
    _l("Matrix"),
    (
        Column(_l("Matrix"), plain("key")),
        Column(_l("Version"), plain("version"), FIGURE),
        moment(_l("Published"), "published_at"),
        Column(_l("By whom"), made(_publisher), NAME),
        Column(_l("Why"), made(lambda line, _words: line.publication.reason if line.publication else ""), LONG),
        Column(_l("Open projects"), plain("live"), FIGURE),
        Column(_l("All projects"), plain("projects"), FIGURE),
    ),
)

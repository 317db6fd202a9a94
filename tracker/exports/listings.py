"""The columns of the lists of sites and firms. Their heads are words that an import understands again."""

from __future__ import annotations

from typing import Any

from tracker.documents.forms import WORDS as SORTS
from tracker.exports.columns import Column, Listing, Words, chosen, made, moment, plain, said
from tracker.i18n import _, _l
from tracker.leads.forms import STATES
from tracker.matrix.views.wording import state_name
from tracker.parties.forms import OWNERSHIPS
from tracker.parties.models import birthday_of
from tracker.sheets.writing import DAY, FIGURE, LONG, MONEY, NAME, PLACE


def _state(_words: Words, key: Any) -> str:
    return state_name(key)


def _lead_state(_words: Words, key: Any) -> str:
    return str(STATES.get(key, key))


def _yes(_words: Words, whether: Any) -> str:
    return _("yes") if whether else _("no")


def _ownership(_words: Words, key: Any) -> str:
    return str(OWNERSHIPS.get(key, key)) if key else ""


def _photo_phase(words: Words, key: Any) -> str:
    return "" if key == "lead" else words.phase(key)


PROJECTS = Listing(
    "projects",
    _l("Projects"),
    (
        Column(_l("Serial number"), plain("id"), FIGURE),
        Column(_l("Name"), plain("name"), NAME),
        Column(_l("Address"), plain("address"), NAME),
        Column(_l("Plot number"), plain("plot_number")),
        Column(_l("Phase"), said("phase", Words.phase)),
        Column(_l("Construction progress"), said("step", Words.step)),
        Column(_l("State"), said("state", _state)),
        Column(_l("What is being built"), chosen("kind", "project_types")),
        Column(_l("How they buy"), said("route", Words.route), ours=True),
        Column(_l("Source"), chosen("source", "lead_sources"), ours=True),
        Column(_l("Main category"), said("category", Words.category)),
        Column(_l("Value"), plain("value"), MONEY),
        Column(_l("Currency"), plain("currency"), FIGURE),
        Column(_l("Developer"), plain("developer"), NAME),
        Column(_l("Dealer"), plain("dealer"), NAME, ours=True),
        Column(_l("Owner"), plain("owner")),
        Column(_l("Team"), plain("team"), ours=True),
        Column(_l("Region"), plain("region"), ours=True),
        Column(_l("Last record"), plain("last_record_on"), DAY),
        Column(_l("Next due"), plain("next_due_on"), DAY),
        Column(_l("Stalled from"), plain("silent_after"), DAY, ours=True),
        Column(_l("Open tasks"), plain("open_tasks"), FIGURE, ours=True),
        Column(_l("Latitude"), plain("latitude"), PLACE),
        Column(_l("Longitude"), plain("longitude"), PLACE),
        moment(_l("Opened at"), "created_at", ours=True),
        Column(_l("Note"), plain("note"), LONG, ours=True),
    ),
)
LEADS = Listing(
    "leads",
    _l("Leads"),
    (
        Column(_l("Serial number"), plain("id"), FIGURE),
        Column(_l("Name"), plain("name"), NAME),
        Column(_l("Address"), plain("address"), NAME),
        Column(_l("Plot number"), plain("plot_number")),
        Column(_l("Date"), plain("found_on"), DAY),
        Column(_l("State"), said("state", _lead_state)),
        Column(_l("Source"), chosen("source", "lead_sources")),
        Column(_l("What is being built"), chosen("kind", "project_types")),
        Column(_l("Construction progress"), said("step", Words.step)),
        Column(_l("Value"), plain("value"), MONEY),
        Column(_l("Currency"), plain("currency"), FIGURE),
        Column(_l("Area"), plain("area"), MONEY),
        Column(_l("Developer"), plain("developer"), NAME),
        Column(_l("Phone"), plain("phone")),
        Column(_l("Owner"), plain("owner")),
        Column(_l("Team"), plain("team"), ours=True),
        Column(_l("Region"), plain("region"), ours=True),
        Column(_l("owes evidence"), said("owes_evidence", _yes), ours=True),
        Column(_l("Look at it again on"), plain("review_on"), DAY, ours=True),
        Column(_l("Latitude"), plain("latitude"), PLACE),
        Column(_l("Longitude"), plain("longitude"), PLACE),
        moment(_l("Entered at"), "created_at", ours=True),
        Column(_l("Note"), plain("note"), LONG),
    ),
)
POOL = Listing("pool", _l("Pool"), LEADS.columns)
ORPHANS = Listing("orphans", _l("Projects without an owner"), PROJECTS.columns)
PARTIES = Listing(
    "parties",
    _l("Parties"),
    (
        Column(_l("Name"), plain("name"), NAME),
        Column(_l("Short name"), plain("short_name")),
        Column(_l("What it is"), chosen("kind", "participant_kinds")),
        Column(_l("Belongs to"), plain("parent"), NAME),
        Column(_l("Unified social credit code"), plain("credit_code")),
        Column(_l("Ownership"), said("ownership", _ownership)),
        Column(_l("Staff"), plain("staff"), FIGURE),
        Column(_l("Projects you see"), plain("projects"), FIGURE),
        Column(_l("Won projects"), plain("won"), FIGURE),
        Column(_l("Won value"), plain("won_value"), MONEY),
        Column(_l("Open value"), plain("open_value"), MONEY),
        Column(_l("Currency"), plain("currency"), FIGURE),
        Column(_l("Phone"), plain("phone")),
        Column(_l("Address"), plain("address"), NAME),
        Column(_l("Region"), plain("region")),
        Column(_l("Note"), plain("note"), LONG),
    ),
)
CONTACTS = Listing(
    "contacts",
    _l("Contacts"),
    (
        Column(_l("Full name"), plain("name")),
        Column(_l("Firm"), plain("firm"), NAME),
        Column(_l("Post"), plain("post")),
        Column(_l("Phone"), plain("phone")),
        Column(_l("E-mail"), plain("email"), NAME),
        Column(_l("Last met"), plain("last_met_on"), DAY),
        Column(_l("Birthday"), made(lambda row, _words: birthday_of(row.birth_year, row.birth_month, row.birth_day))),
        Column(_l("Note"), plain("note"), LONG),
    ),
)
CIRCLE = Listing(
    "circle",
    _l("Map of people"),
    (
        Column(_l("Full name"), plain("name")),
        Column(_l("Firm"), plain("firm")),
        Column(_l("Post"), plain("post")),
        Column(_l("Role in the decision"), chosen("role", "relationship_roles")),
        Column(_l("Attitude to us"), chosen("attitude", "attitude_scale")),
        Column(_l("Last met"), plain("met_on"), DAY),
        Column(_l("By whom"), plain("met_by")),
        Column(_l("Former firm"), plain("came_from")),
        Column(_l("Left the firm on"), plain("gone_on"), DAY),
    ),
)
PHOTOS = Listing(
    "photos",
    _l("Photos"),
    (
        Column(_l("Project"), plain("project"), NAME),
        Column(_l("Phase"), said("phase", _photo_phase)),
        Column(_l("Construction progress"), said("step", Words.step)),
        moment(_l("Taken at"), "taken_at"),
        moment(_l("Sent in at"), "uploaded_at"),
        Column(_l("By whom"), plain("uploader")),
        Column(_l("Latitude"), plain("latitude"), PLACE),
        Column(_l("Longitude"), plain("longitude"), PLACE),
        Column(_l("Caption"), plain("caption"), LONG),
        Column(_l("File"), plain("file_name"), NAME),
    ),
)
DOCUMENTS = Listing(
    "documents",
    _l("Documents"),
    (
        Column(_l("File"), plain("file_name"), NAME),
        Column(_l("Kind of file"), said("kind", lambda _words, kind: str(kind).upper()), FIGURE),
        Column(_l("What it is"), made(lambda row, _words: str(SORTS.get(row.sort, "")))),
        Column(_l("Version"), plain("version"), FIGURE),
        Column(_l("Size (kB)"), made(lambda row, _words: round(row.size / 1000, 1)), FIGURE),
        Column(_l("Project"), plain("project"), NAME),
        Column(_l("Lead"), plain("lead"), NAME),
        moment(_l("Sent in at"), "uploaded_at"),
        Column(_l("By whom"), plain("uploader")),
    ),
)

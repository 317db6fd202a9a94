"""The columns of the lists of windows, requests, notices, imports, mergings and changes."""

from __future__ import annotations

from typing import Any

from tracker.event_words import details, sentence
from tracker.exports.columns import Column, Listing, Words, made, moment, plain, said
from tracker.i18n import _, _l
from tracker.imports.forms import KIND_NAMES
from tracker.notifications import wording
from tracker.sheets.writing import DAY, FIGURE, LONG, NAME
from workflows.windows import ACTIVITY_NAMES


def _categories(blip: Any, words: Words) -> str:
    return str(_(", ").join(words.category(key) for key in blip.categories))


def _visit(blip: Any, words: Words) -> str:
    visit = blip.visit
    return str(visit.text.get(words.language)) if visit.kind in ("exit", "hint") else ""


RADAR = Listing(
    "radar",
    _l("Radar"),
    (
        Column(_l("Project"), plain("window.name"), NAME),
        Column(_l("Category"), made(_categories), NAME),
        Column(_l("What closes"), said("window.activity", lambda words, key: ACTIVITY_NAMES[key].get(words.language))),
        Column(_l("Closes on"), plain("window.closes_on"), DAY),
        Column(_l("Days"), plain("days"), FIGURE),
        Column(_l("Phase"), said("window.phase", Words.phase)),
        Column(_l("Construction progress"), said("window.step", Words.step)),
        Column(_l("Owner"), made(lambda blip, _words: blip.window.owner.name if blip.window.owner else "")),
        Column(_l("The visit to make"), made(_visit), LONG),
        Column(
            _l("Whom to see"),
            made(lambda blip, words: blip.whom.name if blip.whom else blip.buyer.get(words.language)),
        ),
    ),
)


def _approval_state(_words: Words, state: Any) -> str:
    return {
        "open": _("waiting"),
        "used": _("granted"),
        "granted": _("granted"),
        "declined": _("declined"),
        "lapsed": _("lapsed"),
    }.get(state, _("taken back"))


def _decider(line: Any, _words: Words) -> str:
    return line.approval.decided_by.name if line.approval.decided_by else ""


APPROVALS = Listing(
    "approvals",
    _l("Approvals"),
    (
        Column(_l("Request"), plain("wish"), LONG),
        Column(_l("Rules"), made(lambda line, _words: " ".join(line.approval.rules))),
        Column(_l("Project"), plain("approval.project.name"), NAME),
        Column(_l("Asked by"), plain("approval.asked_by.name")),
        Column(_l("Reason"), plain("approval.reason"), LONG),
        moment(_l("When"), "approval.asked_at"),
        Column(_l("Complete by"), plain("approval.complete_by"), DAY),
        Column(_l("State"), said("approval.state", _approval_state)),
        Column(_l("Whose consent it takes"), plain("awaited"), NAME),
        Column(_l("Decided by"), made(_decider)),
        Column(_l("The answer"), plain("approval.answer"), LONG),
    ),
)


def _details(event: Any, _words: Words) -> str:
    return "\n".join(_("%(name)s: %(why)s", name=name, why=text) for name, text in details(event))


EVENTS = Listing(
    "audit",
    _l("Audit trail"),
    (
        moment(_l("When"), "at"),
        Column(_l("Who"), made(lambda event, _words: event.by.name if event.by else _("the system"))),
        Column(_l("What"), made(lambda event, _words: sentence(event)), NAME),
        Column(_l("Project"), plain("project_id"), FIGURE),
        Column(_l("Details"), made(_details), LONG),
    ),
)


def _what_is_asked(_words: Words, what: Any) -> str:
    return _("joining") if what == "join" else _("arbitration")


def _typed(key: str) -> Any:
    return made(lambda asked, _words: asked.typed.get(key) or "")


def _on_record(asked: Any, _words: Words) -> str:
    return str((asked.project or asked.lead).name)


_ASKED = (
    Column(_l("What is asked"), said("what", _what_is_asked)),
    Column(_l("State"), said("state", _approval_state)),
    Column(_l("Asked by"), plain("by.name")),
    moment(_l("When"), "at"),
    Column(_l("Name"), _typed("name"), NAME),
    Column(_l("Address"), _typed("address"), NAME),
    Column(_l("Plot number"), _typed("plot_number")),
    Column(_l("Developer"), _typed("developer"), NAME),
    Column(_l("Reason"), plain("reason"), LONG),
)
REQUESTS_TO_ANSWER = Listing(
    "site_requests", _l("Known sites"), (*_ASKED, Column(_l("On record"), made(_on_record), NAME))
)
REQUESTS_OF_MINE = Listing(
    "site_requests",
    _l("Known sites"),
    (
        *_ASKED,
        Column(_l("Who decides"), made(lambda asked, _words: asked.team.name if asked.team else _("your supervisor"))),
        Column(_l("My lead"), made(lambda asked, _words: asked.claim.name if asked.claim else ""), NAME),
        Column(_l("The answer"), plain("answer"), LONG),
    ),
)


def _run_state(_words: Words, state: Any) -> str:
    return {
        "uploaded": _("waits for its columns"),
        "ready": _("at work"),
        "running": _("at work"),
        "failed": _("broke off"),
        "done": _("done"),
    }.get(state, _("undone"))


IMPORTS = Listing(
    "imports",
    _l("Imports"),
    (
        Column(_l("File"), plain("file_name"), NAME),
        Column(_l("Kind"), said("kind", lambda _words, kind: str(KIND_NAMES[kind]))),
        moment(_l("When"), "at"),
        Column(_l("By whom"), made(lambda run, _words: run.by.name if run.by else "")),
        Column(_l("State"), said("state", _run_state)),
        Column(_l("Rows"), plain("rows_total"), FIGURE),
        Column(_l("New ones"), plain("created"), FIGURE),
        Column(_l("Changed"), plain("updated"), FIGURE),
        Column(_l("Known already, unchanged"), plain("unchanged"), FIGURE),
        Column(_l("Not taken"), plain("rejected"), FIGURE),
    ),
)


def _merged_kind(_words: Words, kind: Any) -> str:
    return {"lead": _("Lead"), "project": _("Project"), "party": _("Firm")}.get(kind, _("Contact person"))


def _undoer(row: Any, _words: Words) -> str:
    return row.merge.undone_by.name if row.merge.undone_by else ""


MERGES = Listing(
    "merges",
    _l("Merged"),
    (
        Column(_l("Kind"), said("merge.kind", _merged_kind)),
        Column(_l("Kept"), plain("kept"), NAME),
        Column(_l("Gone into it"), plain("gone"), NAME),
        Column(_l("Why"), plain("merge.reason"), LONG),
        Column(_l("By whom"), made(lambda row, _words: row.merge.by.name if row.merge.by else "")),
        moment(_l("When"), "merge.at"),
        moment(_l("Taken back at"), "merge.undone_at"),
        Column(_l("Taken back by"), made(_undoer)),
    ),
)


def _site(item: Any, _words: Words) -> str:
    if item.annotation is not None:
        return str(item.annotation.by.name)
    firm = item.account or item.dealer
    if item.reward or item.todo:
        return str(item.reward.what if item.reward else item.todo.text)
    return str((firm.party if firm else item.registration or item.project or item.lead).name)


def _level(_words: Words, level: Any) -> str:
    return {"escalate": _("escalated"), "decide": _("to be decided")}.get(level, "")


NOTIFICATIONS = Listing(
    "notifications",
    _l("Notifications"),
    (
        Column(_l("Site"), made(_site), NAME),
        Column(_l("What"), made(lambda item, _words: wording.said(item.thing)), LONG),
        Column(_l("Kind"), made(lambda item, _words: wording.word_of(item.thing))),
        Column(_l("Level"), said("thing.level", _level)),
        Column(_l("Rules"), plain("thing.rule")),
        Column(_l("Until when"), plain("thing.due_on"), DAY),
        moment(_l("Told at"), "at"),
        moment(_l("Read at"), "read_at"),
    ),
)

"""What reports say in the reader's language: their sentences, figures, names and addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.filters import day, money
from tracker.i18n import _, _l, lang
from tracker.reports.periods import Period

SAYINGS: dict[str, Any] = {
    "opened": _l("%(site)s: opened in %(target)s"),
    "moved_phase": _l("%(site)s: phase moved from %(source)s to %(target)s"),
    "moved_step": _l("%(site)s: construction reached %(target)s"),
    "became": _l("%(site)s: became %(state)s"),
    "met": _l("%(kind)s at %(site)s, met %(met)s: %(text)s"),
    "did": _l("%(kind)s at %(site)s: %(text)s"),
    "evidence": _l("%(site)s: proven: %(what)s"),
    "done": _l("%(site)s: done: %(what)s"),
    "photos": _l("%(site)s: %(n)s photos"),
    "lead": _l("%(site)s: new lead, from %(source)s"),
    "registered": _l("%(site)s: registered by %(dealer)s, %(state)s"),
    "won": _l("%(site)s: won, %(value)s"),
    "won_line": _l("%(site)s: %(line)s won, %(value)s"),
    "lost": _l("%(site)s: lost, %(value)s. Reason: %(reason)s"),
    "lost_to": _l("%(site)s: lost to %(winner)s, %(value)s. Reason: %(reason)s"),
    "lost_line": _l("%(site)s: %(line)s lost, %(value)s. Reason: %(reason)s"),
    "lost_line_to": _l("%(site)s: %(line)s lost to %(winner)s, %(value)s. Reason: %(reason)s"),
    "late": _l("%(site)s: late since %(day)s, %(n)s open tasks"),
    "quiet": _l("%(site)s: silent since %(day)s"),
    "never": _l("%(site)s: nothing was ever logged"),
    "window": _l("%(site)s: %(activity)s of %(category)s closes on %(day)s"),
    "planned": _l("%(day)s, %(site)s: %(text)s"),
    "planned_late": _l("%(day)s, %(site)s, put off from %(from)s: %(text)s"),
    "postponed": _l("%(site)s, planned for %(day)s and put off to %(to)s: %(text)s"),
    "called_off": _l("%(site)s, planned for %(day)s and called off (%(why)s): %(text)s"),
    "todo_done": _l("To-do done: %(text)s"),
    "todo_late": _l("To-do late since %(day)s: %(text)s"),
    "kept": _l("%(site)s, promised for %(day)s and followed up: %(text)s"),
    "not_kept": _l("%(site)s, promised for %(day)s, nothing was logged since: %(text)s"),
    "expected": _l(
        "%(site)s: %(value)s expected by %(day)s (%(sure)s in 100 sure); the records support %(supported)s "
        "(%(share)s in 100 were won from here, of %(of)s)"
    ),
    "expected_alone": _l(
        "%(site)s: %(value)s expected by %(day)s (%(sure)s in 100 sure); no project was decided from here yet"
    ),
    "nothing": _l("%(name)s logged nothing on any of the %(n)s working days."),
    "silent": _l("%(name)s logged nothing on %(n)s of %(of)s working days: %(days)s"),
    "away": _l("%(name)s was away from %(from)s to %(day)s."),
    "person": _l(
        "%(name)s: %(visits)s visits, %(met)s people met, %(moves)s moves, %(leads)s new leads, %(done)s tasks done, "
        "%(late)s sites with late tasks"
    ),
    "worth": _l(
        "Past forecasts of %(name)s: of %(n)s decided projects %(won)s were won; of what was expected %(percent)s in "
        "100 came"
    ),
}
FIGURES: dict[str, Any] = {
    "visits": _l("Visits"),
    "met": _l("People met"),
    "sites": _l("Sites worked on"),
    "moves": _l("Moves"),
    "evidence": _l("Evidence"),
    "photos": _l("Photos"),
    "leads": _l("New leads"),
    "done": _l("Tasks done"),
    "late": _l("Sites with late tasks"),
    "kept": _l("Promises followed up"),
    "won": _l("Won"),
    "lost": _l("Lost"),
    "expected": _l("Expected"),
    "supported": _l("Supported by the records"),
}
SUBJECTS: dict[str, Any] = {
    "person": _l("Person"),
    "team": _l("Team"),
    "region": _l("Region"),
    "project": _l("Project"),
}
TITLES: dict[str, Any] = {"day": _l("Daily report"), "week": _l("Weekly report"), "month": _l("Monthly report")}
PERIODS = TITLES
WEEKDAYS = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"))
_NAMED = re.compile(r"%\((\w+)\)s")
Site = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `typed`: users wrote it."""

    text: str
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a report as somebody reads it, and where it leads (the path of a page, or '')."""

    pieces: Sequence[Piece]
    path: str
    on: str

    @property
    def text(self) -> str:
        """It as plain text."""
        return "".join(piece.text for piece in self.pieces)


def sentence(line: Mapping[str, Any], seen: Collection[Site] | None = None) -> Sentence:
    """A kept line in the present language; `seen`: the sites that the reader sees (None: all), others have no name."""
    site = tuple(line["site"]) if line.get("site") else None
    hidden = seen is not None and site is not None and site not in seen
    pieces = []
    if line.get("by"):
        pieces += [Piece(str(line["by"]), typed=True), Piece(_(": "))]
    template, at = str(SAYINGS[line["say"]]), 0
    for found in _NAMED.finditer(template):
        if found.start() > at:
            pieces.append(Piece(template[at : found.start()]))
        pieces.append(_piece(line["args"].get(found[1]), hidden, found[1]))
        at = found.end()
    if at < len(template):
        pieces.append(Piece(template[at:]))
    return Sentence(pieces, "" if hidden else path_of(line["to"]), line["on"])


def _piece(value: Any, hidden: bool, name: str) -> Piece:
    if value is None:
        return Piece("–")
    if not isinstance(value, dict):
        if hidden:
            return Piece(_("a site of others")) if name == "site" else Piece("…")
        return Piece(str(value), typed=True)
    if "list" in value:
        return Piece("…") if hidden else Piece(_(", ").join(value["list"]), typed=True)
    return Piece(_plain(value))


def _plain(value: Mapping[str, Any]) -> str:
    if "day" in value:
        return " ".join((day(date.fromisoformat(value["day"])), *([value["at"]] if value.get("at") else ())))
    if "days" in value:
        return _(", ").join(day(date.fromisoformat(one)) for one in value["days"])
    if "money" in value:
        return money(Decimal(value["money"][0]), value["money"][1])
    if "n" in value:
        return f"{value['n']:,}"
    return str(value.get(lang(), ""))


_PATHS = {
    "project": "/projects/{}",
    "outcome": "/projects/{}/outcome",
    "forecast": "/projects/{}/forecast",
    "record": "/records/{}",
    "plan": "/calendar/plans/{}",
    "todo": "/todos/{}",
    "lead": "/leads/{}",
    "registration": "/registrations/{}",
    "photos": "/photos?project={}",
    "person": "/people/{}",
    "report": "/reports/of/{}",
}


def path_of(to: Sequence[Any]) -> str:
    """The path of the page a sentence leads to."""
    return _PATHS[to[0]].format(to[1])


def figure(one: Mapping[str, Any]) -> str:
    """A figure: its number, with the amounts by currency where it has some."""
    number = f"{one['n']:,}"
    if one.get("of"):
        number = f"{number} / {one['of']:,}"
    amounts = [money(Decimal(value), currency) for currency, value in (one.get("amounts") or {}).items()]
    return " · ".join([number, *amounts]) if amounts else number


def title(period: Period) -> str:
    """What a report of this period is called."""
    return str(TITLES[period.kind])


def span(period: Period) -> str:
    """Its days."""
    if period.kind == "day":
        return day(period.starts_on)
    return _("%(from)s to %(day)s", **{"from": day(period.starts_on), "day": day(period.ends_on)})


def sites_in(content: Mapping[str, Any]) -> set[Site]:
    """All sites that a report names."""
    lines = [line for section in content["sections"] for line in section["lines"]]
    found = {(line["site"][0], line["site"][1]) for line in lines if line.get("site")}
    return found | {(one["site"][0], one["site"][1]) for one in content["pictures"] if one.get("site")}

"""What is said to a likely duplicate, and what of a thing is compared while it is typed."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import HiddenField, StringField
from wtforms.validators import Length

from tracker.duplicates.operations.judging import Answer
from tracker.duplicates.things import Thing
from tracker.forms import Form
from tracker.i18n import _l
from tracker.matching.things import Firm, Person, Site

LONGEST = 300  # characters of one field that are looked at


class DifferentForm(Form):
    """Which of those shown is another one, and why."""

    other = HiddenField()
    why = StringField(_l("Why"), validators=[Length(max=300)])


class AnswerForm(Form):
    """The answer to a request about a known site."""

    answer = StringField(_l("Your sentence"), validators=[Length(max=1000)])


def read_answer(sent: Mapping[str, str]) -> Answer:
    """What a form of a site says to likely duplicates."""
    return Answer(looked=sent.get("looked") == "1", way=sent.get("way", ""), why=sent.get("why", ""))


def read_thing(kind: str, sent: Mapping[str, str]) -> Thing | None:
    """What is being typed as a thing to compare; None while it is too little to find anything by."""

    def said(name: str) -> str | None:
        return sent.get(name, "").strip()[:LONGEST] or None

    name, phones = said("name"), tuple(filter(None, [said("phone")]))
    if kind == "party":
        names = tuple(filter(None, (name, said("short_name"))))
        return Firm(names, said("address"), phones) if names or phones else None
    if kind == "contact":
        return Person(name or "", phones, said("email"), said("firm")) if name or phones or said("email") else None
    place = _place(sent)
    if not (name or said("address") or said("plot_number") or phones or place):
        return None
    names, firms = tuple(filter(None, [name])), tuple(filter(None, [said("developer")]))
    return Site(names, said("address"), said("plot_number"), place, phones, firms, said("kind"))


def _place(sent: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(sent.get("latitude", "")), float(sent.get("longitude", ""))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None

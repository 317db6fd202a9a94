"""Telling people something about a project, lead, account, dealer, registration, reward, to-do or
annotation: once for ever.

That it is once is the database's word: the key is unique in the site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, String, TextClause, bindparam, insert, text
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.accounts.models import Account
from tracker.annotations.models import Annotation
from tracker.database import UtcDateTime
from tracker.dealers.models import Dealer
from tracker.events import Kind
from tracker.leads.models import Lead
from tracker.notifications.models import Notification
from tracker.notifications.operations.mailing import Mailing, write_mails
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.rewards.models import Reward
from tracker.team.models import User
from tracker.todos.models import Todo

Site = Project | Lead | Account | Dealer | Registration | Reward | Todo | Annotation
COLUMNS: Mapping[type[Site], str] = {
    Project: "project_id",
    Lead: "lead_id",
    Account: "account_id",
    Dealer: "dealer_id",
    Registration: "registration_id",
    Reward: "reward_id",
    Todo: "todo_id",
    Annotation: "annotation_id",
}
"""By which column of due things and notifications each kind of site is named."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What is told. `level`: remind, escalate, decide or annotate; `audience`: to whom, as the page it leads to wants
    it; `phase` and `step`: the cell it is about, or the word for a site that stands in none."""

    key: str
    kind: str
    level: str
    due_on: date
    audience: str
    zh: str
    en: str
    phase: str
    step: str
    rule: str = ""

    def values(self) -> dict[str, Any]:
        """Its columns."""
        return {name: getattr(self, name) for name in self.__slots__}


def tell_once(
    session: Session, site: Site, saying: Saying, people: Iterable[User], mailing: Mailing | None = None
) -> bool:
    """Tell these people something about a site; False where it was told before.

    What is more than a reminder stands in the site's trail. With `mailing` those who want mails get one in the same
    transaction.
    """
    number = write_once(session, site, saying)
    if number is None:
        return False
    told = list(people)
    if told:
        rows = [{"user_id": one.id, COLUMNS[type(site)]: site.id, "due_thing_id": number} for one in told]
        session.execute(insert(Notification), rows)
    if saying.level not in ("remind", "annotate"):
        events.record(session, Kind.DUE_ESCALATED, site, by=None, due_on=saying.due_on.isoformat())
    if mailing and told:
        write_mails(session, {one: [number] for one in told}, mailing)
    return True


def write_once(session: Session, site: Site, saying: Saying) -> int | None:
    """Write a due thing down; its id, None where it stands already or another worker was quicker."""
    values = {"site": site.id, "now": clock.now(), **saying.values()}
    number: int | None = session.scalar(_insertion(COLUMNS[type(site)]), values)
    return number


def take_back(session: Session, site: Site, kinds: Collection[str], holding: Collection[str]) -> None:
    """Mark as read what was told of these kinds and holds no more (its key is not among those `holding`)."""
    values = {"site": site.id, "kinds": list(kinds), "keys": list(holding), "now": clock.now()}
    session.execute(_taking_back(COLUMNS[type(site)]), values)


@cache
def _insertion(column: str) -> TextClause:
    names = Saying.__slots__
    return text(
        f"INSERT INTO due_thing ({column}, delivered_at, {', '.join(names)}) "  # noqa: S608  our own names
        f"VALUES (:site, :now, {', '.join(':' + name for name in names)}) "
        f"ON CONFLICT ({column}, key) DO NOTHING RETURNING id"
    ).bindparams(bindparam("due_on", type_=Date), bindparam("now", type_=UtcDateTime()))


@cache
def _taking_back(column: str) -> TextClause:
    return text(
        f"UPDATE notification SET read_at = :now WHERE {column} = :site AND read_at IS NULL AND due_thing_id IN "  # noqa: S608  our own names
        f"(SELECT id FROM due_thing WHERE {column} = :site AND kind IN :kinds AND key NOT IN :keys)"
    ).bindparams(
        bindparam("kinds", expanding=True, type_=String),
        bindparam("keys", expanding=True, type_=String),
        bindparam("now", type_=UtcDateTime()),
    )

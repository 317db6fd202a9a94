"""Search of everything one may see: by name, other name, address, number, phone, person, note, and what was logged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, Text, bindparam, cast, false, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from tracker.access import is_dealer, sight, visible
from tracker.leads.models import Lead, LeadContact
from tracker.matrix.models import Record
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact
from tracker.remembering import remembered
from tracker.search.indexing import NAMED, WORDS, Matches, Wanted, looks_like, pattern_of
from tracker.search.marking import Marked, mark
from tracker.search.words import named_of, wanted_of
from tracker.team.models import User

MOST = 12  # rows of each kind on the page of all kinds
SUGGESTED = 4  # rows of each kind while somebody types
SIZE = 50  # rows of a page of one kind
FARTHEST = 20  # pages of one kind: whoever looks further wants other words
LONGEST = 100  # characters that are looked for
KINDS: Mapping[str, Any] = {
    "projects": Project,
    "leads": Lead,
    "parties": Party,
    "contacts": Contact,
    "records": Record,
}
NOT_FOR_DEALERS = {"parties", "contacts"}
_NUMBER = re.compile(r"#\s?(\d{1,9})")


class Row(NamedTuple):
    """What is found, as the database tells it; which texts there are depends on the kind.

    A person's `phase` is his firm's name; `project_id`, `lead_id` and `on` are a record's.
    """

    kind: str
    rank: int
    id: int
    name: str
    texts: tuple[str | None, ...]
    phase: str | None
    step: str | None
    project_id: int | None
    lead_id: int | None
    on: Any


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its name with what matched marked, and the text that matched if the name did not.

    `field` says which text it is; `sites`: where a person is known, as (kind, id, name).
    """

    row: Row
    name: Marked
    field: str
    text: Marked
    sites: Sequence[tuple[str, int, str]] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of each kind, the best first; `more`: the kinds of which there is more."""

    hits: Mapping[str, Sequence[Hit]]
    more: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether there is no hit at all."""
        return not any(self.hits.values())


TEXTS: Mapping[str, tuple[str, ...]] = {
    "projects": ("address", "plot_number", "note"),
    "leads": ("address", "plot_number", "phone", "note"),
    "parties": ("short_name", "phone", "address", "note"),
    "contacts": ("phone", "post", "email", "note"),
    "records": ("text", "next_step"),
}
"""The columns of each kind that a match may stand in, besides the name."""
WIDTH = 4


def search(session: Session, by: User, text: str, *, most: int = MOST, kind: str = "", page: int = 1) -> Found:
    """What holds the words of `text` (two characters at least): see `words` for how they are found.

    Of each kind first what is called just so, then what begins so, then the newest. `#123` is what has this number.
    With a `kind` a page of that kind alone.
    """
    text = text.strip()[:LONGEST]
    kinds = [one for one in KINDS if not (is_dealer(by) and one in NOT_FOR_DEALERS) and kind in ("", one)]
    if len(text) < 2 or not kinds:
        return Found({})
    page = max(1, min(page, FARTHEST))
    first, last = ((page - 1) * SIZE, page * SIZE) if kind else (0, most)
    rows = _rows(session, by, text, tuple(kinds), last + 1)
    shown = {one: rows[one][first:last] for one in kinds}
    others = _other_names(session, shown)
    sites = _sites(session, by, [row.id for row in shown.get("contacts", ())])
    hits = {one: [_hit(row, text, others, sites) for row in shown[one]] for one in kinds}
    return Found(hits, frozenset(one for one in kinds if len(rows[one]) > last))


def _rows(session: Session, by: User, text: str, kinds: tuple[str, ...], most: int) -> dict[str, list[Row]]:
    """The best rows of each kind, in order, each once."""
    number, wanted = _NUMBER.fullmatch(text), wanted_of(text)
    way = "number" if number else "words" if wanted else "signs"
    asked = {
        "most": most,
        "number": int(number.group(1)) if number else 0,
        "wanted": wanted if way == "words" else pattern_of(text),
        "whole": named_of(text, whole=True),
        "begins": named_of(text, whole=False),
    }
    found: dict[str, dict[int, Row]] = {kind: {} for kind in kinds}
    for kind, rank, key, name, *texts, phase, step, project_id, lead_id, on in session.execute(
        _statement(kinds, way, session.get_bind().dialect.name == "postgresql", by), asked
    ):
        row = Row(kind, rank, key, name, tuple(texts), phase, step, project_id, lead_id, on)
        if key not in found[kind] or rank < found[kind][key].rank:
            found[kind][key] = row
    return {kind: sorted(rows.values(), key=lambda row: (row.rank, -row.id))[:most] for kind, rows in found.items()}


@remembered(sight)
def _statement(kinds: tuple[str, ...], way: str, server: bool, by: User) -> Any:
    """All kinds in one statement; each way in which a row is found gives its newest ones, so that these are few.

    `server`: for PostgreSQL.
    """
    limbs = []
    for kind in kinds:
        model = KINDS[kind]
        for rank, wanted in enumerate(_wanted(model, way)):
            limb = _found(_shown(kind, rank).where(visible(model, by)), model, way, wanted, server)
            limbs.append(limb.limit(bindparam("most", type_=Integer)).subquery())
    return union_all(*(select(limb) for limb in limbs))


def _wanted(model: Any, way: str) -> tuple[str, ...]:
    """The parameters with what is wanted, the best first."""
    return ("whole", "begins", "wanted") if way == "words" and model is not Record else ("wanted",)


def _found(query: Any, model: Any, way: str, wanted: str, server: bool) -> Any:
    """The rows that hold what is wanted, the newest first.

    The index of words itself is walked from its newest row, so that a word which stands everywhere costs little.
    PostgreSQL has no such index: it collects a rare word's rows by GIN and sorts them, and walks the table for a word
    that stands everywhere. Only where that is a question of its own does it not weigh who may see the rows with it.
    """
    if way == "words":
        words: Any = WORDS[model]
        holds = Matches(words.c.words, bindparam(wanted, type_=Wanted()))
        if server:
            words = select(words.c.rowid).where(holds).order_by(words.c.rowid.desc()).subquery()
        query = query.join(words, words.c.rowid == model.id).order_by(words.c.rowid.desc())
        return query if server else query.where(holds)
    if way == "number":
        condition = model.id == bindparam("number", type_=Integer) if model in (Project, Lead) else false()
    else:
        condition = looks_like(model, bindparam("wanted", type_=String()))
    return query.where(condition).order_by(model.id.desc())


def _shown(kind: str, rank: int) -> Any:
    """A kind's rows in the columns that all kinds share; what a kind lacks is null."""
    model, own = KINDS[kind], _own_columns(kind)
    texts: list[Any] = [getattr(model, name) for name in TEXTS[kind]]
    columns = [own.get("name", null()), *texts, *[null()] * (WIDTH - len(texts)), own.get("phase"), own.get("step")]
    shared = [cast(null() if one is None else one, Text) for one in columns]
    shared += [own.get(name, cast(null(), Integer)) for name in ("project_id", "lead_id")]
    shared.append(own.get("on", cast(null(), Date)))
    labelled = [column.label(f"c{place}") for place, column in enumerate(shared)]
    query = select(literal(kind).label("kind"), literal(rank).label("rank"), model.id, *labelled)
    if kind == "contacts":
        return query.join(Party, Party.id == Contact.party_id)
    if kind == "records":
        return query.outerjoin(Project, Project.id == Record.project_id).outerjoin(Lead, Lead.id == Record.lead_id)
    return query


def _own_columns(kind: str) -> dict[str, Any]:
    match kind:
        case "projects":
            return {"name": Project.name, "phase": Project.phase, "step": Project.step}
        case "leads":
            return {"name": Lead.name, "step": Lead.step}
        case "contacts":
            return {"name": Contact.name, "phase": Party.name}
        case "records":
            name = func.coalesce(Project.name, Lead.name, "")
            own = {"name": name, "phase": Record.phase, "step": Record.step, "on": Record.happened_on}
            return {**own, "project_id": Record.project_id, "lead_id": Record.lead_id}
    return {"name": Party.name}


def _other_names(session: Session, shown: Mapping[str, Sequence[Row]]) -> dict[tuple[str, int], list[str]]:
    """The other names of the sites and firms that are shown."""
    found: dict[tuple[str, int], list[str]] = {}
    asked = [
        select(literal(kind), NAMED[model], NAMED[model].class_.name).where(
            NAMED[model].in_([row.id for row in shown[kind]])
        )
        for kind, model in KINDS.items()
        if model in NAMED and shown.get(kind)
    ]
    for kind, key, name in session.execute(union_all(*asked)) if asked else ():
        found.setdefault((kind, key), []).append(name)
    return found


def _sites(session: Session, by: User, contacts: Sequence[int]) -> dict[int, list[tuple[str, int, str]]]:
    """The newest sites, of those the user sees, on which these people are known."""
    found: dict[int, list[tuple[str, int, str]]] = {}
    if not contacts:
        return found
    projects = (
        select(literal("projects"), ProjectContact.contact_id, Project.id, Project.name)
        .join(Project, Project.id == ProjectContact.project_id)
        .where(ProjectContact.contact_id.in_(contacts), visible(Project, by))
    )
    leads = (
        select(literal("leads"), LeadContact.contact_id, Lead.id, Lead.name)
        .join(Lead, Lead.id == LeadContact.lead_id)
        .where(LeadContact.contact_id.in_(contacts), visible(Lead, by))
    )
    for kind, contact, key, name in session.execute(union_all(projects, leads)):
        found.setdefault(contact, []).append((kind, key, name))
    return {contact: sorted(sites, key=lambda site: -site[1])[:3] for contact, sites in found.items()}


def _hit(
    row: Row, text: str, others: Mapping[tuple[str, int], list[str]], sites: Mapping[int, list[tuple[str, int, str]]]
) -> Hit:
    """The row with what matched marked: in its name, or in the first of its texts that holds most of it."""
    if row.kind == "records":
        said = {key: mark(value or "", text) for key, value in zip(TEXTS["records"], row.texts, strict=False)}
        most = max(said, key=lambda key: said[key].held)
        return Hit(row, Marked(0, ((row.name, False),)), most, said[most])
    name = mark(row.name, text, named=True)
    fields = [("other_names", other) for other in others.get((row.kind, row.id), ())]
    fields += [(key, value) for key, value in zip(TEXTS[row.kind], row.texts, strict=False) if value]
    field, best = "", Marked(0, ())
    for key, value in fields:
        marked = mark(value, text, named=key in ("other_names", "short_name"))
        if marked.held > max(best.held, name.held):
            field, best = key, marked
    return Hit(row, name, field, best, sites.get(row.id, ()) if row.kind == "contacts" else ())

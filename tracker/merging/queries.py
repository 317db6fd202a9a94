"""Reads about merging: the two sides, what was merged, whom a gone one leads to. The user comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.accounts.models import Account
from tracker.errors import NotFound
from tracker.leads.models import Lead
from tracker.matrix.models import Record
from tracker.merging.models import Merge
from tracker.merging.references import POLICY, likes, references, unique_with
from tracker.paging import Page, page_of
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.search.indexing import holds
from tracker.team.models import User

MODELS: dict[str, Any] = {"lead": Lead, "project": Project, "party": Party, "contact": Contact}
MOST = 12


def get_side(session: Session, by: User, kind: str, key: int) -> Any:
    """A lead, project, firm or person with what `access.can` needs; or NotFound."""
    model = MODELS.get(kind)
    if model is None:
        raise NotFound
    query = select(model).where(model.id == key, visible(model, by), model.merged_into_id.is_(None))
    if model in (Lead, Project):
        query = query.options(joinedload(model.team))
    if model is Contact:
        query = query.options(joinedload(Contact.party))
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_others(session: Session, by: User, kind: str, kept: Any, q: str) -> Sequence[Any]:
    """What the user sees of the same kind in which the words are, to merge with."""
    model = MODELS[kind]
    if len(q) < 2:
        return ()
    query = select(model).where(visible(model, by), model.merged_into_id.is_(None))
    query = query.where(model.id != kept.id, holds(model, q))
    if model is Contact:
        query = query.options(joinedload(Contact.party))
    return session.scalars(query.order_by(model.id.desc()).limit(MOST)).all()


@dataclass(frozen=True, slots=True)
class Staying:
    """A row that stays with the gone one, since the kept one has the like: of which table, whom or what it names.

    `name` is empty where the user does not see that; `about` is the key of a role, department or category.
    """

    table: str
    gone_id: int
    name: str
    about: str | None


def list_staying(
    session: Session, by: User, kind: str, gone: Sequence[int], kept: int | None = None
) -> Sequence[Staying]:
    """What would stay with the gone one if it were merged into `kept`; what stayed with those that were merged."""
    found: list[Staying] = []
    for name, column in references(kind):
        constraints = list(unique_with(column))
        if POLICY[kind][name] != "move" or not constraints or not gone:
            continue
        query = select(column.table).where(column.in_(gone)).order_by(*column.table.primary_key.columns)
        if kept is not None:
            query = query.where(or_(*likes(column, kept)))
        rows = session.execute(query).mappings().all()
        others = [other for constraint in constraints for other in constraint]
        names = _names_of_rows(session, by, others or [column], rows)
        for row, said in zip(rows, names, strict=True):
            about = next((row[key] for key in ABOUT if key in row), None)
            found.append(Staying(column.table.name, row[column.name], said, about))
    return found


ABOUT = ("role", "department", "category")
WORDS = ("name", "number", "value")
NAMED: dict[str, Any] = {"user_account": User, "contact": Contact, "party": Party, "project": Project, "lead": Lead}


def _names_of_rows(session: Session, by: User, others: Sequence[Column[Any]], rows: Sequence[Any]) -> list[str]:
    """What each row names: what it ties the gone one to, else its own words; a row that is alone names the gone one."""
    seen = {other.name: _names_seen(session, by, other, [row[other.name] for row in rows]) for other in others}
    found = []
    for row in rows:
        tied = (names[row[key]] for key, names in seen.items() if row[key] in names)
        own = (str(row[key]) for key in WORDS if row.get(key))
        found.append(next(tied, None) or next(own, ""))
    return found


def _names_seen(session: Session, by: User, column: Column[Any], keys: Sequence[Any]) -> dict[Any, str]:
    """The names of what a column of foreign keys points to, as far as the user sees it; a record's is its site's."""
    pointed = next((key.column.table.name for key in column.foreign_keys), "")
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    if pointed == "record":
        site = func.coalesce(Project.name, Lead.name)
        query = select(Record.id, site).where(Record.id.in_(wanted), site.is_not(None))
        query = query.outerjoin(Project, and_(Project.id == Record.project_id, visible(Project, by)))
        query = query.outerjoin(Lead, and_(Lead.id == Record.lead_id, visible(Lead, by)))
    elif pointed == "key_account":
        query = select(Account.id, Party.name).join(Party, Party.id == Account.party_id)
        query = query.where(Account.id.in_(wanted), visible(Party, by))
    elif pointed in NAMED:
        model = NAMED[pointed]
        query = select(model.id, model.name).where(model.id.in_(wanted), visible(model, by))
    else:
        return {}
    return dict(session.execute(query).tuples().all())


@dataclass(frozen=True, slots=True)
class Belonging:
    """How many rows of a table hang on the kept one, and how many come to it from the gone one."""

    table: str
    kept: int
    gone: int


def count_belongings(
    session: Session, kind: str, kept: Any, gone: Any, staying: Sequence[Staying]
) -> Sequence[Belonging]:
    """What hangs on the two sides, by table, without what stays; the caller has checked that both are visible."""
    found, stays = [], [one.table for one in staying]
    for name, column in references(kind):
        if POLICY[kind][name] != "move":
            continue
        counted = select(column, func.count()).where(column.in_((kept.id, gone.id))).group_by(column)
        numbers: dict[int, int] = dict(session.execute(counted).all())
        if numbers:
            coming = numbers.get(gone.id, 0) - Counter(stays)[column.table.name]
            found.append(Belonging(column.table.name, numbers.get(kept.id, 0), coming))
    return found


def find_kept(session: Session, kind: str, key: int) -> int | None:
    """Into which one something was merged in the end; None where it was not."""
    model, found = MODELS[kind], None
    while (into := session.scalar(select(model.merged_into_id).where(model.id == key))) is not None:
        found = key = into
    return found


def list_merges_of(session: Session, kind: str, key: int) -> Sequence[Merge]:
    """What was merged into something and stands, the newest first. The caller has checked that it is visible."""
    query = select(Merge).where(Merge.kind == kind, Merge.kept_id == key, Merge.undone_at.is_(None))
    query = query.order_by(Merge.id.desc()).options(joinedload(Merge.by))
    return session.scalars(query).all()


def get_merge(session: Session, by: User, merge_id: int) -> Merge:
    """One merging of something the user sees, or NotFound."""
    found = session.get(Merge, merge_id)
    if found is None:
        raise NotFound
    model = MODELS[found.kind]
    if session.scalar(select(model.id).where(model.id == found.kept_id, visible(model, by))) is None:
        raise NotFound
    return found


def merges_asked(by: User) -> Select[Merge]:
    """Mergings of what the user sees, the newest first."""
    seen = or_(
        *(
            (Merge.kind == kind) & Merge.kept_id.in_(select(model.id).where(visible(model, by)))
            for kind, model in MODELS.items()
        )
    )
    query = select(Merge).where(seen).order_by(Merge.id.desc())
    return query.options(joinedload(Merge.by), joinedload(Merge.undone_by))


def list_merges(session: Session, by: User, page: int = 1) -> Page[Merge]:
    """A page of them."""
    return page_of(session, merges_asked(by), page)


def names_of(session: Session, merges: Sequence[Merge]) -> dict[tuple[str, int], str]:
    """The names of both sides of these mergings."""
    names = {}
    for kind, model in MODELS.items():
        ids = {key for row in merges if row.kind == kind for key in (row.kept_id, row.gone_id)}
        if ids:
            found = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            names.update({(kind, key): name for key, name in found})
    return names

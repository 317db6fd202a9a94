"""Many sites at once against what is on record, for imports: few statements, however many rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.duplicates.models import MatchKey
from tracker.duplicates.queries import WEIGHTS, Ref
from tracker.duplicates.things import MODELS, SITES, aliases_of, compare, query_of, thing_of, wanted_keys
from tracker.duplicates.wording import sentence_of
from tracker.leads.models import Lead
from tracker.matching.likeness import Level, Likeness
from tracker.matching.things import Site

TELLING = ("plot", "phone", "door", "cell", "name")
KEYS = 2000  # in one IN (…)
PER_KEY = 60  # rows of one key; a key that more share tells nothing by itself
MOST = 12  # rows that one site is compared with


Sure = tuple[Ref, Likeness]
"""The row on record that a site certainly is, and why."""


def judge_rows(session: Session, sites: Sequence[Site], *, before: int | None = None) -> list[Sure | None]:
    """For each site the row on record that it certainly is, or None.

    `before`: the import run whose own rows are not looked at, for rows of one file are told apart by the file itself.
    The rule is stricter than for a person who types, since nobody looks: certain, and nothing at all speaks against it.
    Two numbers that differ always do: the permits of one address and day are as many buildings.
    """
    asked = [wanted_keys(site) for site in sites]
    under = _rows_under(session, {key for keys in asked for key in keys if _kind(key) in TELLING}, before)
    nearest = [_nearest(keys, under) for keys in asked]
    known = _load(session, {ref for refs in nearest for ref in refs})
    return [_best(site, refs, known) for site, refs in zip(sites, nearest, strict=True)]


def _rows_under(session: Session, keys: set[str], before: int | None) -> dict[str, list[Ref]]:
    found: dict[str, list[Ref]] = defaultdict(list)
    rest = iter(sorted(keys))
    while some := list(islice(rest, KEYS)):
        for kind in SITES:
            query = select(MatchKey.key, MatchKey.row_id).where(MatchKey.kind == kind, MatchKey.key.in_(some))
            if kind == Lead.__tablename__ and before is not None:
                query = query.join(Lead, Lead.id == MatchKey.row_id)
                query = query.where(Lead.import_run_id.is_distinct_from(before))
            for key, row_id in session.execute(query):
                if len(found[key]) <= PER_KEY:
                    found[key].append((kind, row_id))
    return found


def _nearest(keys: frozenset[str], under: Mapping[str, Sequence[Ref]]) -> list[Ref]:
    told: Counter[Ref] = Counter()
    for key in keys:
        rows = under.get(key, ())
        if len(rows) <= PER_KEY or _kind(key) == "plot":
            for ref in rows:
                told[ref] += WEIGHTS[_kind(key)] / (1 + len(rows) / 20)  # type: ignore[assignment]
    return [ref for ref, _weight in told.most_common(MOST)]


def _kind(key: str) -> str:
    return key.partition(":")[0]


def _load(session: Session, refs: set[Ref]) -> dict[Ref, Site]:
    known: dict[Ref, Site] = {}
    for kind in SITES:
        ids = iter(sorted(row_id for one, row_id in refs if one == kind))
        while some := list(islice(ids, KEYS)):
            alias = aliases_of(session, {kind: some}, people=False)[kind]
            for row in session.execute(query_of(kind).where(MODELS[kind].id.in_(some))):
                thing = thing_of(kind, row, alias)
                assert isinstance(thing, Site)
                known[kind, row.id] = thing
    return known


def _best(site: Site, refs: Sequence[Ref], known: Mapping[Ref, Site]) -> Sure | None:
    found = [(ref, compare(site, known[ref])) for ref in refs if ref in known]
    sure = [(ref, likeness) for ref, likeness in found if is_sure(likeness)]
    return max(sure, key=lambda one: (one[1].score, -one[0][1]), default=None)


def marks_of(sure: Sure | None) -> dict[str, Any]:
    """The columns of a lead whose site certainly is on record, or (None) of one that nothing is known of."""
    if sure is None:
        return {"state": "new", "state_reason": None, "duplicate_of_id": None, "duplicate_project_id": None}
    (kind, row_id), likeness = sure
    of_lead = kind == Lead.__tablename__
    return {
        "state": "duplicate",
        "state_reason": sentence_of(likeness)[:300],
        "duplicate_of_id": row_id if of_lead else None,
        "duplicate_project_id": None if of_lead else row_id,
    }


def is_sure(likeness: Likeness) -> bool:
    """Whether an import may call it a duplicate without anybody's look."""
    return likeness.level is Level.CERTAIN and not any(reason.strength < 0 for reason in likeness.reasons)

"""What looks like what. All rows are compared; what of them is shown to whom is decided by `disclosure.telling`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select, text
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.access import is_dealer, sight, visible
from tracker.dealers.models import Dealer
from tracker.disclosure import Telling, overseen_requests, telling
from tracker.duplicates.models import Difference, SiteRequest
from tracker.duplicates.things import (
    ALIKE,
    CLAIM,
    MODELS,
    NAMED,
    SITES,
    Thing,
    aliases_of,
    compare,
    keys_of,
    query_of,
    thing_of,
    wanted_keys,
)
from tracker.errors import NotFound
from tracker.leads.models import Lead
from tracker.matching.likeness import Level, Likeness
from tracker.matching.things import Site
from tracker.paging import Page, page_of
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.registrations.models import STANDING, Registration
from tracker.remembering import remembered
from tracker.team.models import Team, User

MOST = 30  # rows that are compared: those that share the most telling keys
PER_KEY = 60  # rows of one key that are looked at, the newest; a key that more share tells little
SHOWN = 6  # hits on a page
ORDER = (Level.CERTAIN, Level.LIKELY, Level.POSSIBLE)
WEIGHTS = {"plot": 16.0, "code": 16.0, "email": 12.0, "phone": 10.0, "door": 5.0, "cell": 3.0, "name": 3.0, "firm": 1.0}
"""How much a shared key tells, by its kind, while few rows share it."""
USUAL = 20.0  # rows that share a key of middling use: a key shared by so many counts half
Ref = tuple[str, int]
"""Kind and id of a row."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask about a site that one may not see. A supervisor of None: the team has none; both: nobody's site.

    Of a dealer's claim (`claim`) it is whoever looks after the dealer, else dealer management.
    """

    team: str | None
    supervisor_id: int | None
    supervisor: str | None
    claim: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that is like what was asked, with everything one may know who sees it; a claim's `owner` is the dealer."""

    kind: str
    id: int
    name: str
    under: str | None
    state: str | None
    owner_id: int | None
    owner: str | None
    team_id: int | None
    ask: Asked
    seen: bool
    likeness: Likeness

    @property
    def level(self) -> Level:
        """How sure it is."""
        return self.likeness.level

    @property
    def ref(self) -> Ref:
        """Its kind and id."""
        return self.kind, self.id

    @property
    def is_claim(self) -> bool:
        """Whether it is a dealer's registration."""
        return self.kind == CLAIM

    @property
    def stands(self) -> bool:
        """Whether it stands in the way of others: a registration does while it waits or is protected."""
        return not self.is_claim or self.state in STANDING


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is told of a row that one may not see: how sure, by what kinds of likeness, whom to ask."""

    level: Level
    kinds: tuple[str, ...]
    ask: Asked


@dataclass(frozen=True, slots=True)
class Likely:
    """What is shown to one viewer, the surest first. `must_look`: all that a dealer learns of what is not his."""

    seen: Sequence[Hit] = ()
    hidden: Sequence[Hidden] = ()
    must_look: bool = False

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.seen or self.hidden or self.must_look)

    @property
    def hints(self) -> bool:
        """Whether something shows that its viewer may not see."""
        return bool(self.hidden) or self.must_look


def load_likely(session: Session, by: User, kind: str, thing: Thing, exclude: Ref | None = None) -> Likely:
    """What is like a thing of a kind (`things.MODELS`), as much of it as the viewer may know."""
    return shown_to(by, find_hits(session, by, told_of(by, kind), thing, exclude))


def told_of(by: User, kind: str) -> str:
    """As what a thing is held against what is on record: one of ours is told of dealers' registrations of a site too, a
    dealer reads the word on them when he hands in his own."""
    return CLAIM if kind in SITES and not is_dealer(by) else kind


def shown_to(by: User, hits: Sequence[Hit]) -> Likely:
    """As much of these hits as the viewer may know. What he may not see counts only from likely on, and is told once
    for each whom to ask, so that nobody can feel his way towards it."""
    seen = [hit for hit in hits if telling(by, hit.seen) is Telling.ALL][:SHOWN]
    if is_dealer(by):
        seen = [replace(hit, owner=None) for hit in seen]
    unseen = [hit for hit in hits if not hit.seen and hit.stands and hit.level is not Level.POSSIBLE]
    masked: dict[Asked, Hidden] = {}
    for hit in unseen:
        if telling(by, hit.seen) is Telling.MASKED:
            masked.setdefault(hit.ask, Hidden(hit.level, kinds_of(hit.likeness), hit.ask))
    word = any(telling(by, hit.seen) is Telling.WORD for hit in unseen)
    return Likely(seen, tuple(masked.values()), word)


def kinds_of(likeness: Likeness) -> tuple[str, ...]:
    """The kinds of what speaks for a likeness, in an order that says nothing of how strongly."""
    return tuple(sorted({reason.kind for reason in likeness.reasons if reason.strength > 0}))


def find_hits(session: Session, by: User, kind: str, thing: Thing, exclude: Ref | None = None) -> list[Hit]:
    """Every row that is like a thing, the surest first, whoever may see it: for the rules, never for a page.

    `exclude`: the row itself, and with it the pairs of which somebody said that they are not one.
    """
    refs = _nearest(session, ALIKE[kind], thing)
    refs -= _apart(session, exclude) if exclude and refs else set()
    found = _hits(session, by, refs, thing, exclude)
    return sorted(found, key=lambda hit: (ORDER.index(hit.level), -hit.likeness.score, hit.kind, hit.id))


def _nearest(session: Session, kinds: Sequence[str], thing: Thing) -> set[Ref]:
    """The rows that share the most telling keys with a thing."""
    own = keys_of(thing)
    keys = {key for key in wanted_keys(thing) if not (_of_sites(kinds) and key.startswith("firm:"))}
    rows = _rows_under(session, kinds, sorted(keys)) if keys else ()
    many, told = Counter((kind, key) for kind, key, _row_id in rows), Counter[Ref]()
    for kind, key, row_id in rows:
        shared = many[kind, key]
        usual = USUAL / (USUAL + shared * (1 if shared <= PER_KEY else 10))
        told[kind, row_id] += round(
            1000 * WEIGHTS.get(key.partition(":")[0], 1.0) * usual * (1.0 if key in own else 0.6)
        )
    return {ref for ref, _weight in told.most_common(MOST)}


def _of_sites(kinds: Sequence[str]) -> bool:
    return kinds[0] in SITES


def _rows_under(session: Session, kinds: Sequence[str], keys: Sequence[str]) -> Sequence[tuple[str, str, int]]:
    """Kind, key and id of the newest rows under each of these keys, at most one more than `PER_KEY` of a kind.

    A phone leads to the people who have it, and through them to their sites. Written by hand: both databases find the
    newest of each key by the index alone only when the keys are a table of their own.
    """
    phones = _of_sites(kinds) and any(key.startswith("phone:") for key in keys)
    asked = [*kinds, Contact.__tablename__] if phones else kinds
    pairs = [(kind, key) for kind in asked for key in keys if kind in kinds or key.startswith("phone:")]
    names = ", ".join(f"(:kind{at}, :key{at})" for at in range(len(pairs)))
    values: dict[str, Any] = {"most": PER_KEY}
    for at, (kind, key) in enumerate(pairs):
        values |= {f"kind{at}": kind, f"key{at}": key}
    query = _UNDER.format(pairs=names) + (_THROUGH_PEOPLE if phones else "")
    rows = session.execute(text(query), values)
    return [(kind, key, row_id) for kind, key, row_id in rows if kind in kinds]


_UNDER = """
WITH wanted (kind, key) AS (VALUES {pairs}), asked AS (
  SELECT wanted.kind, wanted.key, COALESCE((
    SELECT newest.row_id FROM match_key AS newest WHERE newest.kind = wanted.kind AND newest.key = wanted.key
    ORDER BY newest.row_id DESC LIMIT 1 OFFSET :most), 0) AS oldest
  FROM wanted
), found AS (
  SELECT match_key.kind, match_key.key, match_key.row_id FROM asked JOIN match_key
  ON match_key.kind = asked.kind AND match_key.key = asked.key AND match_key.row_id >= asked.oldest
)
SELECT kind, key, row_id FROM found"""
_THROUGH_PEOPLE = """
UNION ALL SELECT 'lead', found.key, lead_contact.lead_id FROM found
JOIN lead_contact ON lead_contact.contact_id = found.row_id WHERE found.kind = 'contact'
UNION ALL SELECT 'project', found.key, project_contact.project_id FROM found
JOIN project_contact ON project_contact.contact_id = found.row_id WHERE found.kind = 'contact'"""


def _apart(session: Session, ref: Ref) -> set[Ref]:
    """The row itself, and those of which somebody said that they are another."""
    kind, row_id = ref
    columns = (Difference.kind, Difference.row_id, Difference.other_kind, Difference.other_id)
    first = and_(Difference.kind == kind, Difference.row_id == row_id)
    second = and_(Difference.other_kind == kind, Difference.other_id == row_id)
    found = {ref}
    for one_kind, one_id, other_kind, other_id in session.execute(select(*columns).where(or_(first, second))):
        found |= {(one_kind, one_id), (other_kind, other_id)}
    return found


def _hits(session: Session, by: User, refs: set[Ref], thing: Thing, own: Ref | None) -> Iterator[Hit]:
    """Each of these rows with how like the thing it is; a claim on the project that it is about is none of them."""
    ids = {kind: [row_id for one, row_id in refs if one == kind] for kind in MODELS}
    alias = aliases_of(session, ids, people=isinstance(thing, Site) and bool(thing.phones))
    for kind, wanted in ids.items():
        if not wanted:
            continue
        for row in session.execute(_shown(kind, by), {"ids": wanted}):
            if kind == CLAIM and own == (Project.__tablename__, row.project_id):
                continue
            likeness = compare(thing, thing_of(kind, row, alias.get(kind)))
            if likeness.level is not Level.NONE:
                yield _hit(kind, row, likeness)


@remembered(sight)
def _shown(kind: str, by: User) -> Select[Any]:
    """What is compared of a kind, with what of it is shown and whether the viewer sees it, of the rows `ids`."""
    model = MODELS[kind]
    seen, wanted = visible(model, by).label("seen"), model.id.in_(bindparam("ids", expanding=True))
    if kind == CLAIM:
        firm, keeper = aliased(Party), aliased(User)
        claimed = (
            Registration.state,
            Registration.project_id,
            firm.name.label("dealer"),
            keeper.id.label("keeper_id"),
            keeper.name.label("keeper"),
        )
        query = query_of(kind, *claimed, seen).where(wanted).join(Dealer, Dealer.id == Registration.dealer_id)
        return query.join(firm, firm.id == Dealer.party_id).outerjoin(keeper, keeper.id == Dealer.keeper_id)
    if kind not in SITES:
        return query_of(kind, seen).where(wanted)
    owner, supervisor = aliased(User), aliased(User)
    columns = (model.state, model.owner_id, model.team_id, owner.name.label("owner"), Team.name.label("team"),
               supervisor.id.label("supervisor_id"), supervisor.name.label("supervisor"), seen)  # fmt: skip
    query = query_of(kind, *columns).where(wanted).outerjoin(owner, owner.id == model.owner_id)
    return query.outerjoin(Team, Team.id == model.team_id).outerjoin(supervisor, supervisor.id == Team.supervisor_id)


def _hit(kind: str, row: Any, likeness: Likeness) -> Hit:
    if kind in SITES:
        ask = Asked(row.team, row.supervisor_id, row.supervisor)
        return Hit(kind, row.id, row.name, row.address, row.state, row.owner_id, row.owner, row.team_id, ask,
                   bool(row.seen), likeness)  # fmt: skip
    if kind == CLAIM:
        ask = Asked(None, row.keeper_id, row.keeper, claim=True)
        return Hit(
            kind, row.id, row.name, row.address, row.state, None, row.dealer, None, ask, bool(row.seen), likeness
        )
    under = row.firm if kind == Contact.__tablename__ else row.address
    nobody = Asked(None, None, None)
    return Hit(kind, row.id, row.name, under, None, None, None, None, nobody, bool(row.seen), likeness)


def sees(session: Session, by: User, kind: str, row_id: int) -> bool:
    """Whether the viewer sees a row."""
    model = MODELS[kind]
    return session.scalar(select(model.id).where(model.id == row_id, visible(model, by))) is not None


def load_thing(session: Session, by: User, kind: str, row_id: int) -> tuple[str, Thing]:
    """The name of a row that the viewer sees and the thing that is compared of it, or NotFound."""
    model = MODELS.get(kind)
    if model is None or kind not in NAMED or (is_dealer(by) and kind not in SITES):
        raise NotFound
    row = session.execute(query_of(kind).where(model.id == row_id, visible(model, by))).first()
    if row is None:
        raise NotFound
    alias = aliases_of(session, {kind: [row_id]}, people=True)
    return row.name, thing_of(kind, row, alias.get(kind))


def site_requests_asked(by: User, *, to_answer: bool) -> Select[SiteRequest]:
    """Requests about known sites, the newest first: open ones that are the user's to answer, or his own."""
    mine = and_(SiteRequest.state == "open", overseen_requests(by)) if to_answer else SiteRequest.by_id == by.id
    query = select(SiteRequest).where(visible(SiteRequest, by), mine).order_by(SiteRequest.id.desc())
    return query.options(*_REQUEST)


def list_site_requests(session: Session, by: User, *, to_answer: bool, page: int = 1) -> Page[SiteRequest]:
    """A page of these requests."""
    return page_of(session, site_requests_asked(by, to_answer=to_answer), page)


def list_requests_of(session: Session, by: User, kind: str, row_id: int) -> Sequence[SiteRequest]:
    """Open requests about one site, as far as the user may read them."""
    site = SiteRequest.lead_id if kind == Lead.__tablename__ else SiteRequest.project_id
    query = select(SiteRequest).where(site == row_id, SiteRequest.state == "open", visible(SiteRequest, by))
    return session.scalars(query.order_by(SiteRequest.id).options(*_REQUEST)).all()


def find_drawn_up(session: Session, by: User, lead_id: int) -> dict[str, Any] | None:
    """The project that was to be opened where a lead stands for it, as `ProjectDraft.to_json` keeps it."""
    asked = select(SiteRequest.typed).where(SiteRequest.claim_id == lead_id, visible(SiteRequest, by))
    kept = session.scalars(asked.order_by(SiteRequest.id.desc()).limit(1)).first() or {}
    return kept.get("project")


def get_site_request(session: Session, by: User, request_id: int) -> SiteRequest:
    """One request with its site's team, or NotFound."""
    found = session.scalar(
        select(SiteRequest)
        .where(SiteRequest.id == request_id, visible(SiteRequest, by))
        .options(
            joinedload(SiteRequest.by),
            joinedload(SiteRequest.lead).joinedload(Lead.team),
            joinedload(SiteRequest.project).joinedload(Project.team),
            joinedload(SiteRequest.claim),
        )
    )
    if found is None:
        raise NotFound
    return found


_REQUEST = (
    joinedload(SiteRequest.by),
    joinedload(SiteRequest.team),
    joinedload(SiteRequest.answered_by),
    joinedload(SiteRequest.lead),
    joinedload(SiteRequest.project),
    joinedload(SiteRequest.claim),
)

"""One person with all that is known of him, and the lists of people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from tracker import clock
from tracker.access import sight, visible
from tracker.contacts.models import ContactConsent, ContactLink, ContactPost, ContactWay
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.handover.models import Handing
from tracker.paging import Page, page_of
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact
from tracker.remembering import remembered
from tracker.search.indexing import holds
from tracker.team.models import User

SHOWS = ("met", "away", "never", "birthday", "consent")
"""The ways to look at the people: met last, not met for longest, never met, birthdays this month, without consent."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post somebody held or holds."""

    id: int
    party_id: int
    firm: str
    post: str | None
    since: date | None
    until: date | None
    present: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """A number or address."""

    id: int
    kind: str
    value: str
    main: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody said about being reached in a way. `counts`: nothing later was said of this way."""

    what: str
    given: bool
    on: date
    how: str
    by: str | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Link:
    """That somebody knows somebody. The one whose page it is stands at one end; `other` is who stands at the other:
    a contact, or one of ours (`ours`). `outward`: from the one whose page it is. `left`: he of ours is with us no more,
    and `successor` took over what was his."""

    id: int
    kind: str
    strength: int
    other_id: int
    other: str
    ours: bool
    outward: bool
    note: str | None
    left: bool = False
    successor: User | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What hangs on a contact. `cards`: the tokens of pictures of his card, the newest first."""

    posts: Sequence[Post]
    ways: Sequence[Way]
    consents: Sequence[Consent]
    links: Sequence[Link]
    cards: Sequence[str]


def get_contact(session: Session, by: User, contact_id: int) -> Contact:
    """One contact with his party, or NotFound."""
    found = session.scalar(
        select(Contact).where(Contact.id == contact_id, visible(Contact, by)).options(joinedload(Contact.party))
    )
    if found is None:
        raise NotFound
    return found


def load_person(session: Session, contact: Contact) -> Person:
    """What hangs on a contact, in one round trip. The caller has checked that he is visible."""
    found: dict[str, list[Any]] = {kind: [] for kind in ("post", "way", "consent", "link", "ours", "card")}
    for row in sorted(session.execute(_person(), {"contact": contact.id}).all(), key=itemgetter(1)):
        found[row[0]].append(row[1:])
    posts = [
        Post(key, party_id, firm, post, since, until, bool(present), note)
        for key, party_id, firm, post, note, since, until, present, _none in found["post"]
    ]
    posts.sort(key=lambda post: (post.present, post.until or date.max, post.since or date.min, post.id), reverse=True)
    ways = [Way(key, kind, value, bool(main)) for key, _o, kind, value, _n, _s, _u, main, _none in found["way"]]
    ways.sort(key=lambda way: (not way.main, way.id))
    links = [
        Link(key, kind, strength, other, name, False, bool(outward), note)
        for key, other, name, kind, note, _s, _u, outward, strength in found["link"]
    ]
    heirs = find_successors(session, {row[1] for row in found["ours"] if row[7]})
    links += [
        Link(key, kind, strength, other, name, True, False, note, bool(left), heirs.get(other))
        for key, other, name, kind, note, _s, _u, left, strength in found["ours"]
    ]
    cards = [row[3] for row in reversed(found["card"])]
    return Person(_told_once(posts), ways, _consents(found["consent"]), links, cards)


def find_successors(session: Session, left: Collection[int]) -> dict[int, User]:
    """Who took over from these who left us, by their ids."""
    if not left:
        return {}
    query = select(Handing.user_id, User).join(User, User.id == Handing.successor_id)
    query = query.where(Handing.user_id.in_(left), Handing.leaves.is_(True)).order_by(Handing.id)
    rows: Any = session.execute(query)
    return dict(rows.all())


def _told_once(posts: Sequence[Post]) -> list[Post]:
    """The posts without those that only repeat another: two contacts that were merged may both have known one."""
    found: list[Post] = []
    for post in posts:
        bare = post.since is None and post.until is None and not post.note
        if not (bare and any((one.party_id, one.post) == (post.party_id, post.post) for one in found)):
            found.append(post)
    return found


def _consents(rows: Sequence[Any]) -> list[Consent]:
    """What was said, the latest first; of each way the first counts."""
    said: set[str] = set()
    found = []
    for _key, _o, by, what, how, on, _u, given, _none in sorted(rows, key=itemgetter(5, 0), reverse=True):
        found.append(Consent(what, bool(given), on, how, by, what not in said))
        said.add(what)
    return found


@cache
def _person() -> Any:
    """What it is, id, whose id stands beside it, a name, a text, a remark, two days, a mark, a number; see above."""
    of = bindparam("contact", type_=Integer)
    text, day, number, mark = (cast(null(), kind) for kind in (String, Date, Integer, Boolean))
    ours, by = aliased(User), aliased(User)
    posts = select(
        literal("post"), ContactPost.id, ContactPost.party_id, Party.name, ContactPost.post, ContactPost.note,
        ContactPost.since, ContactPost.until, ContactPost.present, number,
    ).join(Party, Party.id == ContactPost.party_id)  # fmt: skip
    ways = select(literal("way"), ContactWay.id, number, ContactWay.kind, ContactWay.value, text, day, day,
                  ContactWay.main, number)  # fmt: skip
    consents = select(literal("consent"), ContactConsent.id, number, by.name, ContactConsent.what, ContactConsent.how,
                      ContactConsent.on, day, ContactConsent.given, number)  # fmt: skip
    told = (ContactLink.kind, ContactLink.note, day, day)
    known = select(literal("ours"), ContactLink.id, ours.id, ours.name, *told, ~ours.active, ContactLink.strength)
    cards = select(literal("card"), Photo.id, number, text, Photo.token, text, day, day, mark, number)
    return union_all(
        posts.where(ContactPost.contact_id == of),
        ways.where(ContactWay.contact_id == of),
        consents.outerjoin(by, by.id == ContactConsent.by_id).where(ContactConsent.contact_id == of),
        _links(ContactLink.from_contact_id, ContactLink.contact_id, of, told, outward=True),
        _links(ContactLink.contact_id, ContactLink.from_contact_id, of, told, outward=False),
        known.join(ours, ours.id == ContactLink.from_user_id).where(ContactLink.contact_id == of),
        cards.where(Photo.contact_id == of, Photo.purged_at.is_(None)),
    )


def _links(here: Any, there: Any, of: Any, told: Sequence[Any], *, outward: bool) -> Any:
    """Links between the contact and others. Two who were merged may have been linked: nobody is linked to himself."""
    other = aliased(Contact)
    query = select(literal("link"), ContactLink.id, other.id, other.name, *told, literal(outward), ContactLink.strength)
    return query.join(other, other.id == there).where(here == of, there != of)


def list_contacts(
    session: Session,
    by: User,
    *,
    q: str = "",
    party_id: int | None = None,
    show: str = "",
    page: int = 1,
    size: int = 50,
) -> Page[Contact]:
    """A page of contacts, with their parties."""
    query = contacts_asked(by, q=q, party_id=party_id, show=show).options(selectinload(Contact.party))
    return page_of(session, query, page, size)


def contacts_asked(by: User, *, q: str = "", party_id: int | None = None, show: str = "") -> Select[Contact]:
    """The statement for a list of contacts, whole and in its order; `show` is one of `SHOWS`, or '' for all by name."""
    query = select(Contact).where(visible(Contact, by), Contact.forgotten_at.is_(None))
    if q:
        query = query.where(holds(Contact, q))
    if party_id is not None:
        query = query.where(Contact.party_id == party_id)
    match show:
        case "met":
            return query.where(Contact.last_met_on.is_not(None)).order_by(Contact.last_met_on.desc(), Contact.id.desc())
        case "away":
            return query.where(Contact.last_met_on.is_not(None)).order_by(Contact.last_met_on, Contact.id)
        case "never":
            # not as it stands: the index on it would bring most of all people, to be sorted
            query = query.where(func.coalesce(Contact.last_met_on, null()).is_(None))
        case "birthday":
            this_month = Contact.birth_month == clock.today().month
            return query.where(this_month).order_by(Contact.birth_day, Contact.name, Contact.id)
        case "consent":
            query = query.where(_without_consent())
    return query.order_by(Contact.name, Contact.id)


def _without_consent() -> Any:
    """The condition that nothing a contact consented to still holds."""
    later = aliased(ContactConsent)
    taken_back = select(later.id).where(
        later.contact_id == ContactConsent.contact_id,
        later.what == ContactConsent.what,
        or_(later.on > ContactConsent.on, and_(later.on == ContactConsent.on, later.id > ContactConsent.id)),
    )
    holding = select(ContactConsent.id).where(
        ContactConsent.contact_id == Contact.id, ContactConsent.given.is_(True), ~taken_back.exists()
    )
    return ~holding.exists()


def suggest_contacts(session: Session, by: User, q: str, limit: int = 10) -> Sequence[Contact]:
    """Contacts in whose words `q` is, with their firms, for choosing one in a form."""
    query = select(Contact).where(visible(Contact, by), Contact.forgotten_at.is_(None), holds(Contact, q))
    return session.scalars(query.options(joinedload(Contact.party)).order_by(Contact.name).limit(limit)).all()


def list_circles(session: Session, by: User, contact: Contact, limit: int = 50) -> Sequence[ProjectContact]:
    """The projects the user sees in whose circle the person is, with role, attitude and last meeting."""
    return session.scalars(
        select(ProjectContact)
        .join(ProjectContact.project)
        .where(ProjectContact.contact_id == contact.id, visible(Project, by))
        .options(contains_eager(ProjectContact.project))
        .order_by(ProjectContact.id.desc())
        .limit(limit)
    ).all()


def list_birthdays(session: Session, by: User, today: date, days: int = 7, limit: int = 12) -> Sequence[Contact]:
    """Whose birthday is today or in the days after it, of those whom the user knows or who are in the circle of one of
    his own projects; the next first."""
    ahead = [today + timedelta(days=number) for number in range(days + 1)]
    order = {(day.month, day.day): number for number, day in enumerate(ahead)}
    if (2, 28) in order and (2, 29) not in order:
        order[2, 29] = order[2, 28]  # in years without that day
    days_of_year = {f"month{place}": month for place, (month, _day) in enumerate(order)}
    days_of_year |= {f"day{place}": day for place, (_month, day) in enumerate(order)}
    found = session.scalars(_birthdays(len(order), by), days_of_year).all()
    return sorted(found, key=lambda one: (order[one.birth_month or 0, one.birth_day or 0], one.id))[:limit]


@remembered(sight)
def _birthdays(days: int, by: User) -> Any:
    """Of the few whose day it is it is asked whether he knows them: those he knows would be thousands."""
    knows = exists().where(ContactLink.contact_id == Contact.id, ContactLink.from_user_id == by.id)
    in_circle = (
        exists()
        .where(ProjectContact.contact_id == Contact.id, Project.id == ProjectContact.project_id)
        .where(Project.owner_id == by.id, Project.merged_into_id.is_(None))
    )
    soon = or_(
        *(
            and_(
                Contact.birth_month == bindparam(f"month{place}", type_=Integer),
                Contact.birth_day == bindparam(f"day{place}", type_=Integer),
            )
            for place in range(days)
        )
    )
    query = select(Contact).where(soon, or_(knows, in_circle), visible(Contact, by), Contact.forgotten_at.is_(None))
    return query.options(joinedload(Contact.party))

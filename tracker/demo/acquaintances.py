"""What the demo knows of the people in its projects: further numbers, former posts, who knows whom, consents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.contacts import keeping
from tracker.contacts.models import ContactConsent, ContactLink, ContactPost, ContactWay
from tracker.contacts.wording import CARES, PREFERRED, way_key
from tracker.demo import names
from tracker.demo.chronicle import Chronicle
from tracker.events import Kind
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact

KINDS = ("knows", "knows", "reports_to", "influences")
NOTES = ("以前的项目漏过水，重视防水", "在意厂家能否按时到货", "喜欢看样板间", "只看检测报告")
LEAVER, EACH = 11, 60  # of those in circles, whoever left his firm lately
HOW = ("交换名片时口头同意", "邮件确认", "现场签了回执", "电话里同意，当日记录")


def add_acquaintances(session: Session, random: Random, chronicle: Chronicle) -> None:
    """Tell more of everybody in the circle of a project; of the others nothing more is known."""
    circles: dict[int, list[int]] = defaultdict(list)
    for project_id, contact_id in session.execute(
        select(ProjectContact.project_id, ProjectContact.contact_id).order_by(ProjectContact.id)
    ):
        circles[project_id].append(contact_id)
    ids = sorted({contact for people in circles.values() for contact in people})
    those = select(Contact).where(Contact.id.in_(ids)).order_by(Contact.id).options(joinedload(Contact.party))
    people = session.scalars(those).all()
    firms = session.scalars(select(Party.id).where(Party.kind != "dealer").order_by(Party.id)).all()
    for person in people:
        _character(random, person)
        session.add_all(
            [*_ways(random, person), *_former(random, person, firms), *_consents(random, person, chronicle)]
        )
    owners = dict(session.execute(select(Project.id, Project.owner_id)).all())
    session.add_all(_links(random, circles, owners))
    session.flush()
    keeping.fill(session)
    _leave(people[LEAVER::EACH], chronicle)


def _leave(people: Sequence[Contact], chronicle: Chronicle) -> None:
    """Some are at their firms no more, and nobody knows yet where they went."""
    for number, person in enumerate(people):
        at = max(person.created_at, clock.now() - timedelta(days=9 + 4 * number))
        person.left_on = clock.local(at).date()
        on, firm = person.left_on.isoformat(), person.party.name
        chronicle.note(Kind.CONTACT_GONE, person, at, person.created_by_id, firm=firm, former_post=person.post, on=on)


def _character(random: Random, person: Contact) -> None:
    if random.random() < 0.4:
        person.birth_month, person.birth_day = random.randint(1, 12), random.randint(1, 28)
        person.birth_year = random.randint(1962, 1995) if random.random() < 0.5 else None
    if random.random() < 0.5:
        person.cares = sorted(random.sample(list(CARES), random.randint(1, 3)), key=list(CARES).index)
        person.care_note = random.choice(NOTES) if random.random() < 0.3 else None
    if random.random() < 0.4:
        person.preferred_way = random.choice(list(PREFERRED))


def _ways(random: Random, person: Contact) -> list[ContactWay]:
    said = []
    if random.random() < 0.35:
        said.append(("office", f"0571-{random.randint(80_000_000, 89_999_999)}"))
    if random.random() < 0.4:
        said.append(("wechat", f"wx_{random.randint(10_000, 99_999)}"))
    return [ContactWay(contact_id=person.id, kind=kind, value=value, key=way_key(kind, value)) for kind, value in said]


def _former(random: Random, person: Contact, firms: Sequence[int]) -> list[ContactPost]:
    """Posts at other firms that ended before we met him."""
    if random.random() > 0.25:
        return []
    until = clock.local(person.created_at).date() - timedelta(days=random.randint(60, 900))
    since = until - timedelta(days=random.randint(400, 2000))
    firm = random.choice([key for key in firms if key != person.party_id])
    post = names.post(random, "owner")
    return [ContactPost(contact_id=person.id, party_id=firm, post=post, since=since, until=until)]


def _consents(random: Random, person: Contact, chronicle: Chronicle) -> list[ContactConsent]:
    rows = []
    for what, share in (("phone", 0.6), ("marketing", 0.25)):
        if random.random() > share:
            continue
        at = min(person.created_at + timedelta(days=random.randint(0, 30)), clock.now())
        said: dict[str, Any] = {"given": random.random() < 0.85, "how": random.choice(HOW)}
        on: date = clock.local(at).date()
        row = ContactConsent(contact_id=person.id, what=what, on=on, by_id=person.created_by_id, at=at, **said)
        chronicle.note(Kind.CONSENT_STATED, person, at, person.created_by_id, consent=what, on=on.isoformat(), **said)
        rows.append(row)
    return rows


def _links(random: Random, circles: dict[int, list[int]], owners: dict[int, int | None]) -> list[ContactLink]:
    """Within each circle some who stand to each other somehow, and whom the project's owner knows."""
    known: set[tuple[Any, ...]] = set()
    rows = []
    for project_id, people in circles.items():
        for first, second in zip(people, people[1:], strict=False):
            kind = random.choice(KINDS)
            ends = (random.choice([(first, second), (second, first)]), kind)
            if random.random() < 0.5 and ends not in known:
                known.add(ends)
                (source, target), strength = ends[0], random.randint(1, 3)
                rows.append(ContactLink(from_contact_id=source, contact_id=target, kind=kind, strength=strength))
        owner, target = owners[project_id], random.choice(people)
        if owner is not None and (owner, target) not in known:
            known.add((owner, target))
            rows.append(ContactLink(from_user_id=owner, contact_id=target, kind="knows", strength=random.randint(1, 3)))
    return rows

"""Search of what has no index of words: papers, pictures, registrations, agreements and colleagues, by a part of what
they say. It looks at each row, so it comes after the page of the indexed kinds and never holds that up."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker.access import is_dealer, visible
from tracker.accounts.models import Account, FrameAgreement
from tracker.dealers.models import Dealer
from tracker.documents.models import Document
from tracker.gallery.models import Photo
from tracker.parties.models import Party
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.search.marking import Marked, mark
from tracker.team.models import Team, User

LONGEST = 100  # characters that are looked for
MOST = 8  # rows of each kind
FEWEST = 2  # characters


@dataclass(frozen=True, slots=True)
class Also:
    """A row that was found: what its page is called by (an id or a token), its name and where it belongs.

    `text`: what matched where the name did not.
    """

    kind: str
    key: str | int
    name: Marked
    text: Marked
    under: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind: its statement (key, name, further texts …, where it belongs), the columns that are looked at."""

    query: Any
    looked: Sequence[Any]


def search_beside(session: Session, by: User, text: str) -> Mapping[str, Sequence[Also]]:
    """What holds each of the words of `text`, the newest first, by kind; kinds without a hit are left out."""
    words = unicodedata.normalize("NFKC", text[:LONGEST]).split()
    found: dict[str, Sequence[Also]] = {}
    if len("".join(words)) < FEWEST:
        return found
    for name, kind in _kinds(by).items():
        holds = [or_(*(column.icontains(word, autoescape=True) for column in kind.looked)) for word in words]
        rows = session.execute(kind.query.where(and_(*holds)).limit(MOST)).all()
        if rows:
            found[name] = [_also(name, row, text) for row in rows]
    return found


def _also(kind: str, row: Any, text: str) -> Also:
    key, title, *texts, under = row
    name = mark(title or "", text)
    others = [mark(one, text) for one in texts if one]
    best = max(others, key=lambda one: one.held, default=Marked(0, ()))
    return Also(kind, key, name, best if best.held > name.held else Marked(0, ()), under or "")


def _kinds(by: User) -> Mapping[str, _Kind]:
    """The kinds that are anything to the user, with the rows that he sees."""
    theirs = {"registrations": _registrations(by), "documents": _documents(by), "photos": _photos(by)}
    if is_dealer(by):
        return theirs
    agreements = select(FrameAgreement.id, FrameAgreement.number, Party.name).where(visible(FrameAgreement, by))
    agreements = agreements.join(Account, Account.id == FrameAgreement.account_id)
    agreements = agreements.join(Party, Party.id == Account.party_id).order_by(FrameAgreement.id.desc())
    people = select(User.id, User.name, User.username, Team.name).outerjoin(Team, Team.id == User.team_id)
    return {
        **theirs,
        "agreements": _Kind(agreements, (FrameAgreement.number, Party.name)),
        "people": _Kind(people.where(visible(User, by), User.active).order_by(User.name), (User.name, User.username)),
    }


def _registrations(by: User) -> _Kind:
    one = Registration
    query = select(one.id, one.name, one.address, one.plot_number, one.developer, Party.name)
    query = query.join(Dealer, Dealer.id == one.dealer_id).join(Party, Party.id == Dealer.party_id)
    looked = (one.name, one.address, one.plot_number, one.developer, Party.name)
    return _Kind(query.where(visible(one, by)).order_by(one.id.desc()), looked)


def _documents(by: User) -> _Kind:
    query = select(Document.token, Document.file_name, Project.name)
    query = query.outerjoin(Project, and_(Project.id == Document.project_id, visible(Project, by)))
    query = query.where(visible(Document, by), Document.newer.is_(False))
    return _Kind(query.order_by(Document.id.desc()), (Document.file_name,))


def _photos(by: User) -> _Kind:
    query = select(Photo.token, Photo.caption, Photo.file_name, Project.name)
    query = query.outerjoin(Project, and_(Project.id == Photo.project_id, visible(Project, by)))
    return _Kind(query.where(visible(Photo, by)).order_by(Photo.id.desc()), (Photo.caption, Photo.file_name))

"""The firms that rows name: found by their folded names, made where they are new; a few statements a chunk."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import insert_rows
from tracker.duplicates.indexing import add_keys
from tracker.duplicates.models import MatchKey
from tracker.events import Kind, record
from tracker.imports.operations.trail import Trail
from tracker.matching.comparing import compare_firms
from tracker.matching.likeness import Level
from tracker.matching.normalise import firm_key, phone_key
from tracker.matching.things import Firm
from tracker.parties.models import Party, PartyName
from tracker.parties.queries import also_called
from tracker.search.indexing import add_words
from tracker.team.models import User

MOST_KEYS = 5000  # in one IN (…): both databases take more, neither gains by it
LONGEST_KEY = 200  # characters of `Party.name_key`; folding may lengthen a name


def key_of(name: str) -> str:
    """The folded name by which a firm is known."""
    return firm_key(name)[:LONGEST_KEY]


class Firms:
    """The firms that a run has met so far, by their folded names."""

    def __init__(self, session: Session, by: User, trail: Trail) -> None:
        self.session, self.by, self.trail = session, by, trail
        self.ids: dict[str, int] = {}
        self.people: dict[str, int] = {}  # by the keys of the names of people without a firm

    def id_of(self, name: str) -> int:
        """The firm of this name, which was found or made before."""
        return self.ids[key_of(name)]

    def find(self, names: Iterable[str]) -> set[str]:
        """Know those of these firms that are there; returns the folded names of the others."""
        return self.find_keys(map(key_of, names))

    def find_keys(self, keys: Iterable[str]) -> set[str]:
        """The same, by folded names."""
        missing = [key for key in dict.fromkeys(keys) if key not in self.ids]
        rest = iter(missing)
        while some := list(islice(rest, MOST_KEYS)):
            known = (
                select(Party.name_key, func.coalesce(Party.merged_into_id, Party.id))
                .where(Party.name_key.in_(some), Party.withdrawn.is_(False))
                .order_by(Party.id.desc())
            )
            self.ids.update((key, party_id) for key, party_id in self.session.execute(known))
            self.ids.update(also_called(self.session, [key for key in some if key not in self.ids]))
        return {key for key in missing if key not in self.ids}

    def use(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Know every one of these firms (name, kind), making those that are new."""
        firms: dict[str, tuple[str, str]] = {}
        for name, kind in wanted:
            firms.setdefault(key_of(name), (name, kind))
        missing = self.find(name for name, _kind in firms.values())
        if missing:
            self._make({key: firm for key, firm in firms.items() if key in missing})

    def meet(self, name: str, kind: str, *, phone: str | None, address: str | None, person: str = "") -> int:
        """The firm of this name: the known one, also by another spelling that its phone confirms; else a new one. For a
        person without a firm `person` is the key of his name, by which other orders of its words are the same."""
        key = key_of(name)
        if person and person in self.people:
            self.ids.setdefault(key, self.people[person])
        if key not in self.ids and self.find_keys([key]):
            known = self._by_phone(name, phone) if phone else None
            if known is None:
                self._make({key: (name, kind)}, phone=phone, address=address)
            else:
                self.ids[key] = known.id
                self._spelt(known, name, key)
        if person:
            self.people.setdefault(person, self.ids[key])
        return self.ids[key]

    def _spelt(self, party: Party, name: str, key: str) -> None:
        """Keep another spelling of a known firm."""
        self.session.add(PartyName(party_id=party.id, kind="other", name=name, name_key=key, by_id=self.by.id))
        self.session.flush()
        record(self.session, Kind.PARTY_NAMED, party, by=self.by, name=name, run=self.trail.run_id)

    def _by_phone(self, name: str, phone: str) -> Party | None:
        """The firm that has this phone and is called alike, as the matcher judges."""
        number = phone_key(phone)
        held = select(MatchKey.row_id).where(MatchKey.kind == "party", MatchKey.key == f"phone:{number}")
        query = select(Party).where(Party.id.in_(held), Party.merged_into_id.is_(None), Party.withdrawn.is_(False))
        asked = Firm((name,), None, (phone,))
        for party in self.session.scalars(query.order_by(Party.id)):
            likeness = compare_firms(asked, Firm((party.name,), None, (party.phone or "",)))
            if likeness.level in (Level.CERTAIN, Level.LIKELY):
                return party
        return None

    def _make(self, firms: dict[str, tuple[str, str]], *, phone: str | None = None, address: str | None = None) -> None:
        plain = {"created_by_id": self.by.id, "created_at": clock.now(), "version": 1, "withdrawn": False,
                 "phone": phone, "address": address}  # fmt: skip
        values = [{"name": name, "name_key": key, "kind": kind, **plain} for key, (name, kind) in firms.items()]
        made = insert_rows(self.session, Party, values, Party.id, Party.name_key)
        self.ids.update((key, party_id) for party_id, key in made)
        add_keys(self.session, Party.__tablename__, [party_id for party_id, _key in made])
        said = {"phone": phone, "address": address}
        add_words(self.session, Party, ({"id": party_id, "name": firms[key][0], **said} for party_id, key in made))
        self.trail.created(Party, Kind.PARTY_ADDED, ((party_id, {"name": firms[key][0]}) for party_id, key in made))

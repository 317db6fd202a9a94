"""Rows that become firms or change those that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from tracker import clock
from tracker.access import Action, can, visible
from tracker.database import insert_rows
from tracker.duplicates.indexing import add_keys
from tracker.events import Kind
from tracker.imports.operations.firms import key_of
from tracker.imports.operations.taking import Key, Taker, Verdict, changed_fields
from tracker.imports.operations.trail import plain
from tracker.matching.normalise import licence_key, phone_key
from tracker.parties.models import Party
from tracker.search.indexing import add_words
from tracker.sheets.rows import Row

SHORTEST_PHONE = 7  # digits from which on a number tells whose it is
SHORTEST_CODE = 8  # characters from which on a credit code does


class CommonTaker(Taker):
    """Firms and people: they belong to all of us, whoever entered them. Their names stay: a row's is another spelling.

    `edited`: the event of a change; `changeable`: the fields that a row may change.
    """

    edited: Kind
    changeable: tuple[str, ...]

    def things(self, ids: Iterable[int]) -> dict[int, Any]:
        """Those that the user sees."""
        found = self.session.scalars(select(self.model).where(self.model.id.in_(ids), visible(self.model, self.by)))
        return {thing.id: thing for thing in found}

    def may_edit(self, thing: Any) -> bool:
        """Whoever edits firms and people edits each."""
        return can(self.by, Action.PARTY_EDIT, thing)

    def differences(self, thing: Any, row: Row) -> dict[str, tuple[Any, Any]]:
        """What else is told of it."""
        return changed_fields(thing, row, {name: name for name in self.changeable})

    def put(self, thing: Any, name: str, value: Any) -> None:
        """Give a thing a row's value."""
        setattr(thing, name, value)

    def update(self, verdicts: Sequence[Verdict]) -> None:
        """Change the fields that differ."""
        things = self.things([verdict.thing_id for verdict in verdicts if verdict.thing_id])
        told = []
        for verdict in verdicts:
            thing = things[verdict.thing_id or 0]
            before = {name: plain(was) for name, (was, _becomes) in verdict.changes.items()}
            after = {name: plain(becomes) for name, (_was, becomes) in verdict.changes.items()}
            for name, (_was, becomes) in verdict.changes.items():
                self.put(thing, name, becomes)
            told.append((thing.id, before, after))
        self.session.flush()
        self.trail.updated(self.model, self.edited, told)


class PartyTaker(CommonTaker):
    """Firms. The folded name always counts: no firm is made twice."""

    model, kind, edited = Party, "parties", Kind.PARTY_EDITED
    changeable = ("short_name", "kind", "credit_code", "address", "phone", "note")
    _phones: dict[str, list[int]] | None = None

    def identities(self, row: Row) -> list[Key]:
        """The folded name, and credit code and phone where these were chosen."""
        code, phone = licence_key(row.get("credit_code") or "")[:40], phone_key(row.get("phone") or "")
        keys: list[Key] = [("name", key_of(row.get("name")))]
        keys += [("credit_code", code)] if len(code) >= SHORTEST_CODE else []
        keys += [("phone", phone)] if len(phone) >= SHORTEST_PHONE else []
        return [key for key in keys if key[0] == "name" or key[0] in self.options.keys]

    def lookup(self, rows: Mapping[int, list[Key]]) -> dict[int, list[int]]:
        """By name and credit code in the database, by phone among all; the surest that finds something counts."""
        said = [key for keys in rows.values() for key in keys]
        self.firms.find_keys(words for way, words in said if way == "name")
        codes = self._by_code([words for way, words in said if way == "credit_code"])
        found: dict[int, list[int]] = {}
        for number, keys in rows.items():
            known = {"name": self._by_name, "credit_code": lambda code: codes.get(code, []), "phone": self._by_phone}
            found[number] = next((ids for way, words in keys if (ids := known[way](words))), [])
        return found

    def _by_name(self, name: str) -> list[int]:
        known = self.firms.ids.get(name)
        return [known] if known else []

    def _by_code(self, codes: Sequence[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        if codes:
            same = func.coalesce(Party.merged_into_id, Party.id)
            rows = select(Party.code_key, same).where(Party.code_key.in_(codes), Party.withdrawn.is_(False)).distinct()
            for code, party_id in self.session.execute(rows):
                found.setdefault(code or "", []).append(party_id)
        return found

    def _by_phone(self, phone: str) -> list[int]:
        if self._phones is None:
            self._phones = {}
            same = func.coalesce(Party.merged_into_id, Party.id)
            rows = select(same, Party.phone).where(Party.phone.is_not(None), Party.withdrawn.is_(False))
            for party_id, said in self.session.execute(rows):
                known = self._phones.setdefault(phone_key(said or ""), [])
                if party_id not in known:
                    known.append(party_id)
        return self._phones.get(phone, [])

    def create(self, rows: Sequence[Row]) -> None:
        """Firms with their words and events."""
        values = [self._values(row) for row in rows]
        made = insert_rows(self.session, Party, values, Party.id, Party.name_key)
        ids = {key: party_id for party_id, key in made}
        self.firms.ids.update(ids)
        add_keys(self.session, Party.__tablename__, list(ids.values()))
        add_words(self.session, Party, ({**one, "id": ids[one["name_key"]]} for one in values))
        told = ((ids[one["name_key"]], {"name": one["name"]}) for one in values)
        self.trail.created(Party, Kind.PARTY_ADDED, told)

    def _values(self, row: Row) -> dict[str, Any]:
        return {
            "name": row.get("name"),
            "name_key": key_of(row.get("name")),
            "kind": row.get("kind") or self.options.kind,
            "short_name": row.get("short_name"),
            "short_key": key_of(row.get("short_name")) if row.get("short_name") else None,
            "credit_code": row.get("credit_code"),
            "code_key": licence_key(row.get("credit_code") or "")[:40] or None,
            "address": row.get("address"),
            "phone": row.get("phone"),
            "note": row.get("note"),
            "withdrawn": False,
            "created_at": clock.now(),
            "created_by_id": self.by.id,
            "version": 1,
        }

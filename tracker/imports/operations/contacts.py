"""Rows that become people at firms or change those that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from tracker import clock
from tracker.contacts.keeping import settle
from tracker.contacts.models import ContactWay
from tracker.contacts.wording import NUMBERS
from tracker.database import insert_rows
from tracker.duplicates.indexing import add_keys
from tracker.events import Kind
from tracker.imports.operations.firms import key_of
from tracker.imports.operations.parties import SHORTEST_PHONE, CommonTaker
from tracker.imports.operations.taking import Key
from tracker.matching.normalise import folded, phone_key
from tracker.parties.models import Contact
from tracker.search.indexing import add_words
from tracker.sheets.rows import Row


class ContactTaker(CommonTaker):
    """People. The same name at the same firm always counts as the same person."""

    model, kind, edited = Contact, "contacts", Kind.CONTACT_EDITED
    changeable = ("post", "phone", "email", "note")
    _index: dict[Key, list[int]] | None = None

    def identities(self, row: Row) -> list[Key]:
        """Firm and name, then phone and e-mail where they were chosen."""
        return [("firm_name", key_of(row.get("party")), folded(row.get("name"))), *self._others(row.get)]

    def _others(self, said: Any) -> list[Key]:
        phone, email = phone_key(said("phone") or ""), folded(said("email") or "")
        keys = [("phone", phone)] if "phone" in self.options.keys and len(phone) >= SHORTEST_PHONE else []
        return [*keys, *([("email", email)] if "email" in self.options.keys and email else [])]

    def lookup(self, rows: Mapping[int, list[Key]]) -> dict[int, list[int]]:
        """By the people of the firms that the rows name; by phone and e-mail among all."""
        self.firms.find_keys(keys[0][1] for keys in rows.values())
        firms = self.firms.ids
        wanted = {firms[keys[0][1]] for keys in rows.values() if keys[0][1] in firms}
        same = func.coalesce(Contact.merged_into_id, Contact.id)
        people: dict[tuple[int, str], list[int]] = {}
        query = select(same, Contact.party_id, Contact.name).where(
            Contact.party_id.in_(wanted), Contact.withdrawn.is_(False)
        )
        for contact_id, party_id, name in self.session.execute(query):
            known = people.setdefault((party_id, folded(name)), [])
            if contact_id not in known:
                known.append(contact_id)
        found = {}
        for number, (first, *others) in rows.items():
            mine = people.get((firms.get(first[1], 0), first[2]), [])
            found[number] = mine or next((self._indexed()[key] for key in others if key in self._indexed()), [])
        return found

    def _indexed(self) -> dict[Key, list[int]]:
        if self._index is None:
            self._index = {}
            same = func.coalesce(Contact.merged_into_id, Contact.id)
            query = select(same, ContactWay.kind, ContactWay.value).join(Contact, Contact.id == ContactWay.contact_id)
            query = query.where(Contact.withdrawn.is_(False), ContactWay.kind.in_((*NUMBERS, "email")))
            for contact_id, kind, value in self.session.execute(query):
                for key in self._others({"email" if kind == "email" else "phone": value}.get):
                    known = self._index.setdefault(key, [])
                    if contact_id not in known:
                        known.append(contact_id)
        return self._index

    def create(self, rows: Sequence[Row]) -> None:
        """People with their firms, words and events."""
        self.firms.use((row.get("party"), self.options.kind or "owner") for row in rows)
        values = [self._values(row) for row in rows]
        places = (Contact.id, Contact.party_id, Contact.name)
        made = insert_rows(self.session, Contact, values, *places)
        ids = {(party_id, name): contact_id for contact_id, party_id, name in made}
        of_rows = [(ids[one["party_id"], one["name"]], one, row) for one, row in zip(values, rows, strict=True)]
        settle(self.session, list(ids.values()), set(ids.values()))
        add_keys(self.session, Contact.__tablename__, list(ids.values()))
        add_words(self.session, Contact, ({**one, "id": contact_id} for contact_id, one, _row in of_rows))
        told = ((contact_id, {"name": one["name"], "party": row.get("party")}) for contact_id, one, row in of_rows)
        self.trail.created(Contact, Kind.CONTACT_ADDED, told)

    def _values(self, row: Row) -> dict[str, Any]:
        return {
            "party_id": self.firms.id_of(row.get("party")),
            "name": row.get("name"),
            **{name: row.get(name) for name in self.changeable},
            "withdrawn": False,
            "created_at": clock.now(),
            "created_by_id": self.by.id,
            "version": 1,
        }

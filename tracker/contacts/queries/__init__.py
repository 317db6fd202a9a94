"""Reads about contacts. The user comes first; what he may not see does not exist."""

from tracker.contacts.queries.people import (
    SHOWS,
    contacts_asked,
    get_contact,
    list_circles,
    list_contacts,
    load_person,
    suggest_contacts,
)

__all__ = [
    "SHOWS",
    "contacts_asked",
    "get_contact",
    "list_circles",
    "list_contacts",
    "load_person",
    "suggest_contacts",
]

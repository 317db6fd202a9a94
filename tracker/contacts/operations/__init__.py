"""What can be done to contacts."""

from tracker.contacts.operations.cards import add_card, keep_card
from tracker.contacts.operations.forgetting import forget_contact
from tracker.contacts.operations.links import add_link, drop_link
from tracker.contacts.operations.people import edit_contact, state_consent
from tracker.contacts.operations.posts import (
    add_past_post,
    drop_past_post,
    leave_firm,
    move_contact,
    take_leaving_back,
)
from tracker.contacts.operations.ways import add_way, drop_way, make_main

__all__ = [
    "add_card",
    "add_link",
    "add_past_post",
    "add_way",
    "drop_link",
    "drop_past_post",
    "drop_way",
    "edit_contact",
    "forget_contact",
    "keep_card",
    "leave_firm",
    "make_main",
    "move_contact",
    "state_consent",
    "take_leaving_back",
]

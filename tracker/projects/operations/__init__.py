"""What can be done to a project outside its matrix: open, edit, reassign, decide what becomes of it, and who belongs.

Each change asks `access` and the rules, records one event with what it was before, and flushes; nothing commits.
"""

from tracker.projects.operations.categories import (
    add_category,
    drop_category,
    edit_category,
    lose_category,
    move_category,
    revive_category,
    win_category,
)
from tracker.projects.operations.facts import change_route, edit_project
from tracker.projects.operations.giving import Handover, reassign_project
from tracker.projects.operations.lifecycle import Loss, close_project, mark_lost, revive, suspend
from tracker.projects.operations.names import add_site_name, drop_site_name
from tracker.projects.operations.opening import (
    ProjectDraft,
    ask_to_open,
    facts_to_open,
    open_as_asked,
    open_project,
)
from tracker.projects.operations.parts import add_building, add_party, edit_building, remove_party
from tracker.projects.operations.people import add_contact, add_member, edit_contact, remove_contact, remove_member
from tracker.projects.operations.splitting import split_off

__all__ = [
    "Handover",
    "Loss",
    "ProjectDraft",
    "add_building",
    "add_category",
    "add_contact",
    "add_member",
    "add_party",
    "ask_to_open",
    "add_site_name",
    "change_route",
    "close_project",
    "drop_category",
    "drop_site_name",
    "edit_building",
    "edit_category",
    "edit_contact",
    "edit_project",
    "facts_to_open",
    "lose_category",
    "mark_lost",
    "move_category",
    "open_as_asked",
    "open_project",
    "reassign_project",
    "remove_contact",
    "remove_member",
    "remove_party",
    "revive",
    "revive_category",
    "split_off",
    "suspend",
    "win_category",
]

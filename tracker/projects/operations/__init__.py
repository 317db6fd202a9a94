"""What can be done to a project outside its matrix: open, edit, reassign, and who and what belongs to it.

Each change asks `access`, records one event with what it was before, and flushes; nothing commits.
"""

from tracker.projects.operations.categories import add_category, decide_category, edit_category, move_category
from tracker.projects.operations.facts import edit_project, reassign_project
from tracker.projects.operations.opening import ProjectDraft, open_project
from tracker.projects.operations.parts import add_building, add_party, edit_building, remove_party
from tracker.projects.operations.people import add_contact, add_member, edit_contact, remove_contact, remove_member

__all__ = [
    "ProjectDraft",
    "add_building",
    "add_category",
    "add_contact",
    "add_member",
    "add_party",
    "decide_category",
    "edit_building",
    "edit_category",
    "edit_contact",
    "edit_project",
    "move_category",
    "open_project",
    "reassign_project",
    "remove_contact",
    "remove_member",
    "remove_party",
]

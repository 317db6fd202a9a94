"""What the menus offer to whom, and addresses of static files that may be cached for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup

from tracker.access import Action, is_dealer, may
from tracker.access.of_registrations import sees_all_registrations
from tracker.addresses import url_for
from tracker.i18n import _, lang
from tracker.reader import current_user

DAYS = "days"  # the group of the calendar and to-dos
WORK = "work"  # the group of reports, annotations and what one learns from
RELATIONS = "relations"  # the group of firms, people and what hangs on them; the menu on top has one entry for it
_ASKED = (Action.BOARD_VIEW, Action.RECORD_LOG, Action.PEOPLE_MANAGE)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a menu. `group`: what it belongs to beside others; the first of a group stands for it on top."""

    number: int
    url: str
    label: str
    icon: str
    group: str = ""
    leads: bool = False

    @property
    def on_top(self) -> bool:
        """Whether it has a place in the menu of a desk."""
        return not self.group or self.leads

    @property
    def holds(self) -> str:
        """The group it stands for on top; one of no item else."""
        return self.group if self.leads else "-"

    @property
    def title(self) -> str:
        """What it is called on top."""
        return _("Firms and people") if self.leads and self.group == RELATIONS else self.label


@dataclass(frozen=True, slots=True)
class Bars:
    """The menus as they stand in a page: on top of a desk's page, and behind the menu button."""

    top: Markup
    panel: Markup


@dataclass(frozen=True, slots=True)
class Reader:
    """All that a menu depends on; whoever has the same gets the same menu."""

    dealer: bool
    may: tuple[bool, ...]
    language: str
    mounted: str
    icons: str  # the address of the drawing, which bears a mark of its content


def _reader() -> Reader:
    user = current_user
    held = (*(may(user, action) for action in _ASKED), sees_all_registrations(user))
    return Reader(is_dealer(user), held, lang(), request.root_path, url_for("static", filename="icons/ui.svg"))


@lru_cache(maxsize=64)
def _menu(reader: Reader) -> tuple[Item, ...]:
    board, _logs, manages, registrations = reader.may
    ours = not reader.dealer
    offered: list[tuple[bool, str, str, str, str]] = [
        (True, "home.today", _("Today"), "today", ""),
        (True, "calendar.page", _("Calendar"), "calendar", DAYS),
        (True, "todos.list_page", _("To-dos"), "check", DAYS),
        (board, "matrix.portfolio", _("Board"), "board", ""),
        (True, "projects.list_page", _("Projects"), "projects", ""),
        (ours, "radar.page", _("Radar"), "radar", ""),
        (True, "leads.list_page", _("Leads"), "leads", ""),
        (ours, "parties.list_page", _("Parties"), "parties", RELATIONS),
        (ours, "contacts.list_page", _("Contacts"), "contacts", RELATIONS),
        (ours, "designers.list_page", _("Designers"), "edit", RELATIONS),
        (ours, "accounts.list_page", _("Key accounts"), "flag", RELATIONS),
        (ours, "dealers.list_page", _("Dealers"), "parties", RELATIONS),
        (registrations, "registrations.list_page", _("Registrations"), "link", RELATIONS),
        (not ours, "registrations.mine_list", _("Registrations"), "link", ""),
        (ours, "rewards.list_page", _("Invitations and rewards"), "calendar", RELATIONS),
        (not ours, "dealers.mine", _("My company"), "parties", ""),
        (True, "gallery.list_page", _("Photos"), "photos", ""),
        (ours, "matrix.approvals_page", _("Approvals"), "approvals", ""),
        (ours, "reports.list_page", _("Reports"), "document", WORK),
        (ours, "newcomers.knowledge", _("Knowledge"), "tip", WORK),
        (ours, "newcomers.first_week", _("The first week"), "flag", WORK),
        (manages, "team.admin_page", _("Administration"), "admin", ""),
    ]
    found: list[Item] = []
    for wanted, endpoint, label, icon, group in offered:
        if wanted:
            leads = bool(group) and all(item.group != group for item in found)
            found.append(Item(len(found), url_for(endpoint), label, icon, group, leads))
    return tuple(found)


def _here(items: tuple[Item, ...]) -> int | None:
    """The number of the item whose page this is, or one of its pages."""
    path = request.root_path + request.path
    for item in items:
        if path == item.url or (len(item.url) > 1 and path.startswith(item.url + "/")):
            return item.number
    return None


@lru_cache(maxsize=1024)
def _bars(app: Flask, reader: Reader, here: int | None) -> Bars:
    macros: Any = app.jinja_env.get_template("macros/menus.html").module
    items = _menu(reader)
    return Bars(macros.top(items, here), macros.panel(items, here))


def menus() -> Bars:
    """The menus of the present reader on the present page."""
    reader = _reader()
    app: Any = current_app
    return _bars(app._get_current_object(), reader, _here(_menu(reader)))


def relations() -> Markup:
    """The tabs between the lists of firms, people and what hangs on them."""
    items = tuple(item for item in _menu(_reader()) if item.group == RELATIONS)
    macros: Any = current_app.jinja_env.get_template("macros/menus.html").module
    return macros.tabs(items, _here(items), _("Firms and people"))


@lru_cache(maxsize=64)
def _bottom(reader: Reader) -> tuple[Item, ...]:
    board, logs, *_further = reader.may
    offered = [
        (True, "home.today", _("Today"), "today"),
        (board, "matrix.portfolio", _("Board"), "board"),
        (not board, "projects.list_page", _("Projects"), "projects"),
        (logs, "matrix.visit", _("Log a visit"), "log"),
        (True, "search.page", _("Search"), "search"),
    ]
    wanted = [(endpoint, label, icon) for is_wanted, endpoint, label, icon in offered if is_wanted]
    return tuple(Item(number, url_for(endpoint), label, icon) for number, (endpoint, label, icon) in enumerate(wanted))


@lru_cache(maxsize=1024)
def _thumb_bar(app: Flask, reader: Reader, here: int | None, project_id: int | None) -> Markup:
    macros: Any = app.jinja_env.get_template("macros/menus.html").module
    log = url_for("matrix.log", project_id=project_id) if project_id else ""
    return macros.bottom(_bottom(reader), here, log)


def thumb_bar(project_id: int | None = None) -> Markup:
    """The four things a phone needs under the thumb; `project_id`: where logging means this project."""
    reader = _reader()
    app: Any = current_app
    return _thumb_bar(app._get_current_object(), reader, _here(_bottom(reader)), project_id)


@lru_cache(maxsize=256)
def _mark(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def init_app(app: Flask) -> None:
    """Give templates the menus, and static addresses a mark of their content."""
    folder = Path(app.static_folder or "static")

    @app.context_processor
    def _menus() -> dict[str, Any]:
        return {"menus": menus, "relations": relations, "thumb_bar": thumb_bar, "Action": Action, "may": may}

    @app.url_defaults
    def _marked(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "v" in values or "filename" not in values:
            return
        path = folder / values["filename"]
        if path.is_file():
            values["v"] = _mark(path, path.stat().st_mtime)

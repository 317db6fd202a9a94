"""What the menus offer to whom, and addresses of static files that may be cached for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_login import current_user

from tracker.access import Action, is_dealer, may
from tracker.addresses import url_for
from tracker.i18n import _


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a menu."""

    url: str
    label: str
    icon: str
    active: bool


def _item(endpoint: str, label: str, icon: str) -> Item:
    address = url_for(endpoint)
    here = request.path == address or (address != "/" and request.path.startswith(address + "/"))
    return Item(address, label, icon, here)


def nav_items() -> list[Item]:
    """The main menu on a desk, and behind the menu button on a phone."""
    if not current_user.is_authenticated:
        return []
    user = current_user
    items = [_item("home.today", _("Today"), "today")]
    if may(user, Action.BOARD_VIEW):
        items.append(_item("matrix.portfolio", _("Board"), "board"))
    items.append(_item("projects.list_page", _("Projects"), "projects"))
    if not is_dealer(user):
        items.append(_item("radar.page", _("Radar"), "radar"))
    items.append(_item("leads.list_page", _("Leads"), "leads"))
    if not is_dealer(user):
        items.append(_item("parties.list_page", _("Parties"), "parties"))
        items.append(_item("parties.contacts_page", _("Contacts"), "contacts"))
    items.append(_item("gallery.list_page", _("Photos"), "photos"))
    if not is_dealer(user):
        items.append(_item("matrix.approvals_page", _("Approvals"), "approvals"))
    if may(user, Action.PEOPLE_MANAGE):
        items.append(_item("team.admin_page", _("Administration"), "admin"))
    return items


def bottom_items() -> list[Item]:
    """The four things a phone needs under the thumb."""
    if not current_user.is_authenticated:
        return []
    items = [_item("home.today", _("Today"), "today")]
    if may(current_user, Action.BOARD_VIEW):
        items.append(_item("matrix.portfolio", _("Board"), "board"))
    else:
        items.append(_item("projects.list_page", _("Projects"), "projects"))
    if may(current_user, Action.RECORD_LOG):
        items.append(_item("matrix.visit", _("Log a visit"), "log"))
    items.append(_item("search.page", _("Search"), "search"))
    return items


@lru_cache(maxsize=256)
def _mark(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def init_app(app: Flask) -> None:
    """Give templates the menus, and static addresses a mark of their content."""
    folder = Path(app.static_folder or "static")

    @app.context_processor
    def _menus() -> dict[str, Any]:
        return {"nav_items": nav_items, "bottom_items": bottom_items, "Action": Action, "may": may}

    @app.url_defaults
    def _marked(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "v" in values or "filename" not in values:
            return
        path = folder / values["filename"]
        if path.is_file():
            values["v"] = _mark(path, path.stat().st_mtime)

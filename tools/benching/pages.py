"""The pages that have a budget, as the contract's table names them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benching.data import Subject
from tracker import clock

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: who asks for which page, how many bare pages it may take, how many queries.

    With `form` the page is sent a form, made anew each time.
    """

    name: str
    path: str
    times: float
    queries: int
    who: str = "supervisor"
    headers: dict[str, str] | None = None
    form: Callable[[], dict[str, Any]] | None = None
    expected: int = 200


def rows_of(subject: Subject, deep: str) -> list[Row]:
    """All rows that can be measured. `deep`: the address of page 500 as the pages before it link to it."""
    s, drawer = subject, f"/projects/{subject.full}/cells/{subject.cell[0]}/{subject.cell[1]}"
    filters = {
        "owner": s.owner,
        "team": s.team,
        "region": s.region,
        "category": "tiles",
        "developer": s.developer,
        "dealer": s.dealer,
        "source": "dealer",
        "state": "lost",
        "stalled": 1,
        "q": "%E8%8A%B1%E5%9B%AD",  # 花园
    }
    lists = [Row("project list, first page", "/projects", 2, 8)]
    lists += [Row(f"… filtered by {name}", f"/projects?{name}={value}", 2, 8) for name, value in filters.items()]
    lists += [Row("… of one cell", f"/projects?phase={s.cell[0]}&step={s.cell[1]}", 2, 8)]
    lists += [Row(f"… sorted by {name}", f"/projects?sort={name}", 2, 8) for name in ("name", "value", "due", "new")]
    lists += [Row("… page 500, as page 499 links to it", deep, 2, 8)]
    lists += [Row("… page 500, typed by hand", "/projects?page=500", 2, 8)]
    return [
        Row("portfolio board, all projects", "/board", 3, 8),
        *lists,
        Row("project page with its matrix", f"/projects/{s.full}", 3, 14),
        Row("cell drawer", drawer, 2, 8, headers=HTMX),
        Row("log a record", f"/projects/{s.other}/log", 3, 25, form=lambda: visit_of(subject), expected=303),
        Row("search, two Chinese characters", "/search?q=%E8%8A%B1%E5%9B%AD", 3, 6),
        Row("search, a Latin word", "/search?q=center", 3, 6),
        Row("Today of a salesperson", "/", 3, 12, who="salesperson"),
    ]


def visit_of(subject: Subject) -> dict[str, Any]:
    """A visit to log in the other project's present cell; the token of the page comes from the visitor."""
    return {
        "phase": subject.other_cell[0],
        "step": subject.other_cell[1],
        "building_id": subject.other_building,
        "token": secrets.token_urlsafe(18),
        "kind": "site_visit",
        "on": clock.today().isoformat(),
        "text": "现场看过，进度正常",
        "next_step": "再去一次",
    }

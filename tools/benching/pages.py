"""The pages that have a budget, as the contract's table names them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from benching.data import Subject
from tracker import clock

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: who asks for which page, how many bare pages it may take, how many queries.

    `paths` are asked for in turn, so that no answer is measured that the one before has prepared. With `form` the page
    is sent a form, made anew each time.
    """

    name: str
    paths: Sequence[str]
    times: float
    queries: int
    who: str = "supervisor"
    headers: dict[str, str] | None = None
    form: Callable[[], dict[str, Any]] | None = None
    expected: int = 200

    def path(self, turn: int) -> str:
        """The page to ask for in a turn."""
        return self.paths[turn % len(self.paths)]


CHINESE = ("花园", "中心", "广场", "医院", "大厦", "郑州", "苏州", "三期", "公馆", "学校")
LATIN = ("center", "hotel", "land", "design", "qichuan", "architects", "lanwan", "interiors", "yuan", "wei")


def rows_of(subject: Subject, deep: str) -> list[Row]:
    """All rows that can be measured. `deep`: the address of page 500 as the pages before it link to it."""
    s = subject
    drawers = [f"/projects/{s.full}/cells/{phase}/{step}" for phase, step in s.cells]
    filters: dict[str, Sequence[Any]] = {
        "owner": s.owners,
        "team": s.teams,
        "region": s.regions,
        "category": s.categories,
        "developer": s.developers,
        "dealer": s.dealers,
        "source": s.sources,
        "state": ("active", "won", "lost", "suspended"),
        "stalled": (1,),
        "q": [quote(word) for word in CHINESE],
    }
    lists = [Row("project list, first page", ("/projects",), 2, 8)]
    for name, values in filters.items():
        lists.append(Row(f"… filtered by {name}", [f"/projects?{name}={value}" for value in values], 2, 8))
    cells = [f"/projects?phase={phase}&step={step}" for phase, step in s.full_cells]
    lists.append(Row("… of one cell", cells, 2, 8))
    lists += [Row(f"… sorted by {name}", (f"/projects?sort={name}",), 2, 8) for name in ("name", "value", "due", "new")]
    lists += [Row("… page 500, as page 499 links to it", (deep,), 2, 8)]
    lists += [Row("… page 500, typed by hand", ("/projects?page=500",), 2, 8)]
    firm = ("", "?as=owner", "?alone=1")
    days = [clock.today() - timedelta(days=back) for back in (1, 4, 11, 23, 40, 75)]
    return [
        Row("portfolio board, all projects", ("/board",), 3, 8),
        Row("… as of a past day", [f"/board?on={day}" for day in days], 3, 8),
        *lists,
        Row("project page with its matrix", (f"/projects/{s.full}",), 3, 14),
        Row("… as of a past day", [f"/projects/{s.full}?on={day}" for day in days], 3, 14),
        Row("a developer with 200 projects", [f"/parties/{s.largest_developer}{view}" for view in firm], 3, 14),
        Row("designers, first page", ("/designers",), 2, 8),
        Row(
            "… filtered",
            [f"/designers?{one}" for one in ("show=projects", "show=away", "show=never", "level=tried")],
            3,
            8,
        ),
        Row("gallery, first page", ("/photos",), 2, 8),
        Row(
            "… a deep page, as the one before links to it",
            [f"/photos?page=900&after={one}" for one in s.photos_after],
            2,
            8,
        ),
        Row("… filtered by step", [f"/photos?step={step}" for step in s.steps], 2, 8),
        Row("… filtered by person", [f"/photos?person={one}" for one in s.owners], 2, 8),
        Row("a picture, large", [f"/photos/{token}" for token in s.photos], 2, 8),
        Row("cell drawer", drawers, 2, 8, headers=HTMX),
        Row("log a record", (f"/projects/{s.other}/log",), 3, 25, form=lambda: visit_of(subject), expected=303),
        Row("search, two Chinese characters", [f"/search?q={quote(word)}" for word in CHINESE], 3, 6),
        Row("search, a Latin word", [f"/search?q={word}" for word in LATIN], 3, 6),
        Row("duplicate check of a new lead", [check_of(lead) for lead in s.leads], 6, 6, headers=HTMX),
        Row("a dealer's own registrations", ("/dealers/mine/registrations",), 2, 20, who="dealer"),
        Row("dealer management's queue", ("/registrations", "/registrations?state=waiting"), 2, 20),
        Row("Today of a salesperson", ("/",), 3, 12, who="salesperson"),
    ]


def check_of(lead: dict[str, Any]) -> str:
    """The check while a lead is typed: a site on record under another name, its plot and phone written otherwise."""
    return "/duplicates/check?" + urlencode({"of": "lead", **lead})


def visit_of(subject: Subject) -> dict[str, Any]:
    """A visit to log in the other project's present cell; the token of the page comes from the visitor."""
    return {
        "phase": subject.other_cell[0],
        "step": subject.other_cell[1],
        "building_id": subject.other_building,
        "token": secrets.token_urlsafe(18),
        "kind": "site_visit",
        "on": clock.today().isoformat(),
        "text": f"现场看过，进度正常 {secrets.token_hex(4)}",
        "next_step": "再去一次",
    }

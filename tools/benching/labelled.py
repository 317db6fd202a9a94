"""The labelled sets of ../shared/data/matching_*: which things are one thing, as people have marked them."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tracker.matching.things import Firm, Site

HOME = Path(os.environ.get("TRACKER_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
Thing = Site | Firm


@dataclass(frozen=True, slots=True)
class Labelled:
    """New things, known things, and which of the known each new one is (`true`: their places in both lists).

    Where `pairs` is given, only these pairs are judged; otherwise each new thing is sought among all known ones.
    """

    name: str
    new: list[Thing]
    known: list[Thing]
    true: set[tuple[int, int]]
    pairs: list[tuple[int, int]] = field(default_factory=list)


def labelled_sets() -> list[Labelled]:
    """All sets that are at hand."""
    return [load(HOME) for load in LOADERS if HOME.is_dir()]


def _venues(kind: str) -> Callable[[Path], Labelled]:
    def load(home: Path) -> Labelled:
        folder = home / "matching_en" / f"autofj_{kind}"
        known, new = _rows(folder / "left.csv"), _rows(folder / "right.csv")
        at_known = {row["id"]: at for at, row in enumerate(known)}
        at_new = {row["id"]: at for at, row in enumerate(new)}
        true = {(at_new[row["id_r"]], at_known[row["id_l"]]) for row in _rows(folder / "gt.csv")}
        sites = [[Site((row["title"],)) for row in rows] for rows in (new, known)]
        return Labelled(f"{kind.lower()}s (en)", sites[0], sites[1], true)

    return load


def _restaurant_tables(home: Path) -> Labelled:
    folder = home / "matching_en" / "oaei_restaurant_tables"
    tables = [_rows(folder / name, "|") for name in ("rest2.csv", "rest1.csv")]
    places = [{row["id"]: at for at, row in enumerate(table)} for table in tables]
    true = {(places[0][row["D2"]], places[1][row["D1"]]) for row in _rows(folder / "gt.csv", "|")}
    things = [[_restaurant(list(row.values())) for row in table] for table in tables]
    return Labelled("restaurant tables (en)", things[0], things[1], true)


def _completed_tables(home: Path) -> Labelled:
    """The tables again, with the pairs that the file of pairs marks as one and the tables' own truth leaves out.

    Both files describe the same restaurants. The tables' truth lacks 23 of the 112 pairs; most have one name and one
    phone, so no matcher can be right about them.
    """
    tables, pairs = _restaurant_tables(home), _restaurant_pairs(home)
    new, known = _by_name_and_phone(tables.new), _by_name_and_phone(tables.known)
    further = {
        (new[one], known[other])
        for at, there in pairs.true
        if (one := _name_and_phone(pairs.new[at])) in new and (other := _name_and_phone(pairs.known[there])) in known
    }
    return replace(tables, name="restaurant tables, completed (en)", true=tables.true | further)


def _by_name_and_phone(things: list[Thing]) -> dict[str, int]:
    return {_name_and_phone(thing): at for at, thing in enumerate(things) if thing.names and thing.phones}


def _name_and_phone(thing: Thing) -> str:
    return re.sub(r"[^a-z0-9]", "", "".join((*thing.names, *thing.phones)))


def _restaurant(row: list[str]) -> Site:
    _id, name, phone, street = row
    return Site((name,) if name else (), street or None, phones=(phone,) if phone else ())


def _restaurant_pairs(home: Path) -> Labelled:
    rows = _rows(home / "matching_en" / "pairs_structured_fodors-zagats.csv")
    sides = [[_eating_place(row, side) for row in rows] for side in ("right", "left")]
    every = [(at, at) for at in range(len(rows))]
    true = {(at, at) for at, row in enumerate(rows) if row["label"] == "1"}
    return Labelled("restaurant pairs (en)", sides[0], sides[1], true, every)


def _eating_place(row: dict[str, str], side: str) -> Site:
    name, street, city, phone = (_unquoted(row[f"{side}_{what}"]) for what in ("name", "addr", "city", "phone"))
    return Site((name,), f"{street}, {city}", phones=(phone,))


def _unquoted(text: str) -> str:
    """Without the marks that the file's makers put around values (` new york ', ' b peachtree rd. ')."""
    return re.sub(r"\s+", " ", text.replace("\\", "").replace("`", "'")).strip(" '").replace(" '", "'")


def _short_names(home: Path) -> Labelled:
    rows = _rows(home / "matching_zh" / "listed_company_short_full_shanghai.csv")
    return _firms("short names of firms (zh)", [(row["short_name"], row["full_name"]) for row in rows])


def _brands(home: Path) -> Labelled:
    rows = _rows(home / "matching_zh" / "company_name_brand_groundtruth.csv")
    return _firms("brands of firms (zh)", [(row["brand"], row["full_name"]) for row in rows])


def _firms(name: str, rows: list[tuple[str, str]]) -> Labelled:
    """Short names sought among full ones; rows without a short name only swell what is searched."""
    shorts = {short: at for at, short in enumerate(dict.fromkeys(short for short, _full in rows if short))}
    fulls = {full: at for at, full in enumerate(dict.fromkeys(full for _short, full in rows if full))}
    true = {(shorts[short], fulls[full]) for short, full in rows if short and full}
    return Labelled(name, [Firm((short,)) for short in shorts], [Firm((full,)) for full in fulls], true)


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


LOADERS: tuple[Callable[[Path], Labelled], ...] = (
    _venues("Hospital"),
    _venues("Museum"),
    _venues("Stadium"),
    _restaurant_tables,
    _completed_tables,
    _restaurant_pairs,
    _short_names,
    _brands,
)

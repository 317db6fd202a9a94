"""What makes a definition unsound: each check finds its fault, and the standard has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflows.test_loading import plain
from workflows.checking import check
from workflows.loading import STANDARD, load_standard


def cell_of(data: Any, name: str) -> Any:
    return next(cell for cell in data["matrix"]["cells"] if cell["cell"] == name)


def _phase_closed(data: Any) -> None:
    for cell in data["matrix"]["cells"]:
        if cell["phase"] == "bid":
            cell.update(status="blocked", instead="map/drawings", tasks=[])
            cell.pop("exception_routes", None)


def _window_crossed(data: Any) -> None:
    data["entry_windows"]["items"][6]["bid"] = {"from": "fitout", "best": "masonry", "to": "envelope"}


def _two_hints(data: Any) -> None:
    hints = cell_of(data, "qualify/land")["hints"]
    hints[1]["id"] = hints[0]["id"]


BREAKS: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "unknown key": (
        lambda d: cell_of(d, "map/land").update(mood="good"),
        "matrix.cells[map/land].mood",
        "unknown key",
    ),
    "unknown section": (lambda d: d.update(extras=1), "extras", "unknown key"),
    "unknown department": (
        lambda d: cell_of(d, "map/land")["tasks"][0].update(department="kitchen"),
        "T.map.land.1.department",
        "unknown department 'kitchen'",
    ),
    "unknown evidence kind": (
        lambda d: d["phases"]["items"][0]["exit"][0].update(evidence="oath"),
        "X.qualify.parties_known.evidence",
        "unknown evidence kind 'oath'",
    ),
    "a source that demands unknown evidence": (
        lambda d: d["picklists"]["lead_sources"]["items"][0].update(required_evidence="oath"),
        "picklists.lead_sources[street_canvassing].required_evidence",
        "unknown evidence kind 'oath'",
    ),
    "a source that wants its answer soon": (
        lambda d: d["picklists"]["lead_sources"]["items"][3].update(answer_days="soon"),
        "picklists.lead_sources[design_institute].answer_days",
        "'soon' is no number of days",
    ),
    "unknown hint kind": (
        lambda d: cell_of(d, "map/land")["hints"][0].update(kind="joke"),
        "H.map.land.1.kind",
        "unknown hint kind 'joke'",
    ),
    "unknown anchor": (
        lambda d: cell_of(d, "map/land")["tasks"][0].update({"from": "new_year"}),
        "T.map.land.1.from",
        "unknown anchor 'new_year'",
    ),
    "blocked without instead": (
        lambda d: cell_of(d, "bid/land").pop("instead"),
        "matrix.cells[bid/land].instead",
        "a blocked cell must say where to go instead",
    ),
    "instead leads to a blocked cell": (
        lambda d: cell_of(d, "bid/land").update(instead="contract/land"),
        "matrix.cells[bid/land].instead",
        "leads to contract/land, which is blocked too",
    ),
    "unreachable phase": (_phase_closed, "phases[bid]", "unreachable: all its cells are blocked"),
    "window out of order": (
        _window_crossed,
        "entry_windows[tiles].bid",
        "out of order: fitout, masonry, envelope",
    ),
    "windows of activities out of order": (
        lambda d: d["entry_windows"]["items"][6].update(order={"from": "land", "best": "land", "to": "land"}),
        "entry_windows[tiles].order",
        "opens or closes before bid",
    ),
    "unknown step in a window": (
        lambda d: d["entry_windows"]["items"][6]["lost_after"].update(step="party"),
        "entry_windows[tiles].lost_after.step",
        "unknown step 'party'",
    ),
    "sentence missing in English": (
        lambda d: cell_of(d, "map/land")["hints"][0].update(en=" "),
        "matrix.cells[map/land].hints[H.map.land.1].en",
        "the sentence is missing in this language",
    ),
    "sentence missing in Chinese": (
        lambda d: d["guard_rules"]["items"][0].pop("zh"),
        "guard_rules.items[G01].zh",
        "the sentence is missing in this language",
    ),
    "duplicate id": (_two_hints, "matrix.hints[H.qualify.land.1]", "duplicate id"),
    "duplicate rule": (
        lambda d: d["guard_rules"]["items"][1].update(id="G01"),
        "guard_rules[G01]",
        "duplicate id",
    ),
    "counts": (
        lambda d: d["meta"]["counts"].update(hints=312),
        "meta.counts.hints",
        "says 312, but there are 311",
    ),
    "missing cell": (
        lambda d: d["matrix"]["cells"].pop(0),
        "matrix.cells[qualify/land]",
        "the cell is missing",
    ),
    "grid and cell disagree": (
        lambda d: d["matrix"]["status_grid"]["qualify"].__setitem__(0, "early"),
        "matrix.cells[qualify/land].status",
        "is normal but status_grid says early",
    ),
    "short grid row": (
        lambda d: d["matrix"]["status_grid"]["map"].pop(),
        "matrix.status_grid.map",
        "has 11 entries for 12 steps",
    ),
    "route silent about a phase": (
        lambda d: d["routes"]["items"][0]["required"].remove("map"),
        "routes[design_led]",
        "says nothing about phase 'map'",
    ),
    "weights": (
        lambda d: d["scorecard"]["validity"]["criteria"][0].update(weight=14),
        "scorecard.validity",
        "the weights add up to 99, not 100",
    ),
    "unknown state": (
        lambda d: d["lifecycle"]["transitions"][0].update(to="happy"),
        "lifecycle.transitions[active]",
        "unknown state 'happy'",
    ),
    "no limit in an open cell": (
        lambda d: cell_of(d, "map/land").pop("time_limit_days"),
        "matrix.cells[map/land].time_limit_days",
        "a cell one may enter needs a limit of at least a day",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_fault_is_found_and_named(name: str) -> None:
    break_it, key, reason = BREAKS[name]
    data = plain()
    break_it(data)
    found = [(fault.key, fault.reason) for fault in check(data, "own.yaml")]
    assert (key, reason) in found


def test_the_standard_is_sound_as_definition_file_text_and_data() -> None:
    assert check(load_standard()) == []
    assert check(STANDARD) == []
    assert check(STANDARD.read_text(encoding="utf-8")) == []
    assert check(plain()) == []


def test_all_breaks_together_are_all_reported() -> None:
    data = plain()
    names = ["unknown key", "unknown department", "blocked without instead", "window out of order", "counts"]
    for name in names:
        BREAKS[name][0](data)
    found = {(fault.key, fault.reason) for fault in check(data)}
    assert {BREAKS[name][1:] for name in names} <= found

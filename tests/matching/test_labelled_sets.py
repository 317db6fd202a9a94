"""The matcher against what people marked as one thing; the figures themselves are printed by `make bench`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from config import ROOT


@pytest.fixture(scope="module", autouse=True)
def bench_at_hand(shared_data: Path, monkeypatch_module: pytest.MonkeyPatch) -> None:
    monkeypatch_module.syspath_prepend(str(ROOT / "tools"))
    monkeypatch_module.setenv("TRACKER_SHARED", str(shared_data.parent))


@pytest.fixture(scope="module")
def monkeypatch_module():  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    for name in [name for name in sys.modules if name.split(".")[0] == "benching"]:
        del sys.modules[name]


LEAST = {
    "hospitals": 0.73,
    "museums": 0.74,
    "stadiums": 0.55,
    "restaurant tables (": 0.84,
    "restaurant tables, completed": 0.95,
    "restaurant pairs": 0.97,
    "short names": 0.95,
    "brands": 0.998,
}


@pytest.mark.parametrize(("kind", "least"), LEAST.items())
def test_a_set_is_matched_as_well_as_it_was(kind: str, least: float) -> None:
    from benching.matching import figures, found

    labelled = set_of(kind)
    answers = [(new, known) for new, (_score, known) in found(labelled).answers.items()]
    assert figures(labelled, answers).f1 >= least


@pytest.mark.parametrize("kind", ["restaurant pairs", "brands"])
def test_the_small_sets_are_matched_better_than_by_plain_rapidfuzz_on_the_whole_and_held_out(kind: str) -> None:
    from benching.matching import line

    measured = line(set_of(kind))
    assert measured.better > 0
    assert measured.held_better > 0


def test_what_the_tables_of_restaurants_leave_out_is_in_the_file_of_pairs() -> None:
    tables, completed = set_of("restaurant tables ("), set_of("restaurant tables, completed")
    assert tables.true < completed.true
    assert len(completed.true) == 112  # as many as the file of pairs knows in the two guides


def set_of(kind: str):  # type: ignore[no-untyped-def]
    from benching.labelled import labelled_sets

    found = [labelled for labelled in labelled_sets() if labelled.name.startswith(kind)]
    if not found:
        pytest.skip("the labelled sets are not at hand")
    return found[0]


def test_listings_and_results_of_one_plot_are_candidates_and_certain(shared_data: Path) -> None:
    import csv

    from tracker.matching.comparing import Level, compare_sites
    from tracker.matching.things import Site

    path = shared_data / "projects_zh" / "zhengzhou_land" / "dengfeng_merged.csv"
    if not path.is_file():
        pytest.skip(f"real input is not at hand: {path} is missing")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    sites = [Site((row["宗地位置_x"],), row["宗地位置_x"], row["地块编号"]) for row in rows]
    for one in sites:
        bare = Site(one.names, one.address, (one.plot_number or "").replace("〔", "[").replace("〕", "]"))
        assert compare_sites(one, bare).level is Level.CERTAIN
    others = {site.plot_number: site for site in sites}
    pairs = [(a, b) for a in others.values() for b in others.values() if (a.plot_number or "") < (b.plot_number or "")]
    assert not [pair for pair in pairs if compare_sites(*pair).level is Level.CERTAIN]

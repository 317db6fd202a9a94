"""Loading a definition: the standard one is complete, a broken one says everything at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflows.definition import Text
from workflows.errors import DefinitionError, UnknownKey
from workflows.loading import STANDARD, load, load_standard

SOURCE = STANDARD.read_text(encoding="utf-8")


def plain() -> Any:
    return yaml.load(SOURCE, Loader=yaml.CSafeLoader)


def faults_of(data: Any) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        load(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    return [str(fault) for fault in caught.value.faults]


class TestTheStandard:
    def test_it_has_the_size_it_says(self) -> None:
        d = load_standard()
        assert (d.key, d.version) == ("standard", 1)
        assert d.name == Text("标准矩阵", "Standard matrix")
        assert (len(d.phases), len(d.steps), len(d.cells)) == (8, 12, 96)
        assert len([hint for cell in d.cells for hint in cell.hints]) == 311
        assert len([task for cell in d.cells for task in cell.tasks]) == 172
        assert (len(d.rules), len(d.windows), len(d.picklists), len(d.sources)) == (48, 12, 14, 39)

    def test_cells_come_row_by_row(self) -> None:
        d = load_standard()
        assert [cell.key for cell in d.cells] == [(p.key, s.key) for p in d.phases for s in d.steps]

    def test_lookups_find_what_the_file_says(self) -> None:
        d = load_standard()
        assert d.task("T.bid.tender.2").due_days == -3
        assert d.task("T.bid.tender.2").anchor == "bid_deadline"
        assert d.task("T.qualify.land.1").anchor == "cell_entry"
        assert d.hint("H.settle.handover.5").sources == ("S15",)
        assert d.exit("X.contract.signed").evidence == "document"
        assert d.cell("bid", "land").instead == ("shortlist", "land")
        assert d.window("tiles").bid.last == "envelope"
        assert d.phase_index["bid"] == 4 and d.step_index["handover"] == 11
        assert d.picklist("backward_step_reasons").get("rebuild").extra["requires_photo"] is True
        assert d.route("public_tender").optional == ("specify",)
        assert d.settings["small_lot_limit_cny"] == 50000

    @pytest.mark.parametrize("lookup", ["phase", "step", "task", "hint", "route", "window", "picklist", "rule", "exit"])
    def test_an_unknown_key_is_named(self, lookup: str) -> None:
        with pytest.raises(KeyError, match="nowhere") as caught:
            getattr(load_standard(), lookup)("nowhere")
        assert isinstance(caught.value, UnknownKey)

    def test_an_unknown_cell_is_named(self) -> None:
        with pytest.raises(UnknownKey, match="roof"):
            load_standard().cell("bid", "roof")

    def test_loading_is_quick(self) -> None:
        best = min(_seconds() for _ in range(3))
        assert best < 0.4

    def test_it_is_read_once(self) -> None:
        assert load_standard() is load_standard()

    def test_a_text_speaks_both_languages(self) -> None:
        text = Text("瓷砖", "Tiles")
        assert (text.get("zh"), text.get("zh_Hans_CN"), text.get("en")) == ("瓷砖", "瓷砖", "Tiles")


def _seconds() -> float:
    start = time.perf_counter()
    load(STANDARD)
    return time.perf_counter() - start


class TestABrokenFile:
    def test_all_faults_come_at_once_with_file_key_and_reason(self, tmp_path: Path) -> None:
        data = plain()
        del data["phases"]["items"][0]["zh"]
        data["matrix"]["cells"][0]["time_limit_days"] = "soon"
        data["matrix"]["cells"][0]["hints"][0]["kind"] = "gossip"
        data["entry_windows"]["items"][0]["colour"] = "red"
        file = tmp_path / "own.yaml"
        file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        with pytest.raises(DefinitionError) as caught:
            load(file)
        found = {(fault.file, fault.key, fault.reason) for fault in caught.value.faults}
        cell = "matrix.cells[qualify/land]"
        assert ("own.yaml", "phases.items[qualify].zh", "the sentence is missing in this language") in found
        assert ("own.yaml", f"{cell}.time_limit_days", "must be a whole number, not 'soon'") in found
        assert ("own.yaml", "H.qualify.land.1.kind", "unknown hint kind 'gossip'") in found
        assert ("own.yaml", "entry_windows.items[waterproofing_basement].colour", "unknown key") in found
        assert "own.yaml: H.qualify.land.1.kind: unknown hint kind 'gossip'" in str(caught.value)

    def test_text_that_is_no_yaml_names_the_line(self) -> None:
        with pytest.raises(DefinitionError) as caught:
            load("meta:\n  key: [a\n  b: c\n")
        assert caught.value.faults[0].key.startswith("line ")
        assert "is not YAML" in caught.value.faults[0].reason

    def test_a_missing_file_is_a_fault_and_no_trace(self, tmp_path: Path) -> None:
        with pytest.raises(DefinitionError, match="cannot be read"):
            load(tmp_path / "none.yaml")

    def test_a_file_of_another_encoding_is_a_fault(self, tmp_path: Path) -> None:
        file = tmp_path / "gb.yaml"
        file.write_bytes("名: 矩阵\n".encode("gb18030"))
        with pytest.raises(DefinitionError, match="not UTF-8"):
            load(file)

    @pytest.mark.parametrize("text", ["- 1\n- 2\n", "just words\nand more\n", "\n", "42\n\n"])
    def test_a_file_without_sections_is_refused(self, text: str) -> None:
        with pytest.raises(DefinitionError, match="not a mapping"):
            load(text)

    def test_an_almost_empty_file_reports_every_missing_section(self) -> None:
        found = "\n".join(faults_of({"meta": {"key": "x", "version": 1}}))
        for section in ("phases", "construction_steps", "matrix", "entry_windows", "scorecard", "guard_rules"):
            assert f"{section}: is missing" in found

    def test_an_unreadable_condition_of_the_score_card_is_named(self) -> None:
        data = plain()
        data["scorecard"]["thresholds"][0]["when"] = "validity is nice"
        assert any("cannot read the condition" in fault for fault in faults_of(data))

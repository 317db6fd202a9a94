"""Small edits of a definition: each leaves a sound one, and no id is ever used twice."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.workflows.test_comparing import SOURCE, cell_of
from workflows import editing
from workflows.checking import check
from workflows.errors import UnknownKey
from workflows.loading import load
from workflows.text import Text

WORDS = Text("改好了", "Mended")
TASK = {"department": "sales", "evidence": "note", "due_days": -3, "anchor": "arrival"}


@pytest.fixture
def data() -> Any:
    return copy.deepcopy(SOURCE)


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [
        ("phase", "find", lambda d: d.phase("find").name),
        ("step", "strip", lambda d: d.step("strip").name),
        ("route", "annual_order", lambda d: d.route("annual_order").name),
        ("category", "tiles", lambda d: d.window("tiles").name),
        ("rule", "G01", lambda d: d.rule("G01").sentence),
        ("exit", "X.find.decider", lambda d: d.exit("X.find.decider").text),
        ("entry", "E.find.confirmed", lambda d: d.phase("find").entry[0].text),
    ],
)
def test_every_kind_of_text_can_be_changed(data: Any, kind: str, key: str, said: Any) -> None:
    editing.set_text(data, kind, key, WORDS)
    assert said(load(editing.written(data))) == WORDS


@pytest.mark.parametrize(("kind", "key"), [("phase", "nowhere"), ("exit", "X.find.none"), ("mood", "good")])
def test_what_is_not_there_cannot_be_changed(data: Any, kind: str, key: str) -> None:
    with pytest.raises(UnknownKey):
        editing.set_text(data, kind, key, WORDS)


def test_a_new_hint_gets_the_number_after_the_highest_ever_used(data: Any) -> None:
    taken = ["H.find.survey.7", "H.find.strip.99", "T.find.survey.50"]
    assert editing.add_hint(data, "find/survey", "tip", "sales", WORDS, taken) == "H.find.survey.8"
    editing.remove_hint(data, "H.find.survey.8")
    assert editing.add_hint(data, "find/survey", "tip", "sales", WORDS, ["H.find.survey.8"]) == "H.find.survey.9"
    assert check(data) == []
    assert [hint.text for hint in load(editing.written(data)).cell("find", "survey").hints][-1] == WORDS


def test_tasks_are_added_changed_and_taken_out(data: Any) -> None:
    id = editing.add_task(data, "care/rough", TASK, WORDS, [])
    assert id == "T.care.rough.2"
    task = load(editing.written(data)).task(id)
    assert (task.anchor, task.due_days, task.text) == ("arrival", -3, WORDS)
    editing.edit_task(data, id, {**TASK, "anchor": "cell_entry", "due_days": 4}, WORDS)
    assert "from" not in cell_of(data, "care/rough")["tasks"][1]
    assert load(editing.written(data)).task(id).anchor == "cell_entry"
    editing.remove_task(data, id)
    assert len(cell_of(data, "care/rough")["tasks"]) == 1
    with pytest.raises(UnknownKey):
        editing.remove_task(data, id)


def test_a_version_is_set_and_the_counts_of_the_old_file_go(data: Any) -> None:
    data["meta"]["counts"] = {"phases": 5}
    editing.set_limit(data, "find/survey", 3)
    editing.set_version(data, "light", 12)
    found = load(editing.written(data))
    assert (found.version, found.counts, found.cell("find", "survey").time_limit_days) == (12, {}, 3)


def test_what_is_written_can_be_read_by_people_and_gives_the_same_definition(data: Any) -> None:
    text = editing.written(data)
    assert "找到决策人" in text and "\\u" not in text
    assert load(text) == load(editing.written(SOURCE))


def test_numbers_among_the_settings_are_found_by_their_path_and_changed(data: Any) -> None:
    values = data["meta"]["conventions"]["settings"]["values"]
    values.update(radius={"near": 100, "far": {"most": 7}}, open=True, name="x")
    assert editing.numbers_of(values) == {
        "small_lot_limit_cny": 20000, "overdue_days": 15, "radius.near": 100, "radius.far.most": 7
    }  # fmt: skip
    editing.set_setting(data, "radius.far.most", 9)
    editing.set_setting(data, "overdue_days", 0)
    assert (values["radius"]["far"]["most"], values["overdue_days"]) == (9, 0)
    for path in ("nothing", "radius", "radius.near.x", "open", "name", "overdue_days.x"):
        with pytest.raises(UnknownKey):
            editing.set_setting(data, path, 1)

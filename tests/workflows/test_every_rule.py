"""Every rule of the standard definition has tests of its own, by its name."""

from __future__ import annotations

import re
from pathlib import Path

from tests.workflows.facts import STANDARD

_CLASS = re.compile(r"^class Test(G\d\d)\w+:", re.MULTILINE)


def test_every_rule_has_a_test_class_of_its_own() -> None:
    files = sorted(Path(__file__).parent.glob("test_guards_*.py"))
    named = [rule for file in files for rule in _CLASS.findall(file.read_text(encoding="utf-8"))]
    assert sorted(named) == sorted(rule.id for rule in STANDARD.rules)

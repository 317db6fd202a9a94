"""What every fired rule must be: a rule of the definition that says in two languages what is concrete here."""

from __future__ import annotations

import re

from tests.workflows.facts import STANDARD
from workflows.engine import Decision, Fired


def the(decision: Decision, rule_id: str) -> Fired:
    """The rule among those that fired; it speaks both languages, and each in its own letters."""
    assert rule_id in decision.rules, decision.rules
    fired = next(fired for fired in decision.fired if fired.rule_id == rule_id)
    assert fired.sentence == STANDARD.rule(rule_id).sentence
    assert re.search(r"[一-鿿]", fired.detail.zh), fired.detail.zh
    assert fired.detail.en.strip() and not re.search(r"[一-鿿]", fired.detail.en), fired.detail.en
    return fired

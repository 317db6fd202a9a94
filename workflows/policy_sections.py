"""One function per judging section of a definition file: score card, lifecycle, rules, sources."""

from __future__ import annotations

import re
from types import MappingProxyType

from workflows.policy import (
    Comparison,
    GuardRule,
    Knockout,
    Lifecycle,
    Scorecard,
    ScoreCriterion,
    Source,
    Threshold,
    Transition,
)
from workflows.reading import Node
from workflows.sections import finish, read_kinds
from workflows.text import Kind, Text


def read_scorecard(section: Node) -> Scorecard:
    """The section `scorecard`."""
    validity, feasibility = section.child("validity"), section.child("feasibility")
    card = Scorecard(
        formula=section.child("formula").text(),
        validity_name=validity.text(),
        validity=tuple(_score_criterion(node) for node in validity.children("criteria")),
        feasibility_name=feasibility.text(),
        feasibility=tuple(_score_criterion(node) for node in feasibility.children("criteria")),
        thresholds=tuple(_threshold(node) for node in section.children("thresholds")),
        knockouts=tuple(_knockout(node) for node in section.children("knockouts")),
        rescoring=section.child("rescoring").text(),
    )
    if section.string("evaluation") != "first_match":
        section.faults.add(section.at("evaluation"), "only first_match is known")
    finish(section)
    return card


def _score_criterion(node: Node) -> ScoreCriterion:
    anchors_node = node.child("anchors")
    anchors: dict[int, Text] = {}
    for key in anchors_node.data:
        if str(key) not in "012345":
            node.faults.add(anchors_node.at(str(key)), "an anchor stands for 0 to 5")
            continue
        anchors[int(key)] = Node(anchors_node.data[key], anchors_node.at(str(key)), node.faults).text()
    found = ScoreCriterion(node.string("key"), node.integer("weight"), node.text(), MappingProxyType(anchors))
    node.close()
    return found


def _threshold(node: Node) -> Threshold:
    when = node.string("when")
    try:
        alternatives = parse_condition(when)
    except ValueError as error:
        node.faults.add(node.at("when"), str(error))
        alternatives = ()
    found = Threshold(node.string("key"), node.text(), when, alternatives)
    node.close()
    return found


_SIMPLE = re.compile(r"(\w+) *(>=|<) *(\d+)")
_BETWEEN = re.compile(r"(\d+) *<= *(\w+) *< *(\d+)")


def parse_condition(when: str) -> tuple[tuple[Comparison, ...], ...]:
    """'a >= 60 and 40 <= b < 55, or a < 40' -> alternatives of comparisons. ValueError when not readable."""
    return tuple(
        tuple(_comparison(part.strip()) for part in alternative.split(" and "))
        for alternative in re.split(r",? or ", when)
    )


def _comparison(part: str) -> Comparison:
    between = _BETWEEN.fullmatch(part)
    if between:
        low, field, high = between.groups()
        return Comparison(field, float(low), float(high), high_open=True)
    simple = _SIMPLE.fullmatch(part)
    if simple is None:
        raise ValueError(f"cannot read the condition {part!r}")
    field, sign, number = simple.groups()
    if sign == ">=":
        return Comparison(field, float(number), float("inf"))
    return Comparison(field, float("-inf"), float(number), high_open=True)


def _knockout(node: Node) -> Knockout:
    found = Knockout(node.string("key"), node.text(), node.string("result"))
    node.close()
    return found


def read_lifecycle(section: Node) -> Lifecycle:
    """The section `lifecycle`."""
    transitions = []
    for node in section.children("transitions", "from"):
        transitions.append(Transition(node.string("from"), node.string("to"), node.string("when"), node.string("who")))
        node.close()
    found = Lifecycle(
        lead_states=read_kinds(section, "lead_states"),
        project_states=read_kinds(section, "project_states"),
        transitions=tuple(transitions),
        partial_loss=section.child("partial_loss").text(),
    )
    finish(section)
    return found


def read_rules(section: Node) -> tuple[tuple[Kind, ...], tuple[GuardRule, ...]]:
    """The section `guard_rules`: the actions and the rules."""
    rules = []
    for node in section.children("items", "id"):
        rule = GuardRule(
            id=node.string("id"),
            group=node.string("group"),
            action=node.string("action"),
            when=node.string("when"),
            sentence=node.text(),
            override=node.string("override"),
        )
        rules.append(rule)
        node.close()
    actions = read_kinds(section, "actions")
    section.ignore("principle")
    finish(section)
    return actions, tuple(rules)


def read_sources(section: Node) -> tuple[Source, ...]:
    """The section `sources`."""
    found = []
    for node in section.children("items", "id"):
        found.append(Source(node.string("id"), node.string("what"), node.string("ref")))
        node.close()
    finish(section)
    return tuple(found)

"""Playing a story's script on the stage, each event once, in the transaction of its module."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import Flask

from tests.conftest import NOON, undone
from tests.stories.application.company import make_company
from tests.stories.application.pages import Pages
from tests.stories.application.stage import Stage
from tests.stories.script import Script
from tracker import clock
from tracker.history.loading import load_history
from workflows.facts import ProjectFacts
from workflows.replaying import facts_at

COMPARED = ("route", "phase", "phase_since", "state", "anchors", "suspended_since", "review_on", "lost_on",
            "stranded_since", "key_project", "frame_agreement")  # fmt: skip


def told(facts: ProjectFacts, lines: Collection[str]) -> dict[str, Any]:
    """What there is to compare of a past day: the project's own facts, its buildings, and these of its lines."""
    found: dict[str, Any] = {name: getattr(facts, name) for name in COMPARED}
    found["anchors"] = dict(facts.anchors)
    found["buildings"] = [(building.step, building.since) for building in facts.buildings]
    found["lines"] = {c.key: (c.phase, c.result, c.decided_on) for c in facts.categories if c.key in lines}
    found["evidence"] = {(item.target, item.kind, item.recorded_on) for item in facts.evidence}
    return found


class Performance:
    """A story on the stage: `touched` holds, by event, the missing modules of which only the engine was asked."""

    def __init__(self, script: Script, stage: Stage) -> None:
        self.script, self.stage = script, stage
        self.touched: dict[str, frozenset[str]] = {}
        self.days: dict[str, dict[date, ProjectFacts]] = {}
        self.failed: str | None = None

    def remember(self) -> None:
        """What every project is today; of two events of one day the last counts."""
        for key in self.stage.ids:
            self.days.setdefault(key, {})[self.stage.today] = self.stage[key]

    def play(self, number: str) -> frozenset[str]:
        """Play up to and including an event; returns the modules that it misses."""
        for upcoming in self.script.numbers:
            if number in self.touched:
                break
            if upcoming in self.touched:
                continue
            assert self.failed is None, f"{self.failed} failed before"
            self.failed = upcoming
            self.stage.missing = set()
            self.script.act(upcoming, self.stage)
            self.stage.examine()
            self.remember()
            self.touched[upcoming], self.failed = frozenset(self.stage.missing), None
        return self.touched[number]


def days_that_differ(played: Performance) -> list[tuple[str, date, dict[str, Any]]]:
    """The past days of a story that are not told as they were: project, day, and what was otherwise then."""
    stage, found = played.stage, []
    for key, days in played.days.items():
        with stage.moment():
            history = load_history(stage.session, stage.owner, stage.row(key))
        lines = [line.key for line in stage[key].categories]
        for on, then in days.items():
            past = facts_at(stage.definition, stage[key], history, on)
            now, was = told(past, lines) if past else {}, told(then, lines)
            if now != was:
                found.append(
                    (key, on, {name: (was[name], now.get(name)) for name in was if was[name] != now.get(name)})
                )
    return found


@contextmanager
def performance(app: Flask, script: Script, owner: str, *, by_pages: bool = False) -> Iterator[Performance]:
    """A story on a stage of its own, by operations or by pages; undone at its end."""
    first = next(iter(script.days.values()))
    with undone(app) as session:
        with clock.frozen(NOON):
            company = make_company(session)
            session.commit()
        make = Pages if by_pages else Stage
        yield Performance(script, make(session, company, owner, first))

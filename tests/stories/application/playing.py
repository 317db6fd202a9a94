"""Playing a story's script on the stage, each event once, in the transaction of its module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from tests.conftest import NOON, undone
from tests.stories.application.company import make_company
from tests.stories.application.pages import Pages
from tests.stories.application.stage import Stage
from tests.stories.script import Script
from tracker import clock


class Performance:
    """A story on the stage: `touched` holds, by event, the missing modules of which only the engine was asked."""

    def __init__(self, script: Script, stage: Stage) -> None:
        self.script, self.stage = script, stage
        self.touched: dict[str, frozenset[str]] = {}
        self.failed: str | None = None

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
            self.touched[upcoming], self.failed = frozenset(self.stage.missing), None
        return self.touched[number]


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

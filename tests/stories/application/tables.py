"""The facts of a story's projects as they are read back from the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tracker.matrix.operations.judging import facts_of
from workflows.facts import ProjectFacts

if TYPE_CHECKING:
    from tests.stories.application.stage import Stage


class Tables(Mapping[str, ProjectFacts]):
    """The facts of the story's projects, read from the database whenever something has happened."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.read: dict[str, ProjectFacts] = {}

    def __getitem__(self, key: str) -> ProjectFacts:
        if key not in self.read:
            with self.stage.moment():
                _, facts = facts_of(self.stage.session, self.stage.row(key))
            self.read[key] = self.stage.as_told(key, facts)
        return self.read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.stage.ids)

    def __len__(self) -> int:
        return len(self.stage.ids)

"""Story B through the application's operations, on a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.stories.application.pending import PENDING
from tests.stories.application.playing import Performance, days_that_differ, performance
from tests.stories.story_b import STORY


@pytest.fixture(scope="module")
def story(app: Flask) -> Iterator[Performance]:
    with performance(app, STORY, "sales") as played:
        yield played


@pytest.mark.parametrize("number", STORY.numbers)
def test_story_b(story: Performance, number: str) -> None:
    assert story.play(number) == frozenset(PENDING.get(number, ()))


def test_every_day_of_story_b_is_told_afterwards_as_it_was(story: Performance) -> None:
    story.play(STORY.numbers[-1])
    assert days_that_differ(story) == []

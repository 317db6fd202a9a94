"""Story A through the application's operations, on a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.stories.application.pending import PENDING
from tests.stories.application.playing import Performance, performance
from tests.stories.story_a import STORY

pytestmark = pytest.mark.xdist_group("story_a")


@pytest.fixture(scope="module")
def story(app: Flask) -> Iterator[Performance]:
    with performance(app, STORY, "key_accounts") as played:
        yield played


@pytest.mark.parametrize("number", STORY.numbers)
def test_story_a(story: Performance, number: str) -> None:
    assert story.play(number) == frozenset(PENDING.get(number, ()))

"""No event of the stories is forgotten, and each is played on its own day."""

from __future__ import annotations

import pytest

from tests.conftest import SHARED
from tests.stories import numbers
from tests.stories.application.pending import PENDING
from tests.stories.story_a import STORY as STORY_A
from tests.stories.story_b import STORY as STORY_B
from tests.stories.story_c import STORY as STORY_C
from tests.stories.test_short_cases import CASES

STORIES = {numbers.A: STORY_A, numbers.B: STORY_B, numbers.C: STORY_C}


def test_the_engine_plays_every_event_of_the_stories_in_their_order() -> None:
    for expected, story in STORIES.items():
        assert story.numbers == list(expected)
    assert list(CASES) == list(numbers.R)


def test_the_numbers_and_days_are_those_of_the_stories() -> None:
    file = SHARED / "domain" / "stories.md"
    if not file.is_file():
        pytest.skip(f"the stories are not at hand: {file} is missing")
    listed = numbers.listed(file)
    assert sorted(listed) == sorted(numbers.EVERY)
    for story in STORIES.values():
        for number, on in story.days.items():
            assert on == listed[number], number


def test_what_is_pending_in_the_application_are_events_of_the_stories_and_each_names_its_modules() -> None:
    """That the others are played, and that none is both, is seen where each is played."""
    assert set(PENDING) < set(numbers.EVERY)
    assert list(PENDING) == sorted(PENDING)
    assert all(modules == tuple(sorted(modules)) and modules for modules in PENDING.values())

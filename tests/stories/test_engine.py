"""The three stories on the engine alone, event by event."""

from __future__ import annotations

import pytest

from tests.stories.story_a import STORY as STORY_A
from tests.stories.story_b import STORY as STORY_B
from tests.stories.story_c import STORY as STORY_C


@pytest.mark.parametrize("number", STORY_A.numbers)
def test_story_a(number: str) -> None:
    STORY_A.play(number)


@pytest.mark.parametrize("number", STORY_B.numbers)
def test_story_b(number: str) -> None:
    STORY_B.play(number)


@pytest.mark.parametrize("number", STORY_C.numbers)
def test_story_c(number: str) -> None:
    STORY_C.play(number)

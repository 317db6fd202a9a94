"""A story as a list of events, each played once; every test sees the course as the events before it left it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.stories.course import Course

Event = Callable[[Course], None]


class Script:
    """The events of a story by their numbers, in the order of its days."""

    def __init__(self) -> None:
        self._events: list[tuple[str, date, date, Event]] = []
        self._after: list[Course] = []

    def event(self, number: str, on: str, begins: str | None = None) -> Callable[[Event], Event]:
        """Add the event with this number, which happens on this day; what leads to it may begin before."""

        def add(function: Event) -> Event:
            self._events.append((number, date.fromisoformat(on), date.fromisoformat(begins or on), function))
            return function

        return add

    @property
    def numbers(self) -> list[str]:
        """The numbers of the events, in order."""
        return [number for number, _, _, _ in self._events]

    @property
    def days(self) -> dict[str, date]:
        """The day of each event."""
        return {number: on for number, on, _, _ in self._events}

    def act(self, number: str, course: Course) -> None:
        """Let one event happen on a course that stands where the event before it has left it."""
        _, on, begins, function = self._events[self.numbers.index(number)]
        course.on(begins.isoformat())
        function(course)
        assert course.today >= on, f"{number} ends before its day"

    def play(self, number: str) -> Course:
        """Play the story up to and including this event (each event once for all tests), and return where it stands."""
        while len(self._after) <= self.numbers.index(number):
            upcoming, _, begins, _ = self._events[len(self._after)]
            course = self._after[-1].fork() if self._after else Course(begins)
            self.act(upcoming, course)
            self._after.append(course)
        return self._after[self.numbers.index(number)]

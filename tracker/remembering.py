"""Keeping what takes long to put together and follows from little."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MOST = 2000  # results of one function


def remembered(essence: Callable[[Any], Hashable]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep a function's results by its arguments, of the last of which only the `essence` counts."""

    def decorate(make: Callable[P, T]) -> Callable[P, T]:
        kept: dict[Hashable, T] = {}

        @wraps(make)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            *others, last = args
            key = (*others, essence(last))
            found = kept.get(key)
            if found is None:
                if len(kept) >= MOST:
                    kept.clear()
                found = kept[key] = make(*args, **kwargs)
            return found

        return answer

    return decorate

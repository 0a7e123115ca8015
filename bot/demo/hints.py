"""What there is to try next: a line after each result, until everything has been named once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.demo import texts
from bot.demo.texts import Say


class Hints:
    """``fresh_codes`` gives the codes that can be imported at the time, two at least."""

    def __init__(self, t: Say, fresh_codes: Callable[[], Sequence[str]]) -> None:
        self._t = t
        self._fresh_codes = fresh_codes
        self._results = 0
        self._given = 0

    def after(self, results: int) -> str | None:
        """The next one where there are more results by now than last time."""
        if results <= self._results:
            return None
        self._results = results
        first, second, *_ = self._fresh_codes()
        hints = texts.hints(self._t, first, second)
        if self._given == len(hints):
            return None
        self._given += 1
        return hints[self._given - 1]

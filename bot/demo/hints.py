"""What there is to try next: a line after each result, until everything has been named once."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class Hints:
    """``fresh_codes`` gives the codes that can be imported at the time, two at least."""

    def __init__(self, fresh_codes: Callable[[], Sequence[str]]) -> None:
        self._fresh_codes = fresh_codes
        self._results = 0
        self._given = 0

    def after(self, results: int) -> str | None:
        """The next one where there are more results by now than last time."""
        if results <= self._results:
            return None
        self._results = results
        first, second, *_ = self._fresh_codes()
        hints = (
            f"the next code, {first}. Group and proxy are filled in.",
            f"code and proxy in one message: {first} socks5://ana:demo@203.0.113.7:1080",
            f"!off closes the pretend ixBrowser. Import {first}, see it wait, and type !on.",
            f"several codes in one message: {first} {second}",
            "/history and /language in the chat; !log is the import log in the database.",
        )
        if self._given == len(hints):
            return None
        self._given += 1
        return f"Try next: {hints[self._given - 1]}"

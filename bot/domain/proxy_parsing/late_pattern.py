"""Large regular expressions, which a start need not wait for."""

from __future__ import annotations

import re
from functools import cached_property


class LatePattern:
    """A regular expression that is compiled when it is first used.

    All of those that are made of the vocabulary take a tenth of a second together (measured).
    """

    def __init__(self, pattern: str, flags: re.RegexFlag) -> None:
        self._pattern = pattern
        self._flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

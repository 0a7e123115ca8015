"""Which of the database's lives this is: it stands on every button, so that one from before is known.

The first has no mark, since there are buttons from before there were generations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: In front, where no button has a digit: at its end one may have a text of somebody's own.
_MARKED = re.compile(r"([0-9]{1,6})~(.*)", re.ASCII | re.DOTALL)
#: Bytes of a mark, at most.
MARK = 7


@dataclass(slots=True)
class Generation:
    """``current`` is known from the start of the program on."""

    current: int = 1

    def marked(self, data: str) -> str:
        """What a button carries, with the generation."""
        return data if self.current == 1 else f"{self.current}~{data}"


def unmarked(data: str) -> tuple[str, int]:
    """What a button carries, and of which generation it is."""
    found = _MARKED.fullmatch(data)
    return (data, 1) if found is None else (found[2], int(found[1]))

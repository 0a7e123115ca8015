"""How loud people want to be told of something."""

from __future__ import annotations

from enum import StrEnum


class Loudness(StrEnum):
    """How something is told, in the order in which a button goes through them."""

    OFF = "off"
    SILENT = "silent"
    LOUD = "loud"

    @property
    def next(self) -> Loudness:
        every = list(Loudness)
        return every[(every.index(self) + 1) % len(every)]

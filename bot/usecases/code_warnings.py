"""Whoever posts a code in a group chat is warned once that others can use it."""

from __future__ import annotations

from typing import Protocol

from bot.usecases.records import Place


class CodeWarnings(Protocol):
    """Who was warned in which group chat."""

    def is_first(self, where: Place) -> bool:
        """Note that the person is warned there; False when they were already."""

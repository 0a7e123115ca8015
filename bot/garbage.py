"""When Python looks for garbage: not during the start, and afterwards among what is new."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """Collect no garbage until ``collect_again``, or the end of the block.

    The start makes next to none: to look for it took a sixth of its processor time (measured).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect_again() -> None:
    """Collect garbage, but among what is made from here on: modules and parts, some hundred thousand objects, stay.

    To look through them again and again, with everybody waiting, took a tenth of the processor time (measured).
    """
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()

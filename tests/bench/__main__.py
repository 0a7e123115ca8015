"""``python -m tests.bench``: every benchmark, a table each. ``--only`` runs some of them, ``--quick`` takes a look."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Mapping

from tests.bench import conversation, imports, local_api, log_size, memory, one_person

#: Seconds that the stand-in of the Bot API holds each answer back.
DELAYS = (0.0, 0.05)


def _conversation(quick: bool) -> None:
    people, seconds, rounds = (200, 4.0, 1) if quick else (500, 10.0, 5)
    asyncio.run(conversation.compare(people, seconds, DELAYS, rounds))


def _one_person(quick: bool) -> None:
    asyncio.run(one_person.compare(20 if quick else 200, DELAYS))


def _calls(quick: bool) -> None:
    local_api.compare(250 if quick else 5_000)


def _imports(quick: bool) -> None:
    asyncio.run(imports.compare(1 if quick else 3))


def _start(quick: bool) -> None:
    asyncio.run(memory.start(2 if quick else 7))


def _memory(quick: bool) -> None:
    asyncio.run(memory.growth(4_000 if quick else 100_000))


def _log_size(quick: bool) -> None:
    asyncio.run(log_size.compare([1_000, 100_000] if quick else [1_000, 100_000, 1_000_000]))


_PARTS: Mapping[str, Callable[[bool], None]] = {
    "conversation": _conversation,
    "one-person": _one_person,
    "calls": _calls,
    "imports": _imports,
    "start": _start,
    "memory": _memory,
    "log-size": _log_size,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=_PARTS, metavar="NAME", help=f"one of {', '.join(_PARTS)}")
    parser.add_argument("--quick", action="store_true", help="smaller and shorter: figures are rougher")
    given = parser.parse_args()
    for name in given.only or _PARTS:
        _PARTS[name](given.quick)


if __name__ == "__main__":
    main()

"""``python -m tests.bench``: every benchmark, a table each; ``--quick`` for a look, a name for one of them."""

from __future__ import annotations

import argparse
import asyncio

from tests.bench import conversation, local_api, log_size, memory

_NAMES = ("conversation", "local-api", "log-size", "memory")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*_NAMES, []], help="which, instead of all")
    parser.add_argument("--quick", action="store_true", help="smaller and shorter: figures are rougher")
    given = parser.parse_args()
    names = given.names or _NAMES
    if "conversation" in names:
        people, seconds = (200, 5.0) if given.quick else (500, 20.0)
        asyncio.run(conversation.compare(people, seconds, [0.0, 0.05]))
    if "local-api" in names:
        local_api.compare(200 if given.quick else 2000)
    if "log-size" in names:
        asyncio.run(log_size.compare([1_000, 100_000] if given.quick else [1_000, 100_000, 1_000_000]))
    if "memory" in names:
        asyncio.run(memory.compare(4_000 if given.quick else 100_000))


if __name__ == "__main__":
    main()

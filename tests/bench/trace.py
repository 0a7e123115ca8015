"""``python -m tests.bench.trace``: what runs for one import - functions, files, SQL statements and transactions.

The real application runs in this process between its stand-ins. Somebody who has never imported before sends a code,
chooses group and proxy, and taps Import.

How it counts:

- A function is a distinct code object of a ``def`` below ``bot/``, without ``bot/demo/``, that was called at least once
  in any thread. Lambdas, comprehensions, class bodies, modules and methods that a dataclass generates are left out.
- Statements and transactions come from SQLAlchemy's engine events. BEGIN, COMMIT and ROLLBACK are no statements. A
  transaction writes when it has changed something.
- Each step counts until its outcome is shown; its second line also counts what follows within ``AFTERWARDS`` seconds,
  such as noting what has been shown.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

import bot
from tests.bench.report import show
from tests.standins.ixbrowser import FakeIxBrowser
from tests.support.world import World, button_of, running, settings_for

#: Seconds in which what follows the outcome of a step is counted too.
AFTERWARDS = 0.5

NAME = "Shop Berlin"

_PRODUCT = Path(bot.__file__).parent
_HEADINGS = ("", "functions", "files", "statements", "transactions", "reading", "writing", "commits")
_DEMO = _PRODUCT / "demo"
_CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
#: Where SQLAlchemy keeps the transaction under way, in the notes that belong to a connection.
_UNDER_WAY = "tests.bench.trace"


@dataclass(slots=True, eq=False)
class Transaction:
    """One transaction; ``writes`` becomes true when it is found to be no mere reading."""

    writes: bool = False


@dataclass(slots=True, eq=False)
class Counts:
    """What has run so far; ``commits`` are of transactions of either kind."""

    codes: dict[int, CodeType] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    commits: int = 0
    rollbacks: int = 0

    def copy(self) -> Counts:
        """As it stands at this moment, while other threads go on counting."""
        return Counts(self.codes.copy(), self.statements.copy(), self.transactions.copy(), self.commits, self.rollbacks)

    def functions(self) -> list[str]:
        """File and name of each function, sorted."""
        return sorted(
            f"{_below(code)}:{code.co_firstlineno} {code.co_qualname}"
            for code in self.codes.values()
            if _is_product(code) and _is_function(code)
        )

    def files(self) -> set[str]:
        return {name.partition(":")[0] for name in self.functions()}

    def row(self, name: str) -> tuple[str, ...]:
        """The figures, in the order of ``_HEADINGS``."""
        writing = sum(transaction.writes for transaction in self.transactions)
        figures = (
            len(self.functions()),
            len(self.files()),
            len(self.statements),
            len(self.transactions),
            len(self.transactions) - writing,
            writing,
            self.commits,
        )
        return (name, *map(str, figures))


def _below(code: CodeType) -> str:
    return Path(code.co_filename).relative_to(_PRODUCT.parent).as_posix()


def _is_product(code: CodeType) -> bool:
    file = Path(code.co_filename)
    return file.is_relative_to(_PRODUCT) and not file.is_relative_to(_DEMO)


def _is_function(code: CodeType) -> bool:
    # Modules and class bodies are code too, without this flag.
    return bool(code.co_flags & inspect.CO_OPTIMIZED) and not code.co_name.startswith("<")


class Recorder:
    """Sees the calls of this thread and of those that start later, and the statements of every engine."""

    def __init__(self) -> None:
        self._counting: list[Counts] = []

    @contextmanager
    def counting(self) -> Iterator[Counts]:
        """Count what runs within the block; blocks may be nested."""
        counts = Counts()
        self._counting.append(counts)
        try:
            yield counts
        finally:
            self._counting.remove(counts)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Look on within the block, in which the application and its threads are to be made."""
        listeners: tuple[tuple[str, Callable[..., None]], ...] = (
            ("before_cursor_execute", self._executes),
            ("begin", self._begins),
            ("commit", self._commits),
            ("rollback", self._rolls_back),
        )
        for name, listener in listeners:
            event.listen(Engine, name, listener)
        threading.setprofile(self._calls)
        sys.setprofile(self._calls)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            for name, listener in listeners:
                event.remove(Engine, name, listener)

    def _calls(self, frame: FrameType, what: str, _argument: object) -> None:
        if what == "call":
            for counts in self._counting:
                counts.codes[id(frame.f_code)] = frame.f_code

    def _executes(self, connection: Any, _cursor: object, statement: str, *_others: object) -> None:
        word = statement.split(maxsplit=1)[0].upper()
        transaction = connection.info.get(_UNDER_WAY)
        if transaction is not None and word in _CHANGES:
            transaction.writes = True
        if word not in {"BEGIN", "COMMIT", "ROLLBACK"}:
            for counts in self._counting:
                counts.statements.append(statement)

    def _begins(self, connection: Any) -> None:
        transaction = connection.info[_UNDER_WAY] = Transaction()
        for counts in self._counting:
            counts.transactions.append(transaction)

    def _commits(self, connection: Any) -> None:
        connection.info.pop(_UNDER_WAY, None)
        for counts in self._counting:
            counts.commits += 1

    def _rolls_back(self, connection: Any) -> None:
        connection.info.pop(_UNDER_WAY, None)
        for counts in self._counting:
            counts.rollbacks += 1


async def _step(
    recorder: Recorder, world: World, name: str, act: Callable[[], object], *expected: str
) -> list[tuple[str, ...]]:
    """The step's figures when the card shows all that is expected, and ``AFTERWARDS`` later."""
    with recorder.counting() as counts:
        outcome: list[Counts] = []

        def shown() -> bool:
            text = world.newest(world.ana.id).text
            if not outcome and all(words in text for words in expected):
                # At once: by the time that a waiting task goes on, more has run.
                outcome.append(counts.copy())
            return bool(outcome)

        act()
        await world.telegram.settled(shown)
        await asyncio.sleep(AFTERWARDS)
    return [outcome[0].row(name), counts.row(f"  and {AFTERWARDS:g} s after")]


async def trace() -> tuple[list[tuple[str, ...]], Counts]:
    """The figures of each step and of the whole import, and what has run in all."""
    recorder, browser = Recorder(), FakeIxBrowser()
    browser.add_group("Group 1")
    browser.add_group("Group 2")
    code = browser.offer(NAME)
    with tempfile.TemporaryDirectory() as folder, recorder.installed():
        async with running(settings_for(Path(folder), log_level="WARNING"), browser=browser) as world:
            # What is done once at every start is no part of an import.
            await asyncio.sleep(AFTERWARDS)
            with recorder.counting() as whole:
                first = await _step(
                    recorder, world, "first message", lambda: world.telegram.say(world.ana, code), "Which group?"
                )
                for label, asked in (("Group 1", "Which proxy?"), ("Keep", "Import this profile?")):
                    await _step(recorder, world, label, _tap(world, label), asked)
                tap = await _step(recorder, world, "tap on Import", _tap(world, "✅ Import"), "Imported", NAME)
                rows = [*first, *tap, whole.row("the whole import")]
    return rows, whole


def _tap(world: World, label: str) -> Callable[[], object]:
    def tap() -> object:
        card = world.card()
        return world.telegram.press(world.ana, card, button_of(card, label))

    return tap


def main() -> None:
    rows, whole = asyncio.run(trace())
    show("One import, by somebody who imports for the first time", _HEADINGS, rows)
    if "--list" in sys.argv[1:]:
        sys.stdout.writelines(f"{name}\n" for name in whole.functions())


if __name__ == "__main__":
    main()

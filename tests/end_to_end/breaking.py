"""What happens to the database of a bot that is killed: it is backed up, restored, copied, and moved."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.end_to_end.computers import Computer
from tests.end_to_end.killer import Killer
from tests.end_to_end.mischief import MischievousIxBrowser, WatchedTelegram
from tests.end_to_end.process import PATIENCE, BotProcess
from tests.end_to_end.restored_result import RestoredResult
from tests.end_to_end.snapshot import Snapshot, is_over, newest_recovery
from tests.end_to_end.survivors import Lives
from tests.standins.telegram_state import Chat
from tests.support.moves import passphrase_in

OK = 0
#: The exit status of a bot that was moved elsewhere.
MOVED_AWAY = 3


class Breaking(Killer[RestoredResult]):
    """``what`` is what has happened last, and what the command has said. The bot is on the ``computer``.

    ``found`` is what there was in the database with which it goes on, after the message ``since`` and before it was
    first started; ``kills`` is how often it was killed since.
    """

    def __init__(
        self,
        computers: Sequence[Computer],
        telegram: WatchedTelegram,
        browser: MischievousIxBrowser,
        seed: str,
        saved: Path,
    ) -> None:
        super().__init__(computers[0].office, telegram, browser, seed, RestoredResult(seed))
        self.computers = computers
        self.computer, self._other = computers
        self.counts: Counter[str] = Counter()
        self.lives = Lives()
        self.what = ""
        self.found: Snapshot | None = None
        self.since = self.kills = 0
        self._kept: BotProcess | None = None
        self._working = asyncio.Event()
        self._chats: list[Chat] = []
        self._saved = saved
        self._backups: list[Path] = []
        self._files = 0

    def _new_file(self, suffix: str) -> Path:
        self._files += 1
        return self._saved / f"{self._files}{suffix}"

    def _newest_message(self) -> int:
        return max((message.id for chat in self._chats for message in chat.messages[-5:]), default=0)

    async def _done(self, computer: Computer, *arguments: str, killed: bool, typed: str = "") -> bool:
        """Call a command, which is killed in the middle of it or not; whether it was done."""
        command = await computer.command(*arguments, typing=bool(typed))
        if typed:
            await command.type(typed)
        if killed and await command.runs_on(self._random.uniform(0.1, 1.2) * max(1.0, self._start_takes)):
            command.kill()
        status = await command.ended()
        self._printed.append(command.said)
        self.what = f"{arguments[0]} {status}\n{command.said}"
        if (status not in {OK, -signal.SIGKILL}) or "Traceback" in command.said:
            # Called again and again, it would end so for ever.
            raise AssertionError(f"{arguments} ended with {status}:\n{command.said}")
        self.counts[f"{arguments[0]}s{'' if status == OK else ' broken off'}"] += 1
        return status == OK

    # --- backups ----------------------------------------------------------------------------------------------------

    async def _strike(self) -> None:
        if self._random.random() < 0.25:
            await asyncio.sleep(self._random.uniform(0, 1.0))
            await self._back_up(killed=self._random.random() < 0.2)

    async def _back_up(self, *, killed: bool = False) -> None:
        file = self._new_file(self.computer.suffix)
        await self._done(self.computer, "backup", str(file), killed=killed)
        # What has its name is whole, however the command has ended.
        if file.exists():
            self._backups.append(file)

    # --- what is another database afterwards ------------------------------------------------------------------------

    async def _something(self) -> bool:
        """Something happens; whether it is another database now, or another computer, on which the bot goes on."""
        ways: dict[Callable[[], Awaitable[bool]], int] = {
            self._restore: 4, self._restore_elsewhere: 1, self._copy: 3, self._move: 2,
        }  # fmt: skip
        [way] = self._random.choices(tuple(ways), tuple(ways.values()))
        return await way()

    def _some_backup(self) -> Path:
        return self._random.choice([*self._backups[-4:], *self.computer.backups()[-3:]])

    def _begin_anew(self, computer: Computer) -> bool:
        """It goes on with this database, which nobody serves yet."""
        self.found, self.since, self.kills = Snapshot.of(computer.office), self._newest_message(), 0
        self.lives.since = self.lives.asked_since = self.since
        return True

    async def _restore(self) -> bool:
        before = self.computer.identity()
        if await self._done(self.computer, "restore", str(self._some_backup()), killed=self._random.random() < 0.3):
            return self._begin_anew(self.computer)
        changed = self.computer.identity() != before
        self.counts["restores broken off and done"] += changed
        return changed and self._begin_anew(self.computer)

    async def _restore_elsewhere(self) -> bool:
        """On another computer, with the key, of which nothing else is known there."""
        backup = self._some_backup()
        self._other.clear()
        self._other.take_key(self.computer)
        while not await self._done(self._other, "restore", str(backup), killed=self._random.random() < 0.2):
            pass
        self.counts["restores elsewhere"] += 1
        self._change_over()
        return self._begin_anew(self.computer)

    def _change_over(self) -> None:
        self.computer, self._other = self._other, self.computer
        self._office = self.computer.office

    async def _copy(self) -> bool:
        """Copy all to the other computer, and go on with one of them; whether that is the copy."""
        marker = self._random.random() < 0.7
        await self._other.copy_from(self.computer, marker=marker)
        self.counts["copies"] += 1
        self.what = f"copy {'with' if marker else 'without'} its marker"
        goes_there = self._random.random() < 0.6
        if goes_there:
            self._begin_anew(self._other)
        if self._random.random() < 0.7:
            self.counts["copies beside the first"] += 1
            await self._beside(goes_there=goes_there)
        if goes_there:
            self.counts["copies that go on"] += 1
            self._change_over()
        else:
            # What the copy has asked is of no bot any more.
            self.lives.asked_since = self._newest_message()
        return goes_there

    async def _beside(self, *, goes_there: bool) -> None:
        """Both serve for a while, and both are killed, or the first: then the copy goes on as it is."""
        if is_over(newest_recovery(self._office)):
            # People don't know of it, and go on.
            self._working.set()
        self.lives.undecided = True
        # What waits in the copy is sent by the first.
        self._browser.running = True
        first, second = await self._spawn(), await self._other.office.spawn()
        with suppress(AssertionError, TimeoutError):
            await asyncio.wait_for(second.ready(), PATIENCE)
        await second.runs_on(self._random.uniform(0, 2.5))
        await self._end_by_kill(first)
        if goes_there and self._random.random() < 0.5:
            self.counts["copies that serve on"] += 1
            self._kept = second
        else:
            await self._end_by_kill(second)
            self.kills += 1
        self._working.clear()
        self.lives.undecided = False

    async def _end_by_kill(self, bot: BotProcess) -> None:
        bot.kill()
        self._ended(await bot.ended(), -signal.SIGKILL, bot)

    # --- moves ------------------------------------------------------------------------------------------------------

    async def _move(self) -> bool:
        """Move it to the other computer, or bring it back before it has arrived there."""
        file = self._new_file(".move")
        if not await self._done(self.computer, "move", str(file), killed=self._random.random() < 0.3):
            # It runs as before, or, where it was done but for the last word, not at all.
            bot = await self._spawn()
            if not await self._refuses(bot):
                await self._end_by_kill(bot)
                return False
            return await self._undo_move()
        passphrase = passphrase_in(self.what)
        if self._random.random() < 0.3:
            return await self._undo_move()
        if self._random.random() < 0.3 and not await self._refuses(bot := await self._spawn()):
            self.result.wrong.append(f"it was moved, and runs:\n{bot.said}")
        self._other.clear()
        while not await self._done(
            self._other, "restore", str(file), typed=passphrase, killed=self._random.random() < 0.2
        ):
            pass
        self.counts["moves that have arrived"] += 1
        self._change_over()
        return self._begin_anew(self.computer)

    async def _undo_move(self) -> bool:
        while not await self._done(self.computer, "move", "--undo", killed=self._random.random() < 0.2):
            pass
        self.counts["moves brought back"] += 1
        return self._begin_anew(self.computer)

    @staticmethod
    async def _refuses(bot: BotProcess) -> bool:
        """Whether it ends, as one that was moved away does."""
        with suppress(AssertionError):
            await bot.ready()
            return False
        return await bot.ended() == MOVED_AWAY

"""The commands: parse, call, print.

A command's parts are imported when it is known to be wanted, since to import all of them takes most of a start's time,
and memory for as long as the bot runs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.arguments import parser
from bot.errors import AlreadyRunning, OtherBot, PartEnded, Refused, Retired, SchemaTooNew, SettingError, StorageError
from bot.garbage import collect_again, no_collecting
from bot.logs import install_hooks, log_to_file, set_up_logging
from bot.stop_signals import stopped_by_signals
from bot.terminal import confirmed, passphrase, say

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

#: 3: another process serves the database or the token, the database belongs to another bot, or all was moved away. 4:
#: the database was written by a newer version of this program. From 2 on starting the bot again does not help.
OK, NOT_RIGHT, WRONG_SETTING, ALREADY_RUNNING, TOO_NEW = 0, 1, 2, 3, 4
#: Seconds that the end may take beyond what an import that is under way may.
END_BEYOND = 15.0
#: What is true of ``run`` whatever became of a commit: the next start goes on from there.
_NOT_STARTED = "The bot can't start"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 well, 1 not right, 2 a wrong setting, 3 the bot runs already, 4 a newer database."""
    known = parser()
    given = sys.argv[1:] if arguments is None else arguments
    if not given:
        known.print_help()
        return WRONG_SETTING
    parsed = known.parse_args(given)
    command = parsed.command
    set_up_logging("INFO")
    install_hooks()
    if command == "demo":
        return _demo(parsed.language)
    if command == "restore" and not parsed.file.is_file():
        # On a new computer there are no settings yet, and this is what is wrong.
        return _fail(f"There is no file {parsed.file}: nothing was changed.", NOT_RIGHT)
    if command == "restore" and _is_moved(parsed.file):
        return _arrive(parsed.file)
    upkeep: dict[str, Callable[[Settings], int]] = {
        "check": _check_running if parsed.command == "check" and parsed.running else _check,
        "status": _status,
        "restore": lambda settings: _restore(settings, parsed.file),
        "recover": _recover,
        "move": lambda settings: _undo_move(settings) if parsed.undo else _move(settings, parsed.file),
        "rebind": _rebind,
        "backup": lambda settings: _back_up(settings, parsed.file),
        "new-key": lambda settings: _new_key(settings, sure=parsed.yes),
        "station": lambda settings: _take_station(settings, parsed.name),
        "forget": lambda settings: _forget(settings, parsed.id, sure=parsed.yes),
    }
    if command in upkeep:
        return _with_settings(upkeep[command])
    with no_collecting():
        return _with_settings(lambda settings: _run(settings, quiet=parsed.quiet))


def _demo(language: str) -> int:
    from bot.demonstration import demonstrate

    async def until_asked_to_stop() -> None:
        chatting = asyncio.create_task(demonstrate(language))

        def leave() -> None:
            # Its folder is removed on the way out; a second signal, as a closing terminal sends, must not end that.
            if not chatting.cancelling():
                chatting.cancel()

        with stopped_by_signals(leave), suppress(asyncio.CancelledError):
            await chatting

    asyncio.run(until_asked_to_stop())
    return OK


def _with_settings(command: Callable[[Settings], int]) -> int:
    from bot.settings import load_settings

    try:
        settings = load_settings()
    except SettingError as error:
        return _fail(str(error), WRONG_SETTING)
    set_up_logging(settings.log_level, settings.secrets)
    if command not in {_check, _check_running, _status}:
        # The table that it prints has them; and the other is called again and again.
        for warning in (*settings.warnings, *settings.risks):
            say(f"Warning: {warning}")
    return command(settings)


def _check(settings: Settings) -> int:
    from bot.checks import check

    return asyncio.run(check(settings))


def _check_running(settings: Settings) -> int:
    from datetime import UTC, datetime

    from bot.sign_of_life import how_it_runs

    right, said = how_it_runs(settings, datetime.now(UTC))
    say(f"The bot is {said}.")
    return OK if right else NOT_RIGHT


def _status(settings: Settings) -> int:
    from bot.status_command import status_of

    try:
        said = asyncio.run(status_of(settings))
    except SettingError as error:
        return _fail(str(error), WRONG_SETTING)
    except StorageError as error:
        return _fail(f"The status can't be read: {error}.", NOT_RIGHT)
    print(said)  # noqa: T201 - what a person at the terminal reads
    return OK


def _run(settings: Settings, *, quiet: bool) -> int:
    async def serve() -> None:
        # Held by now, so that no other process writes that file.
        _log_to_file(settings, quiet=quiet)
        await _serve(settings)

    return _holding(settings, serve, _NOT_STARTED)


def _log_to_file(settings: Settings, *, quiet: bool) -> None:
    if settings.log is None:
        return
    try:
        log_to_file(settings.log, settings.secrets, alone=quiet)
    except OSError as error:
        # No reason not to serve: standard error has the log.
        say(f"Warning: the log can't be written to {settings.log.path} ({error.strerror}): look at LOG_FILE.")


def _back_up(settings: Settings, to: Path | None) -> int:
    from bot.upkeep import back_up_by_hand

    # Beside a bot that serves, so nothing is held.
    return _done(lambda: asyncio.run(back_up_by_hand(settings, to, say)), "The database was not backed up")


def _restore(settings: Settings, backup: Path) -> int:
    from bot.restoring import restore

    return _holding(settings, lambda: restore(settings, backup, say), "The backup was not restored")


def _is_moved(file: Path) -> bool:
    from bot.storage.sealed import is_sealed

    return is_sealed(file)


def _arrive(file: Path) -> int:
    from bot.arriving import arrive

    def found(settings: Settings) -> None:
        set_up_logging(settings.log_level, settings.secrets)

    return _done(lambda: arrive(file, passphrase(), say, found), "Nothing was restored")


def _move(settings: Settings, to: Path) -> int:
    from bot.moving import move

    return _holding(settings, lambda: move(settings, to, say), "Nothing was moved")


def _undo_move(settings: Settings) -> int:
    from bot.moving import undo_move

    return _holding(settings, lambda: undo_move(settings, say), "Nothing was changed", retired=True)


def _recover(settings: Settings) -> int:
    from bot.recovering import recover_at_terminal

    # Beside a bot that serves, as the answers in the chat.
    return _done(lambda: asyncio.run(recover_at_terminal(settings, say, confirmed)), "Nothing was changed")


def _rebind(settings: Settings) -> int:
    from bot.upkeep import move_to_this_bot

    return _holding(settings, lambda: move_to_this_bot(settings, say), "The database was not moved")


def _new_key(settings: Settings, *, sure: bool) -> int:
    from bot.new_key import new_key

    return _holding(settings, lambda: new_key(settings, say, sure=sure), "The key was not changed")


def _take_station(settings: Settings, name: str) -> int:
    from bot.upkeep import take_station

    return _holding(settings, lambda: take_station(settings, name, say), "Nothing was taken over")


def _forget(settings: Settings, user_id: int, *, sure: bool) -> int:
    from bot.person import forget_person

    ask = (lambda _: True) if sure else confirmed
    return _holding(settings, lambda: forget_person(settings, user_id, say, ask), "Nobody was forgotten")


def _holding(
    settings: Settings, work: Callable[[], Coroutine[Any, Any, None]], failed: str, *, retired: bool = False
) -> int:
    """Do what only one process may do at a time, and none where all was moved away unless ``retired``; the status."""
    from bot.process_lock import hold
    from bot.storage.retirement import refuse_retired
    from bot.storage.url import engine_url

    def held() -> None:
        with hold(settings):
            if not retired:
                refuse_retired(settings.database_file, engine_url(settings.database_url.get_secret_value()))
            asyncio.run(work())

    return _done(held, failed)


def _done(work: Callable[[], None], failed: str) -> int:
    """Do it; the exit status."""
    try:
        work()
    except SettingError as error:
        return _fail(str(error), WRONG_SETTING)
    except (AlreadyRunning, OtherBot, Retired) as error:
        return _fail(str(error), ALREADY_RUNNING)
    except (PartEnded, Refused) as error:
        return _fail(str(error), NOT_RIGHT)
    except SchemaTooNew as error:
        return _fail(f"{failed}: {error}.", TOO_NEW)
    except StorageError as error:
        known = failed == _NOT_STARTED or not error.maybe_committed
        doubt = f"It is not known whether this was done: {error}. Check before you try again."
        return _fail(f"{failed}: {error}." if known else doubt, NOT_RIGHT)
    return OK


async def _serve(settings: Settings) -> None:
    from bot.app import App
    from bot.sign_of_life import sign_file
    from bot.upkeep import say_what_waits_elsewhere
    from bot.watch import Watch

    stop = asyncio.Event()

    def asked_to_stop() -> None:
        if not stop.is_set():
            say("Stopping. What is being imported right now is waited for.")
        stop.set()

    watch = Watch(sign_file(settings), settings.ixbrowser_timeout + END_BEYOND, stop.set)
    with stopped_by_signals(asked_to_stop), watch.watching():
        app = App(settings, heartbeats=watch.heartbeats)
        collect_again()
        try:
            prepared = await app.prepare_once_reachable(stop, lambda why: say(f"Waiting: {why}. Ctrl-C stops the bot."))
        except BaseException:
            await app.close()
            raise
        if prepared:
            await say_what_waits_elsewhere(app, say)
            # Telegram may be out of reach for long; what is waited for there is no part of the start.
            watch.serves()
            await app.serve(stop, ready=lambda: say("The bot is running. Ctrl-C stops it."))
        else:
            await app.close()
        if watch.fault is not None:
            raise watch.fault


def _fail(text: str, status: int) -> int:
    say(text)
    return status

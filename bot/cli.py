"""The commands: parse, call, print.

A command's parts are imported when it is known to be wanted, since to import all of them takes most of a start's time,
and memory for as long as the bot runs.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from bot.arguments import parser
from bot.errors import AlreadyRunning, OtherBot, PartEnded, Refused, SchemaTooNew, SettingError, StorageError
from bot.logs import install_hooks, log_to_file, set_up_logging
from bot.stop_signals import stopped_by_signals

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

#: 3: another process serves the database or the token, or the database belongs to another bot. 4: the database was
#: written by a newer version of this program. From 2 on starting the bot again does not help.
OK, NOT_RIGHT, WRONG_SETTING, ALREADY_RUNNING, TOO_NEW = 0, 1, 2, 3, 4
#: Seconds that the end may take beyond what an import that is under way may.
END_BEYOND = 15.0


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
    upkeep: dict[str, Callable[[Settings], int]] = {
        "check": _check_running if parsed.command == "check" and parsed.running else _check,
        "status": _status,
        "restore": lambda settings: _restore(settings, parsed.file),
        "recover": _recover,
        "rebind": _rebind,
        "backup": lambda settings: _back_up(settings, parsed.file),
        "new-key": lambda settings: _new_key(settings, sure=parsed.yes),
        "station": lambda settings: _take_station(settings, parsed.name),
        "forget": lambda settings: _forget(settings, parsed.id, sure=parsed.yes),
    }
    if command in upkeep:
        return _with_settings(upkeep[command])
    with _no_collecting():
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
            _say(f"Warning: {warning}")
    return command(settings)


def _check(settings: Settings) -> int:
    from bot.checks import check

    return asyncio.run(check(settings))


def _check_running(settings: Settings) -> int:
    from datetime import UTC, datetime

    from bot.sign_of_life import how_it_runs

    right, said = how_it_runs(settings, datetime.now(UTC))
    _say(f"The bot is {said}.")
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

    return _holding(settings, serve, "The bot can't start")


def _log_to_file(settings: Settings, *, quiet: bool) -> None:
    if settings.log is None:
        return
    try:
        log_to_file(settings.log, settings.secrets, alone=quiet)
    except OSError as error:
        # No reason not to serve: standard error has the log.
        _say(f"Warning: the log can't be written to {settings.log.path} ({error.strerror}): look at LOG_FILE.")


def _back_up(settings: Settings, to: Path | None) -> int:
    from bot.upkeep import back_up_by_hand

    # Beside a bot that serves, so nothing is held.
    return _done(lambda: asyncio.run(back_up_by_hand(settings, to, _say)), "The database was not backed up")


def _restore(settings: Settings, backup: Path) -> int:
    from bot.restoring import restore

    return _holding(settings, lambda: restore(settings, backup, _say), "The backup was not restored")


def _recover(settings: Settings) -> int:
    from bot.recovering import recover_at_terminal

    # Beside a bot that serves, as the answers in the chat.
    return _done(lambda: asyncio.run(recover_at_terminal(settings, _say, _confirmed)), "Nothing was changed")


def _rebind(settings: Settings) -> int:
    from bot.upkeep import move_to_this_bot

    return _holding(settings, lambda: move_to_this_bot(settings, _say), "The database was not moved")


def _new_key(settings: Settings, *, sure: bool) -> int:
    from bot.new_key import new_key

    return _holding(settings, lambda: new_key(settings, _say, sure=sure), "The key was not changed")


def _take_station(settings: Settings, name: str) -> int:
    from bot.upkeep import take_station

    return _holding(settings, lambda: take_station(settings, name, _say), "Nothing was taken over")


def _forget(settings: Settings, user_id: int, *, sure: bool) -> int:
    from bot.person import forget_person

    ask = (lambda _: True) if sure else _confirmed
    return _holding(settings, lambda: forget_person(settings, user_id, _say, ask), "Nobody was forgotten")


def _confirmed(question: str) -> bool:
    """Whether the person at the terminal says yes."""
    _say(question)
    with suppress(EOFError):
        return input().strip().lower() in {"y", "yes"}
    return False


def _holding(settings: Settings, work: Callable[[], Coroutine[Any, Any, None]], failed: str) -> int:
    """Do what only one process may do at a time; the exit status."""
    from bot.process_lock import hold

    def held() -> None:
        with hold(settings):
            asyncio.run(work())

    return _done(held, failed)


def _done(work: Callable[[], None], failed: str) -> int:
    """Do it; the exit status."""
    try:
        work()
    except SettingError as error:
        return _fail(str(error), WRONG_SETTING)
    except (AlreadyRunning, OtherBot) as error:
        return _fail(str(error), ALREADY_RUNNING)
    except (PartEnded, Refused) as error:
        return _fail(str(error), NOT_RIGHT)
    except SchemaTooNew as error:
        return _fail(f"{failed}: {error}.", TOO_NEW)
    except StorageError as error:
        return _fail(f"{failed}: {error}.", NOT_RIGHT)
    return OK


async def _serve(settings: Settings) -> None:
    from bot.app import App
    from bot.sign_of_life import sign_file
    from bot.upkeep import say_what_waits_elsewhere
    from bot.watch import Watch

    stop = asyncio.Event()

    def asked_to_stop() -> None:
        if not stop.is_set():
            _say("Stopping. What is being imported right now is waited for.")
        stop.set()

    watch = Watch(sign_file(settings), settings.ixbrowser_timeout + END_BEYOND, stop.set)
    with stopped_by_signals(asked_to_stop), watch.watching():
        app = App(settings, heartbeats=watch.heartbeats)
        _collect_again()
        try:
            prepared = await app.prepare_once_reachable(
                stop, lambda why: _say(f"Waiting: {why}. Ctrl-C stops the bot.")
            )
        except BaseException:
            await app.close()
            raise
        if prepared:
            await say_what_waits_elsewhere(app, _say)
            # Telegram may be out of reach for long; what is waited for there is no part of the start.
            watch.serves()
            await app.serve(stop, ready=lambda: _say("The bot is running. Ctrl-C stops it."))
        else:
            await app.close()
        if watch.fault is not None:
            raise watch.fault


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Collect no garbage until ``_collect_again``, or the end of the block.

    The start makes next to none: to look for it took a sixth of its processor time (measured).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _collect_again() -> None:
    """Collect garbage, but among what is made from here on: modules and parts, some hundred thousand objects, stay.

    To look through them again and again, with everybody waiting, took a tenth of the processor time (measured).
    """
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - what a person at the terminal reads


def _fail(text: str, status: int) -> int:
    _say(text)
    return status

"""Logging: what comes out holds no secret, forges no line, and stops nothing."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import re
import subprocess
import sys
import threading
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import RedactingFormatter, install_hooks, set_up_logging

TOKEN = "123456789:AAH-planted_token_planted_token_pl"
CODE = "76686828-89727101"
PROXY = "socks5://ana:planted-password@proxy.example:1080"


@pytest.fixture
def log() -> io.StringIO:
    """What is logged, from DEBUG on, with the hooks installed."""
    stream = io.StringIO()
    set_up_logging("DEBUG", [TOKEN, PROXY], stream)
    install_hooks()
    return stream


def clean(log: io.StringIO) -> str:
    text = log.getvalue()
    assert "planted" not in text
    assert "76686828" not in text
    assert text
    return text


FORMATTER = RedactingFormatter([TOKEN, PROXY])


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("planted")

    __repr__ = __str__


def raise_chain() -> None:
    try:
        int(f"no bot {TOKEN}")
    except ValueError as error:
        error.add_note(f"while importing {CODE}")
        raise RuntimeError(f"cannot reach {PROXY}") from error


def test_a_record_is_one_line_with_time_level_logger_and_text(log: io.StringIO) -> None:
    record = logging.makeLogRecord({"name": "bot.app", "levelname": "INFO", "msg": "hello %s", "args": ("Ana",)})
    record.created = 1769860800.0125
    assert RedactingFormatter().format(record) == "2026-01-31T12:00:00.012Z INFO bot.app: hello Ana"
    logging.getLogger("bot.app").info("hello %s", "Ana")
    assert log.getvalue().endswith(" INFO bot.app: hello Ana\n")


@pytest.mark.parametrize(
    "args",
    [
        ("%s and %s and %s", TOKEN, CODE, PROXY),
        ("%r", {"token": TOKEN, "codes": [CODE], "proxy": PROXY}),
        (f"{TOKEN} {CODE} {PROXY}",),
        ("%s", f"{CODE} {TOKEN} {PROXY}".encode()),
        ("%s", ExceptionGroup("several", [ValueError(TOKEN), OSError(CODE)])),
        (ValueError(TOKEN, CODE),),
    ],
)
def test_no_secret_comes_out_of_messages_and_arguments(args: tuple[object, ...], log: io.StringIO) -> None:
    logging.getLogger("bot").warning(*args)
    assert clean(log).count("\n") == 1


def test_no_secret_comes_out_of_tracebacks_chains_and_notes(log: io.StringIO) -> None:
    try:
        raise_chain()
    except RuntimeError:
        logging.getLogger("bot").exception("failed for %s", CODE, stack_info=True)
    text = clean(log)
    assert "The above exception was the direct cause" in text
    assert "while importing 7668••••-••••7101" in text
    assert "cannot reach •••" in text


@given(before=st.text(max_size=20), after=st.text(max_size=20), as_argument=st.booleans(), in_exception=st.booleans())
def test_no_secret_comes_out_whatever_stands_around_it(
    before: str, after: str, as_argument: bool, in_exception: bool
) -> None:
    text = f"{before}{TOKEN}{after}{CODE}{before}{PROXY}{after}"
    error = ValueError(text) if in_exception else None
    record = logging.LogRecord(
        "bot", logging.INFO, __file__, 1, "%s" if as_argument else text.replace("%", "%%"),
        (text,) if as_argument else ("one too many",), (ValueError, error, None) if error else None,
    )  # fmt: skip
    line = FORMATTER.format(record)
    assert "planted" not in line
    assert CODE not in line


@given(st.text())
def test_nobodys_name_passes_for_a_line_of_the_log(name: str) -> None:
    error = ValueError(name)
    record = logging.LogRecord("bot", logging.INFO, __file__, 1, "hello %s", (name,), (ValueError, error, None))
    lines = FORMATTER.format(record).splitlines()
    assert " INFO bot: hello " in lines[0]
    assert all(line.startswith("  | ") for line in lines[1:])
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize(
    ("message", "args"),
    [("%d", ("planted",)), ("%s %s", ("planted",)), ("%s", (Unspeakable(),)), (Unspeakable(), ())],
)
def test_a_record_without_a_text_says_where_it_came_from(message: object, args: tuple[object, ...]) -> None:
    record = logging.LogRecord("bot", logging.INFO, __file__, 7, message, args, None)
    assert re.fullmatch(r"INFO bot: the record at test_logs\.py:7 has no text \(\w+Error\)", FORMATTER.format(record))


def test_a_stream_that_cannot_be_written_stops_nothing_and_leaks_nothing(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    log.close()
    logging.getLogger("bot").info("code %s", CODE)
    assert capsys.readouterr() == ("", "")


def test_standard_error_is_where_it_goes_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO")
    logging.getLogger("bot").info("code %s", CODE)
    assert "code 7668••••-••••7101" in capsys.readouterr().err


def test_set_up_again_it_replaces_itself(log: io.StringIO) -> None:
    later = io.StringIO()
    set_up_logging("WARNING", stream=later)
    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")
    assert log.getvalue() == ""
    assert later.getvalue().count("loud") == 1
    assert "quiet" not in later.getvalue()


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("telegram.ext.ExtBot", "INFO"),
        ("aiohttp.client", "INFO"),
        ("psycopg", "INFO"),
        ("asyncio", "INFO"),
        ("sqlalchemy.engine.Engine", "WARNING"),
        ("httpx", "WARNING"),
        ("httpcore.connection", "WARNING"),
    ],
)
def test_loggers_that_print_values_stay_quiet_whatever_level_is_asked_for(
    name: str, level: str, log: io.StringIO
) -> None:
    assert logging.getLevelName(logging.getLogger(name).getEffectiveLevel()) == level
    logging.getLogger(name).debug("planted")
    assert log.getvalue() == ""
    set_up_logging("ERROR", stream=log)
    assert logging.getLogger(name).getEffectiveLevel() == logging.ERROR


def test_an_uncaught_error_is_logged(log: io.StringIO) -> None:
    try:
        raise_chain()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "CRITICAL bot.logs: The program ends" in clean(log)
    assert "in raise_chain" in clean(log)


def test_an_interrupt_is_logged_without_a_traceback(log: io.StringIO) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert clean(log).endswith("WARNING bot.logs: Interrupted.\n")


def test_an_uncaught_error_of_a_thread_is_logged(log: io.StringIO) -> None:
    thread = threading.Thread(target=raise_chain, name="helper")
    thread.start()
    thread.join()
    assert "Thread helper ended" in clean(log)


def test_a_thread_that_exits_is_nothing_to_log(log: io.StringIO) -> None:
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert log.getvalue() == ""


def test_an_error_in_a_destructor_is_logged(log: io.StringIO) -> None:
    class Falling:
        def __del__(self) -> None:
            raise_chain()

    Falling()
    gc.collect()
    assert "Exception ignored" in clean(log)


def test_an_error_that_a_task_took_with_it_is_logged(log: io.StringIO) -> None:
    async def lose_a_task() -> None:
        async def fail() -> None:
            raise_chain()

        task = asyncio.create_task(fail())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(lose_a_task())
    assert "ERROR asyncio: Task exception was never retrieved" in clean(log)


def test_a_warning_is_logged(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"deprecated: {TOKEN} {CODE}", stacklevel=1)
    assert "WARNING py.warnings: " in clean(log)


@pytest.mark.parametrize("secrets", [[], [TOKEN]])
def test_a_process_that_dies_of_a_refused_token_does_not_print_it(secrets: list[str]) -> None:
    program = (
        "import sys\n"
        "from telegram.error import InvalidToken\n"
        "from bot.logs import install_hooks, set_up_logging\n"
        "set_up_logging('DEBUG', sys.argv[2:])\n"
        "install_hooks()\n"
        "raise InvalidToken(f'The token `{sys.argv[1]}` was rejected by the server.')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, TOKEN, *secrets], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "InvalidToken" in ended.stderr
    assert "planted" not in ended.stderr + ended.stdout
